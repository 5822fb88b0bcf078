import Foundation
import HTTP
import OCIAuth

/// The error of a failed call: what failed, why, and what to do.
public struct ServiceError: Error, Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// A parameter is outside its documented range. Nothing was sent.
        case invalidRequest
        /// The request cannot be signed because of the key, the token or the configuration. Nothing was sent.
        case credentials
        /// The session token has expired. Nothing was sent, or the service rejected the request.
        case expiredToken
        /// 401, and the clocks differ by more than five minutes. Positive: the local clock is ahead of the service's.
        case clockSkew(seconds: Int)
        /// 401 for any other reason.
        case unauthorized
        /// 403.
        case forbidden
        /// 404: a wrong id, no permission, or an older API version.
        case notFound
        /// 400.
        case badRequest
        /// 414: too many job keys in one request.
        case uriTooLong
        /// 429: too many requests.
        case rateLimited
        /// 5xx.
        case server
        /// Any other status outside 200–299, including redirects.
        case unexpectedStatus
        /// 2xx, but the body is not the documented JSON.
        case malformedResponse
        /// The body is larger than the limit.
        case responseTooLarge
        /// The head and the body did not arrive before the timeout.
        case timedOut
        /// The host name could not be resolved.
        case nameResolution
        /// Nothing listens at the address.
        case connectionRefused
        /// The proxy cannot be reached, or it rejects the connection.
        case proxy
        /// The proxy does not accept the user and password.
        case proxyAuthentication
        /// The connection ended before the answer was complete.
        case connectionLost
        /// The certificate was not accepted, or the TLS handshake failed.
        case tls
        /// The caller cancelled the call.
        case cancelled
    }

    /// The name of the operation in the API: `recentJobRuns`.
    public var operation: String
    public var kind: Kind
    /// The HTTP status; `nil` if there was no response.
    public var status: Int?
    /// The service's `code`, from the documented `Error` object.
    public var code: String?
    /// The `message` of the service or the transport. The text is untrusted.
    public var message: String?
    /// The service's `opc-request-id`, or the client's if the service sent none.
    public var opcRequestID: String?
    /// The earliest time to retry, from `Retry-After`. A 429 or a 503 may have this header.
    public var retryAt: Date?
    /// The number of attempts that were made: 0 if nothing was sent.
    public var attempts: Int
    /// For an operation that changes something: true if the service may have carried it out, because the answer to an
    /// attempt is lost or does not say. False if nothing was changed.
    public var mayHaveBeenCarriedOut = false
    /// What the user can do, in one or two sentences. Empty if there is nothing to do but wait.
    public var advice: String

    public init(
        operation: String, kind: Kind, status: Int? = nil, code: String? = nil, message: String? = nil,
        opcRequestID: String? = nil, retryAt: Date? = nil, attempts: Int = 0, advice: String = ""
    ) {
        self.operation = operation
        self.kind = kind
        self.status = status
        self.code = code
        self.message = message
        self.opcRequestID = opcRequestID
        self.retryAt = retryAt
        self.attempts = attempts
        self.advice = advice
    }
}

extension ServiceError.Kind {
    /// The kind for a call that could not be signed.
    init(_ error: CredentialsError) {
        switch error.kind {
        case .expiredToken: self = .expiredToken
        case .configuration, .syntax, .unreadableFile, .key, .unsupported, .unreachable, .refused:
            self = .credentials
        }
    }

    /// The kind for a request without a complete answer.
    init(_ kind: TransportError.Kind) {
        switch kind {
        case .timedOut: self = .timedOut
        case .nameResolution: self = .nameResolution
        case .connectionRefused: self = .connectionRefused
        case .proxy: self = .proxy
        case .proxyAuthentication: self = .proxyAuthentication
        case .connectionLost: self = .connectionLost
        case .tls: self = .tls
        case .malformedResponse: self = .malformedResponse
        case .responseTooLarge: self = .responseTooLarge
        case .cancelled: self = .cancelled
        }
    }
}

extension ServiceError {
    /// Whether the service may have carried out the operation although the attempt failed: the answer is lost, or it is
    /// not the service's own. A 3xx or 4xx other than 408 changed nothing.
    var leavesOutcomeOpen: Bool {
        if let status, 300..<500 ~= status { return status == 408 }
        return switch kind {
        case .timedOut, .connectionLost, .malformedResponse, .responseTooLarge, .server, .unexpectedStatus, .cancelled:
            true
        case .invalidRequest, .credentials, .expiredToken, .clockSkew, .unauthorized, .forbidden, .notFound,
            .badRequest, .uriTooLong, .rateLimited, .nameResolution, .connectionRefused, .proxy, .proxyAuthentication,
            .tls:
            false
        }
    }
}
