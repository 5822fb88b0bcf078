import Foundation

/// An attempt that brought nothing: why, and the pause the service asked for.
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
    /// - Parameter now: our clock when the attempt was signed.
    init(_ reply: HTTPReply, operation: Operation, now: Date) {
        let serviceNow = reply.header("date").flatMap(HTTPDate.date)
        let retryAfter = reply.header("retry-after").flatMap { RetryAfter.pause($0, now: serviceNow ?? now) }
        let kind = Self.kind(
            reply.status, skew: serviceNow.map(now.timeIntervalSince), until: retryAfter.map(now.adding))
        let body = ErrorBody(reply.body)
        var error = ServiceError(
            operation: operation.name, kind: kind, status: reply.status, code: body.code, message: body.message,
            opcRequestID: reply.requestID, advice: kind.advice)
        if 300..<400 ~= reply.status {
            let location = reply.header("location").map { " to \($0.bounded(to: 120).onOneLine)" } ?? ""
            error.message = "the endpoint redirects\(location)"
            error.advice = "runtop follows no redirect with a signed request: check the endpoint."
        }
        if kind == .server, let until = retryAfter {
            error.advice = "The service asks to wait \(until.spoken)."
        }
        self.init(error, retryAfter: retryAfter)
    }

    /// Five minutes: as far as the service lets a clock be off.
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
    /// The service's `opc-request-id`, as much of it as anyone will quote.
    var requestID: String? { header("opc-request-id")?.bounded(to: 200).onOneLine }
}

extension Date {
    fileprivate func adding(_ pause: Duration) -> Date { addingTimeInterval(pause / .seconds(1)) }
}
