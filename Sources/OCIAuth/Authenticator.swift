import Foundation

/// Signs requests, separately for each attempt.
///
/// Credentials change while a dashboard runs for months: a session token is renewed on disk, the certificate of a
/// principal is rotated. So no signature or signer is reused for another attempt.
public protocol Authenticator: Sendable {
    /// Signs one attempt with the credentials that are currently on disk or in the environment.
    func sign(_ request: SignableRequest) async throws(CredentialsError) -> SignedHeaders

    /// Reads or fetches the credentials again after the service answered 401 to these headers.
    func credentials(afterRejectionOf signed: SignedHeaders) async -> CredentialsAfterRejection

    /// When the current credentials expire, from a session token's `exp`; nil if they do not expire.
    func expiration() async -> Date?

    /// The error of the last attempt to renew the credentials; nil if it succeeded.
    func renewalFailure() async -> CredentialsError?
}

extension Authenticator {
    public func renewalFailure() async -> CredentialsError? { nil }

    /// Throws if the credentials cannot sign a request now. Sends nothing.
    package func requireUsable(at now: Date = Date()) async throws(CredentialsError) {
        _ = try await sign(SignableRequest(method: "GET", target: "/", host: "localhost", date: now))
    }
}

/// The headers of one signed attempt.
public struct SignedHeaders: Sendable {
    /// Send them unchanged: the signature covers their bytes.
    public var headers: [(name: String, value: String)]
    /// How the user gets a new token when this one has expired, in one or two sentences; nil if the request is not
    /// signed with a token.
    public var renewal: String?
    /// The signer that created the signature; nil if unknown.
    var signer: RequestSigner?

    public init(_ headers: [(name: String, value: String)], renewal: String? = nil) {
        self.headers = headers
        self.renewal = renewal
    }
}

/// The result of reading the credentials again after a 401.
public enum CredentialsAfterRejection: Sendable, Equatable {
    /// The credentials are the same: a retry would get the same answer.
    case unchanged
    /// The credentials are new: a retry may succeed.
    case renewed
    /// The new credentials cannot sign.
    case unusable(CredentialsError)
}

/// An authenticator that provides a signer for each attempt.
protocol SignerSource: Authenticator {
    /// The signer for one attempt, created from the credentials that are currently on disk or in the environment.
    func signer() async throws(CredentialsError) -> RequestSigner

    /// Reports a 401 to a request of this signer. The credentials are then read or fetched again.
    func wasRejected(_ signer: RequestSigner) async

    /// How the user gets new credentials when these have expired, in one or two sentences; nil for an API key.
    func renewal() async -> String?
}

extension SignerSource {
    func renewal() async -> String? { nil }

    func sign(_ request: SignableRequest) async throws(CredentialsError) -> SignedHeaders {
        let signer = try await signer()
        var signed = SignedHeaders(try signer.headers(signing: request), renewal: await renewal())
        signed.signer = signer
        return signed
    }

    func credentials(afterRejectionOf signed: SignedHeaders) async -> CredentialsAfterRejection {
        guard let rejected = signed.signer else { return .unchanged }
        await wasRejected(rejected)
        do throws(CredentialsError) {
            return try await signer() == rejected ? .unchanged : .renewed
        } catch {
            return .unusable(error)
        }
    }
}

/// Signs with an API key, which is valid until its owner removes it.
///
/// It reads the configuration and the key again when they change, so that a rotated key needs no restart.
actor APIKeyAuthenticator: SignerSource {
    private var current: FileBacked<RequestSigner>

    init(_ signer: FileBacked<RequestSigner>) {
        current = signer
    }

    func signer() throws(CredentialsError) -> RequestSigner {
        try current.value()
    }

    func wasRejected(_ signer: RequestSigner) {
        current.forget()
    }

    func expiration() -> Date? { nil }
}

extension APIKeyAuthenticator: SecretHolder {
    nonisolated var description: String { "APIKeyAuthenticator" }
}
