import Foundation

/// Gives the signer for the next attempt.
///
/// Credentials change while a dashboard runs for months: a session token is renewed on disk, a principal's
/// certificate is rotated. So every attempt gets a signer of its own, and none is kept.
public protocol Authenticator: Sendable {
    /// The signer to use for one attempt, made from what is on disk (or in the environment) now.
    func signer() async throws(CredentialsError) -> RequestSigner

    /// Reports that the service answered 401 to this signer, so that the credentials are read or fetched again.
    func wasRejected(_ signer: RequestSigner) async

    /// When the credentials in use expire, if they do (a session token's `exp`).
    func expiration() async -> Date?

    /// How the operator gets new credentials once these have expired, a sentence or two; nil for an API key.
    func renewal() async -> String?

    /// Why the last attempt to renew them failed; nil if it did not.
    func renewalFailure() async -> CredentialsError?
}

extension Authenticator {
    public func renewal() async -> String? { nil }
    public func renewalFailure() async -> CredentialsError? { nil }
}
