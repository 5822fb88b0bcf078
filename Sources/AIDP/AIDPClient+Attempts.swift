import Foundation
import HTTP
import Logging
import OCIAuth

/// A call, which may take several attempts.
struct Call: Sendable {
    var operation: WorkflowOperation
    /// Path and query, encoded.
    var target: String
    /// The JSON of a POST.
    var body: [UInt8]?
    /// Headers that the call adds to the usual ones. They are the same in every attempt.
    var headers: [(name: String, value: String)] = []
}

/// A response with a 2xx status, and the number of attempts.
struct CallReply: Sendable {
    var reply: HTTPReply
    var sentRequestID: String
    var attempts: Int
}

extension AIDPClient {
    /// Sends attempts until one succeeds, the retry policy gives up, or the budget is spent.
    func answer(to call: Call) async throws(ServiceError) -> CallReply {
        let (start, budget) = (dependencies.uptime(), budget)
        var attempts = 0
        var mayRenew = true
        // Whether the service may have carried out a mutation in one of the attempts so far.
        var isOpen = false
        while true {
            let remaining = budget - (dependencies.uptime() - start)
            let sending: Sending
            do throws(CredentialsError) {
                sending = try await sign(call)
            } catch {
                logger.warning("\(call.operation.name) not sent: \(error.problem)")
                var unsigned = ServiceError(error, operation: call.operation, attempts: attempts)
                unsigned.mayHaveBeenCarriedOut = isOpen
                throw unsigned
            }
            attempts += 1
            var failed: FailedAttempt
            do throws(FailedAttempt) {
                let reply = try await send(sending, attempt: attempts, timeout: min(settings.timeout, remaining))
                return CallReply(reply: reply, sentRequestID: sending.requestID, attempts: attempts)
            } catch {
                failed = error
            }
            failed.error.attempts = attempts
            if call.operation.isMutation {
                failed.error = failed.error.ofMutation
                isOpen = isOpen || failed.error.leavesOutcomeOpen
                failed.error.mayHaveBeenCarriedOut = isOpen
            }
            if call.operation.isMutation && failed.error.status == 409 { throw failed.error }
            if failed.error.status == 401 {
                switch await authenticator.credentials(afterRejectionOf: sending.signed) {
                case .renewed where mayRenew && attempts < settings.retry.maximumAttempts:
                    mayRenew = false
                    continue
                case .unusable(let credentials): throw failed.error.explained(by: credentials)
                case .renewed, .unchanged: throw failed.error
                }
            }
            try await pause(after: failed, left: budget - (dependencies.uptime() - start))
        }
    }

    /// Waits before the next attempt. Throws the error of the failed attempt when the retry policy gives up.
    private func pause(after failed: FailedAttempt, left: Duration) async throws(ServiceError) {
        let decision = settings.retry.decision(
            after: failed.error, retryAfter: failed.retryAfter, attempt: failed.error.attempts, remaining: left,
            fraction: dependencies.randomFraction)
        guard case .retry(let pause) = decision else { throw failed.error }
        do {
            try await dependencies.sleep(pause)
        } catch {
            var cancelled = ServiceError(
                operation: failed.error.operation, kind: .cancelled, message: TransportError.cancelled.message,
                opcRequestID: failed.error.opcRequestID, attempts: failed.error.attempts)
            cancelled.mayHaveBeenCarriedOut = failed.error.mayHaveBeenCarriedOut
            throw cancelled
        }
    }

    /// One signed attempt, not yet sent.
    private struct Sending {
        var call: Call
        var date: Date
        var requestID: String
        var signed: SignedHeaders
    }

    private func sign(_ call: Call) async throws(CredentialsError) -> Sending {
        let date = dependencies.now()
        let signed = try await authenticator.sign(
            SignableRequest(
                method: call.operation.method, target: call.target, host: endpoint.host, date: date,
                body: call.body.map { .init(contentType: "application/json", bytes: $0) }))
        return Sending(call: call, date: date, requestID: dependencies.newRequestID, signed: signed)
    }

    private func send(_ sending: Sending, attempt: Int, timeout: Duration) async throws(FailedAttempt) -> HTTPReply {
        let operation = sending.call.operation
        let headers =
            sending.signed.headers + [
                ("accept", "application/json"), ("accept-encoding", "gzip, deflate"),
                ("user-agent", settings.userAgent), ("opc-request-id", sending.requestID),
            ] + sending.call.headers
        let request = HTTPRequest(
            operation.method, to: endpoint.base, target: sending.call.target, headers: headers,
            body: sending.call.body)
        let start = dependencies.uptime()
        let reply: HTTPReply
        do throws(TransportError) {
            reply = try await transport.send(request, timeout: timeout)
        } catch {
            log(sending, request, attempt, since: start, .failed(error.message), nil)
            throw FailedAttempt(
                ServiceError(
                    operation: operation.name, kind: .init(error.kind), message: error.message.bounded(to: 300),
                    opcRequestID: sending.requestID, advice: error.advice))
        }
        log(sending, request, attempt, since: start, .answered(status: reply.status), reply)
        guard 200..<300 ~= reply.status else {
            var failed = FailedAttempt(
                reply, operation: operation, signed: sending.date, arrived: dependencies.now())
            failed.error.opcRequestID = failed.error.opcRequestID ?? sending.requestID
            switch failed.error.kind {
            case .notFound: failed.error.advice = ServiceError.Kind.adviceNotFound(apiVersion: endpoint.apiVersion)
            case .unauthorized:
                failed.error.advice = ServiceError.Kind.adviceUnauthorized(
                    renewal: sending.signed.renewal, saysExpired: failed.error.saysTokenExpired)
            default: break
            }
            throw failed
        }
        return reply
    }

    /// Reports the outcome of an attempt to the log and the observer.
    private func log(
        _ sending: Sending, _ request: HTTPRequest, _ attempt: Int, since start: Duration,
        _ outcome: RequestRecord.Outcome, _ reply: HTTPReply?
    ) {
        let record = RequestRecord(
            operation: sending.call.operation.name, method: request.method, target: request.loggedTarget,
            attempt: attempt, duration: dependencies.uptime() - start, outcome: outcome,
            sentRequestID: sending.requestID, opcRequestID: reply?.requestID, bytes: reply?.body.count ?? 0,
            serverDate: reply?.header("date").flatMap(HTTPDate.date))
        let isGood = if case .answered(200..<300) = outcome { true } else { false }
        logger.log(
            level: isGood ? .info : .warning, "\(record.line)",
            metadata: [
                "opc-request-id": "\(record.opcRequestID ?? "")", "opc-client-request-id": "\(record.sentRequestID)",
                "bytes": "\(record.bytes)",
            ])
        observer?.attemptEnded(RecordedExchange(record: record, request: request, reply: reply))
    }
}

extension ServiceError {
    /// A call that could not be signed. This attempt was not sent.
    init(_ error: CredentialsError, operation: WorkflowOperation, attempts: Int) {
        self.init(
            operation: operation.name, kind: Kind(error), message: error.problem, attempts: attempts,
            advice: error.advice)
    }

    /// The error of an operation that changes something. If the outcome is unknown, the advice says so.
    fileprivate var ofMutation: ServiceError {
        var error = self
        switch kind {
        case .timedOut, .connectionLost, .malformedResponse, .responseTooLarge:
            error.advice = "The operation may have been carried out: check the run before you retry."
        default: break
        }
        return error
    }

    /// A 401 after which the client read the credentials again and could not use them: they become the reason.
    fileprivate func explained(by credentials: CredentialsError) -> ServiceError {
        var error = self
        error.kind = Kind(credentials)
        error.message = [message, credentials.problem].compactMap { $0 }.joined(separator: " – ")
        error.advice = credentials.advice
        return error
    }
}
