import Foundation
import HTTP

extension ServiceError: LocalizedError {
    /// What failed and why, in one sentence: `recentJobRuns: 401 NotAuthenticated: The required information…`.
    ///
    /// It may quote the service: sanitize it before you show it. Its length is limited.
    public var summary: String {
        let answer = [status.map(String.init), code].compactMap { $0 }.joined(separator: " ")
        return [operation, answer, message ?? kind.summary].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    public var errorDescription: String? { summary }
    public var recoverySuggestion: String? { advice.isEmpty ? nil : advice }

    /// Whether the same request may succeed if it is sent again soon.
    ///
    /// True for timeouts, connection errors, 408, 429, 5xx except 501, and 409 with one of its two temporary codes.
    public var isRetryable: Bool {
        switch kind {
        case .timedOut, .nameResolution, .connectionRefused, .proxy, .connectionLost, .rateLimited: true
        case .server: status != 501
        case .unexpectedStatus:
            status == 408 || (status == 409 && ["IncorrectState", "LockConflict"].contains(code))
        case .invalidRequest, .credentials, .expiredToken, .clockSkew, .unauthorized, .forbidden, .notFound,
            .badRequest,
            .uriTooLong, .malformedResponse, .responseTooLarge, .proxyAuthentication, .tls, .cancelled:
            false
        }
    }
}

extension ServiceError {
    /// Whether the service's message says that the token has expired: `The security token has expired.`
    var saysTokenExpired: Bool {
        guard let message = message?.lowercased() else { return false }
        return message.contains("token") && message.contains("expired")
    }
}

extension ServiceError.Kind {
    /// A short description of the kind, for an error without a message.
    var summary: String {
        switch self {
        case .invalidRequest: "a parameter is out of its range"
        case .credentials: "the request cannot be signed"
        case .expiredToken: "the session token has expired"
        case .clockSkew: "this machine's clock is wrong"
        case .unauthorized: "the service does not accept the signature"
        case .forbidden: "the service does not allow it"
        case .notFound: "not found"
        case .badRequest: "the service refuses the request"
        case .uriTooLong: "too many job keys in one request"
        case .rateLimited: "too many requests"
        case .server: "the service failed"
        case .unexpectedStatus: "the service answered with an unexpected status"
        case .malformedResponse: "the answer is not the documented JSON"
        case .responseTooLarge: "the answer is too large"
        case .timedOut: "no complete answer in time"
        case .nameResolution: "the name of the host was not found"
        case .connectionRefused: "the connection was refused"
        case .proxy: "the proxy cannot be used"
        case .proxyAuthentication: "the proxy does not accept the user and password"
        case .connectionLost: "the connection was lost"
        case .tls: "the TLS handshake failed"
        case .cancelled: "cancelled"
        }
    }

    /// What the user can do. Empty if there is nothing to do but wait.
    var advice: String {
        switch self {
        case .expiredToken: Self.renewal
        case .clockSkew(let seconds):
            "This machine's clock is \(Self.span(seconds)) \(seconds > 0 ? "ahead of" : "behind") the service's: set it."
        case .unauthorized:
            "Check the profile's user, tenancy and fingerprint, and that its public key is uploaded."
        case .forbidden: "Ask for a policy or a workspace role that allows you to read job runs."
        case .notFound:
            Self.adviceNotFound(apiVersion: Endpoint.defaultAPIVersion)
        case .uriTooLong: "Ask for fewer job keys at once."
        case .rateLimited: "Try again later; the dashboard slows down automatically."
        case .timedOut: TransportError.Kind.timedOut.advice
        case .nameResolution: TransportError.Kind.nameResolution.advice
        case .connectionRefused: TransportError.Kind.connectionRefused.advice
        case .proxy: TransportError.Kind.proxy.advice
        case .proxyAuthentication: TransportError.Kind.proxyAuthentication.advice
        case .connectionLost: TransportError.Kind.connectionLost.advice
        case .tls: TransportError.Kind.tls.advice
        case .malformedResponse: TransportError.Kind.malformedResponse.advice
        case .responseTooLarge: TransportError.Kind.responseTooLarge.advice
        case .unexpectedStatus: "Check the endpoint."
        case .invalidRequest, .credentials, .badRequest, .server, .cancelled: ""
        }
    }

    /// The advice for a 429 whose `Retry-After` gives a time.
    static func adviceRateLimited(until moment: Date) -> String {
        "The service asks to wait until \(moment.formatted(clock)) UTC."
    }

    /// The possible reasons of a 404, which depend on the API version of the request.
    static func adviceNotFound(apiVersion: String) -> String {
        let (which, other) =
            apiVersion == Endpoint.defaultAPIVersion
            ? ("an older", Endpoint.olderAPIVersion) : ("a newer", Endpoint.defaultAPIVersion)
        return "Wrong instance id or workspace key, no permission, or an instance on \(which) API version "
            + "(try --api-version \(other))."
    }

    /// The advice for a 401.
    ///
    /// - Parameters:
    ///   - renewal: how to get a new token, if the request was signed with one.
    ///   - saysExpired: whether the service says that the token has expired.
    static func adviceUnauthorized(renewal: String?, saysExpired: Bool) -> String {
        if let renewal { return (saysExpired ? "" : "The service does not accept the token. ") + renewal }
        return saysExpired ? Self.renewal : Self.unauthorized.advice
    }

    /// For a profile that is not known.
    private static let renewal =
        "Run `oci session authenticate`, or `oci session refresh` before a session ends; runtop reads the new token."

    private static var clock: Date.VerbatimFormatStyle {
        .init(
            format:
                "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    }

    /// The nearest whole number of minutes or hours.
    private static func span(_ seconds: Int) -> String {
        let minutes = (seconds.magnitude + 30) / 60
        return minutes < 120 ? "\(minutes) minutes" : "\((minutes + 30) / 60) hours"
    }
}
