import Foundation
import HTTP

/// An attempt that failed: why, and the pause the service asked for.
struct FailedAttempt: Error {
    var error: ServiceError
    var retryAfter: Duration?

    init(_ error: ServiceError, retryAfter: Duration? = nil) {
        self.error = error
        self.retryAfter = retryAfter
    }
}

extension FailedAttempt {
    /// Reads a response whose status is not a success.
    ///
    /// - Parameters:
    ///   - signed: this machine's clock when the attempt was signed: a skew is judged by what was sent.
    ///   - arrived: this machine's clock when the response was there: the service's pause counts from then.
    init(_ reply: HTTPReply, operation: Operation, signed: Date, arrived: Date) {
        let serviceNow = reply.header("date").flatMap(HTTPDate.date)
        let retryAfter = reply.header("retry-after").flatMap { RetryAfter.pause($0, now: serviceNow ?? arrived) }
        let retryAt = retryAfter.map(arrived.adding)
        let kind = Self.kind(reply.status, skew: serviceNow.map(signed.timeIntervalSince), until: retryAt)
        let body = ErrorBody(reply.body)
        var error = ServiceError(
            operation: operation.name, kind: kind, status: reply.status, code: body.code, message: body.message,
            opcRequestID: reply.requestID, retryAt: retryAt, advice: kind.advice)
        if 300..<400 ~= reply.status {
            let location = reply.header("location").map { " to \($0.bounded(to: 120).onOneLine)" } ?? ""
            error.message = "the endpoint redirects\(location)"
            error.advice = "runtop does not follow redirects with a signed request: check the endpoint."
        }
        if kind == .server, let until = retryAfter {
            error.advice = "The service asks to wait \(until.spoken)."
        }
        self.init(error, retryAfter: retryAfter)
    }

    /// Five minutes: the difference of the clocks that the service accepts.
    private static let allowedSkew = 300.0

    private static func kind(_ status: Int, skew: TimeInterval?, until: Date?) -> ServiceError.Kind {
        switch status {
        case 400: .badRequest
        case 401:
            if let skew, skew.magnitude > allowedSkew, let seconds = Int(exactly: skew.rounded()) {
                .clockSkew(seconds: seconds)
            } else {
                .unauthorized
            }
        case 403: .forbidden
        case 404: .notFound
        case 414: .uriTooLong
        case 429: .rateLimited(until: until)
        case 500...599: .server
        default: .unexpectedStatus
        }
    }
}

extension HTTPReply {
    /// The service's `opc-request-id`, at most 200 characters of it.
    var requestID: String? { header("opc-request-id")?.bounded(to: 200).onOneLine }
}

extension Date {
    fileprivate func adding(_ pause: Duration) -> Date { addingTimeInterval(pause / .seconds(1)) }
}
