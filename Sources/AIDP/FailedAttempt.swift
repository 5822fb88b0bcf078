import Foundation
import HTTP

/// The error of a failed attempt, and the value of `Retry-After`.
struct FailedAttempt: Error {
    var error: ServiceError
    var retryAfter: Duration?

    init(_ error: ServiceError, retryAfter: Duration? = nil) {
        self.error = error
        self.retryAfter = retryAfter
    }
}

extension FailedAttempt {
    /// Reads a response whose status is not 2xx.
    ///
    /// - Parameters:
    ///   - signed: the local time when the attempt was signed. The clock skew is calculated from this time.
    ///   - arrived: the local time when the response arrived. `Retry-After` counts from this time.
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

    /// The clock difference that the service accepts: five minutes, in seconds.
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

/// Parses the `Retry-After` header, which contains seconds or an HTTP date.
enum RetryAfter {
    /// A pause outside this range is set to its nearest end: from 1 second to 15 minutes.
    static let bounds: ClosedRange<Duration> = .seconds(1) ... .seconds(15 * 60)

    /// The requested pause, limited to `bounds`. `nil` if the header is invalid.
    ///
    /// - Parameter now: the service's time if known, so that a wrong local clock does not change the pause.
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
