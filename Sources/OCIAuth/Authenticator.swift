import Foundation

/// Signs requests, each attempt anew.
///
/// Credentials change while a dashboard runs for months: a session token is renewed on disk, a principal's
/// certificate is rotated. So nothing is kept from one attempt to the next.
public protocol Authenticator: Sendable {
    /// Signs one attempt with what is on disk (or in the environment) now.
    func sign(_ request: SignableRequest) async throws(CredentialsError) -> SignedHeaders

    /// Has the credentials read or fetched again after the service answered 401 to these headers.
    func credentials(afterRejectionOf signed: SignedHeaders) async -> CredentialsAfterRejection

    /// When the credentials in use expire, if they do (a session token's `exp`).
    func expiration() async -> Date?

    /// Why the last attempt to renew them failed; nil if it did not.
    func renewalFailure() async -> CredentialsError?
}

extension Authenticator {
    public func renewalFailure() async -> CredentialsError? { nil }

    /// Throws when no request can be signed now. Nothing is sent.
    package func requireUsable(at now: Date = Date()) async throws(CredentialsError) {
        _ = try await sign(SignableRequest(method: "GET", target: "/", host: "localhost", date: now))
    }
}

/// The headers of one signed attempt.
public struct SignedHeaders: Sendable {
    /// To be sent exactly as they are: the signature covers their bytes.
    public var headers: [(name: String, value: String)]
    /// How the operator gets a new token once this one has expired, a sentence or two; nil where the request is not signed
    /// with a token.
    public var renewal: String?
    /// What signed it, where that is known.
    var signer: RequestSigner?

    public init(_ headers: [(name: String, value: String)], renewal: String? = nil) {
        self.headers = headers
        self.renewal = renewal
    }
}

/// The credentials as they were read again after a 401.
public enum CredentialsAfterRejection: Sendable, Equatable {
    /// The same as before: a retry would get the same answer.
    case unchanged
    /// New ones, worth one more attempt.
    case renewed
    /// They cannot sign.
    case unusable(CredentialsError)
}

/// An authenticator that has a signer for each attempt.
protocol SignerSource: Authenticator {
    /// The signer to use for one attempt, made from what is on disk (or in the environment) now.
    func signer() async throws(CredentialsError) -> RequestSigner

    /// Reports that the service answered 401 to this signer, so that the credentials are read or fetched again.
    func wasRejected(_ signer: RequestSigner) async

    /// How the operator gets new credentials once these have expired, a sentence or two; nil for an API key.
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
/// The configuration and the key are read again when they change, so that a rotated key needs no restart.
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
