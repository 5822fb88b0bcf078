import Foundation

extension ServiceError: LocalizedError {
    /// What failed and why, one sentence: `recentJobRuns: 401 NotAuthenticated: The required information…`.
    ///
    /// It may quote the service, so it is neutralised where it is shown; its length is bounded.
    public var summary: String {
        let answer = [status.map(String.init), code].compactMap { $0 }.joined(separator: " ")
        return [operation, answer, message ?? kind.words].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    public var errorDescription: String? { summary }
    public var recoverySuggestion: String? { advice.isEmpty ? nil : advice }

    /// Whether asking the same again, unchanged, may bring another answer soon.
    ///
    /// Time-outs, connection errors, 408, 429, 409 of the two codes that pass by themselves, and 5xx but 501.
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

extension ServiceError.Kind {
    /// The kind in a few words, where nobody said more.
    var words: String {
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
        case .unexpectedStatus: "the service answered with a status nobody expects"
        case .malformedResponse: "the answer is not what the contract promises"
        case .responseTooLarge: "the answer is too large"
        case .timedOut: "no complete answer in time"
        case .nameResolution: "the name of the host was not found"
        case .connectionRefused: "the connection was refused"
        case .proxy: "there is no way through the proxy"
        case .proxyAuthentication: "the proxy does not accept who we are"
        case .connectionLost: "the connection was lost"
        case .tls: "the TLS handshake failed"
        case .cancelled: "given up"
        }
    }

    /// What the operator can do, one sentence; empty when there is nothing but waiting.
    var advice: String {
        switch self {
        case .expiredToken: "Run `oci session authenticate` for this profile; the new token is picked up by itself."
        case .clockSkew(let seconds):
            "This machine's clock is \(Self.span(seconds)) \(seconds > 0 ? "ahead of" : "behind") the service's: set it."
        case .unauthorized:
            "Check the profile's user, tenancy and fingerprint, and that the public half of its key is uploaded."
        case .forbidden: "Ask for a policy or a workspace role that allows reading job runs."
        case .notFound:
            Self.adviceNotFound(apiVersion: Endpoint.defaultAPIVersion)
        case .uriTooLong: "Ask for fewer job keys at once."
        case .rateLimited(let until):
            until.map { "Rate-limited until \($0.formatted(Self.clock)) UTC." }
                ?? "Try again later; the dashboard slows down by itself."
        case .malformedResponse: "Check the endpoint: something else may be answering in the service's place."
        case .responseTooLarge: "Ask for fewer runs at once."
        case .timedOut: "If it goes on, check the network and the VPN, or allow more time with --timeout."
        case .nameResolution: "Check the region or the endpoint for a typing error, and this machine's DNS."
        case .connectionRefused: "Check the endpoint and its port: nothing listens there."
        case .proxy: "Check HTTPS_PROXY; where the service is reached without it, name its host in NO_PROXY."
        case .proxyAuthentication: "Give them in HTTPS_PROXY, as in http://user:password@host:port."
        case .connectionLost: "If it goes on, check the network, the VPN and the firewall."
        case .tls: "Check the endpoint's name, and this machine's certificate authorities and clock."
        case .unexpectedStatus: "Check the endpoint."
        case .invalidRequest, .credentials, .badRequest, .server, .cancelled: ""
        }
    }

    /// What may be behind a 404, by the version of the API that was asked for.
    static func adviceNotFound(apiVersion: String) -> String {
        let (which, other) =
            apiVersion == Endpoint.defaultAPIVersion
            ? ("an older", Endpoint.olderAPIVersion) : ("a newer", Endpoint.defaultAPIVersion)
        return "Wrong instance id or workspace key, no permission, or an instance on \(which) API version "
            + "(try --api-version \(other))."
    }

    /// A 401 for a token: no profile is to blame.
    static let adviceTokenRefused =
        "The service does not accept the token: sign in again; for a profile's session run `oci session authenticate`."

    private static var clock: Date.VerbatimFormatStyle {
        .init(
            format:
                "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    }

    private static func span(_ seconds: Int) -> String {
        let minutes = seconds.magnitude / 60
        return minutes < 120 ? "\(minutes) minutes" : "\(minutes / 60) hours"
    }
}
