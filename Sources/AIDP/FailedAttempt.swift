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
    init(_ reply: HTTPReply, operation: WorkflowOperation, signed: Date, arrived: Date) {
        let serviceNow = reply.header("date").flatMap(HTTPDate.date)
        let retryAfter = reply.header("retry-after").flatMap { RetryAfter.pause($0, now: serviceNow ?? arrived) }
        let retryAt = retryAfter.map(arrived.adding)
        let kind = Self.kind(reply.status, skew: serviceNow.map(signed.timeIntervalSince))
        let body = ErrorBody(reply.body)
        var error = ServiceError(
            operation: operation.name, kind: kind, status: reply.status, code: body.code, message: body.message,
            opcRequestID: reply.requestID, retryAt: retryAt, advice: kind.advice)
        if 300..<400 ~= reply.status {
            let location = reply.header("location").map { " to \($0.bounded(to: 120).onOneLine)" } ?? ""
            error.message = "the endpoint redirects\(location)"
            error.advice = "runtop does not follow redirects with a signed request: check the endpoint."
        }
        if kind == .rateLimited, let retryAt {
            error.advice = ServiceError.Kind.adviceRateLimited(until: retryAt)
        }
        if kind == .server, let until = retryAfter {
            error.advice = "The service asks to wait \(until.spoken)."
        }
        self.init(error, retryAfter: retryAfter)
    }

    /// Five minutes: the difference of the clocks that the service accepts.
    private static let allowedSkew = 300.0

    private static func kind(_ status: Int, skew: TimeInterval?) -> ServiceError.Kind {
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
        case 429: .rateLimited
        case 500...599: .server
        default: .unexpectedStatus
        }
    }
}

extension Date {
    fileprivate func adding(_ pause: Duration) -> Date { addingTimeInterval(pause / .seconds(1)) }
}

/// Reads the `Retry-After` header: seconds, or an HTTP date.
enum RetryAfter {
    /// The pauses that are accepted: from one second to a quarter of an hour.
    static let bounds: ClosedRange<Duration> = .seconds(1) ... .seconds(15 * 60)

    /// The pause asked for, within bounds; `nil` when the header cannot be read.
    ///
    /// - Parameter now: the service's own clock where it gave one, so that a wrong clock here does not matter.
    static func pause(_ header: String, now: Date) -> Duration? {
        let text = header.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy(\.isDigit) {
            // A number too large for an Int means the longest pause.
            return clamped(Int(text).map { .seconds(min($0, 86_400)) } ?? bounds.upperBound)
        }
        return HTTPDate.date(text).map { clamped(.seconds(min(max(0, $0.timeIntervalSince(now)), 86_400))) }
    }

    private static func clamped(_ pause: Duration) -> Duration {
        min(max(pause, bounds.lowerBound), bounds.upperBound)
    }
}
