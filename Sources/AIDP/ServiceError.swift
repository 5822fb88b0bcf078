import Foundation
import HTTP
import OCIAuth

/// Why a call failed, as a screen can show it: what failed, why, what to do.
public struct ServiceError: Error, Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// A parameter out of its documented range; nothing was sent.
        case invalidRequest
        /// The request cannot be signed: the key, the token or the configuration; nothing was sent.
        case credentials
        /// The session token has expired; nothing was sent, or the service refused it first.
        case expiredToken
        /// 401 while this machine's clock and the service's differ by more than five minutes. Positive: ours is ahead.
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
        /// Any other status outside 200–299, redirects among them.
        case unexpectedStatus
        /// A 2xx whose body is not the documented JSON.
        case malformedResponse
        /// The body was larger than the limit.
        case responseTooLarge
        /// The deadline for head and body passed.
        case timedOut
        /// The name of the host was not found.
        case nameResolution
        /// Nothing listens there.
        case connectionRefused
        /// The proxy cannot be reached, or refuses the connection.
        case proxy
        /// The proxy does not accept our user and password.
        case proxyAuthentication
        /// The connection ended in the middle.
        case connectionLost
        /// The certificate was not accepted, or the handshake failed.
        case tls
        /// The caller cancelled the call.
        case cancelled
    }

    /// The operation, by its name in the API: `recentJobRuns`.
    public var operation: String
    public var kind: Kind
    /// The HTTP status, when there was a response.
    public var status: Int?
    /// The service's `code`, from the documented Error body.
    public var code: String?
    /// The service's `message`, or the transport's; untrusted text.
    public var message: String?
    /// The service's `opc-request-id`, or the one that was sent when it gave none.
    public var opcRequestID: String?
    /// The earliest moment to retry, where the answer named one in `Retry-After`, as a 429 or a 503 may.
    public var retryAt: Date?
    /// How many attempts were made: 0 when nothing was sent.
    public var attempts: Int
    /// Of an operation that changes something: whether the service may have carried it out, because the answer of one of the
    /// attempts is lost or says nothing. Otherwise nothing was changed.
    public var mayHaveBeenCarriedOut = false
    /// What the operator can do, a sentence or two; empty when there is nothing to do but wait.
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
    /// The kind of a call that could not be signed.
    init(_ error: CredentialsError) {
        switch error.kind {
        case .expiredToken: self = .expiredToken
        case .configuration, .syntax, .unreadableFile, .key, .unsupported, .unreachable, .refused:
            self = .credentials
        }
    }

    /// The kind of an exchange without a whole answer.
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
    /// Whether an attempt that failed so may have been carried out all the same: its answer is lost, or is none of the
    /// service's own. A refusal (3xx, 4xx) changed nothing.
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
