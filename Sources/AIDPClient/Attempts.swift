import Foundation
import Logging
import OCIAuth

/// One call: what is asked for, whatever number of attempts it takes.
struct Call: Sendable {
    var operation: ListOperation
    /// Path and query, encoded.
    var target: String
}

/// A response with a 2xx status, and what it took.
struct Answer: Sendable {
    var reply: HTTPReply
    var sentRequestID: String
    var attempts: Int
}

extension AIDPClient {
    /// Makes attempts until one succeeds, the policy gives up, or the budget is spent.
    func answer(to call: Call) async throws(ServiceError) -> Answer {
        let start = surroundings.uptime()
        var attempts = 0
        var mayRenew = true
        while true {
            let remaining = settings.budget - (surroundings.uptime() - start)
            let sending: Sending
            do throws(CredentialsError) {
                sending = try await sign(call)
            } catch {
                throw ServiceError(error, operation: call.operation, attempts: attempts)
            }
            attempts += 1
            var failed: FailedAttempt
            do throws(FailedAttempt) {
                let reply = try await send(sending, timeout: min(settings.timeout, remaining))
                return Answer(reply: reply, sentRequestID: sending.requestID, attempts: attempts)
            } catch {
                failed = error
            }
            failed.error.attempts = attempts
            log(failed.error)
            if failed.error.status == 401 {
                switch await sending.signed.wasRejected() {
                case .renewed where mayRenew && attempts < settings.retry.maximumAttempts:
                    mayRenew = false
                    continue
                case .unusable(let credentials): throw failed.error.explained(by: credentials)
                case .renewed, .unchanged: throw failed.error
                }
            }
            try await pause(after: failed, left: settings.budget - (surroundings.uptime() - start))
        }
    }

    /// Waits as the policy says, or throws the error when it gives up.
    private func pause(after failed: FailedAttempt, left: Duration) async throws(ServiceError) {
        let decision = settings.retry.decision(
            after: failed.error, retryAfter: failed.retryAfter, attempt: failed.error.attempts, remaining: left,
            fraction: surroundings.randomFraction)
        guard case .retry(let pause) = decision else { throw failed.error }
        do {
            try await surroundings.sleep(pause)
        } catch {
            throw ServiceError(
                operation: failed.error.operation, kind: .cancelled, message: TransportError.cancelled.message,
                opcRequestID: failed.error.opcRequestID, attempts: failed.error.attempts)
        }
    }

    /// One signed attempt, not yet sent.
    private struct Sending {
        var call: Call
        var date: Date
        var requestID: String
        var signed: Signing.Signed
    }

    private func sign(_ call: Call) async throws(CredentialsError) -> Sending {
        let date = surroundings.now()
        let signed = try await signing.sign(
            SignableRequest(method: "GET", target: call.target, host: endpoint.host, date: date))
        return Sending(call: call, date: date, requestID: surroundings.newRequestID, signed: signed)
    }

    private func send(_ sending: Sending, timeout: Duration) async throws(FailedAttempt) -> HTTPReply {
        let operation = sending.call.operation
        let headers =
            sending.signed.headers + [
                ("accept", "application/json"), ("accept-encoding", "gzip, deflate"),
                ("user-agent", settings.userAgent), ("opc-request-id", sending.requestID),
            ]
        let reply: HTTPReply
        do throws(TransportError) {
            reply = try await transport.send(
                HTTPRequest(target: sending.call.target, headers: headers), timeout: timeout)
        } catch {
            throw FailedAttempt(
                ServiceError(
                    operation: operation.name, kind: error.kind, message: error.message.bounded(to: 300),
                    opcRequestID: sending.requestID, advice: error.kind.advice))
        }
        guard 200..<300 ~= reply.status else {
            var failed = FailedAttempt(reply, operation: operation, now: sending.date)
            failed.error.opcRequestID = failed.error.opcRequestID ?? sending.requestID
            throw failed
        }
        return reply
    }

    private func log(_ error: ServiceError) {
        logger.debug(
            "attempt failed",
            metadata: [
                "operation": "\(error.operation)", "attempt": "\(error.attempts)", "kind": "\(error.kind.words)",
                "status": "\(error.status ?? 0)", "opc-request-id": "\(error.opcRequestID ?? "")",
            ])
    }
}

extension ServiceError {
    /// A call that could not be signed: nothing was sent, or nothing more.
    init(_ error: CredentialsError, operation: ListOperation, attempts: Int) {
        self.init(
            operation: operation.name, kind: Kind(error), message: error.problem, attempts: attempts,
            advice: error.advice)
    }

    /// A 401 whose reason turned out to be here: the credentials, looked at again, cannot sign.
    fileprivate func explained(by credentials: CredentialsError) -> ServiceError {
        var error = self
        error.kind = Kind(credentials)
        error.message = [message, credentials.problem].compactMap { $0 }.joined(separator: " – ")
        error.advice = credentials.advice
        return error
    }
}
