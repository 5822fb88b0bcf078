import Foundation

/// Who we are, now: hands out the signer for the next attempt.
///
/// Credentials change while a dashboard runs for months: a session token is renewed on disk, a principal's
/// certificate is rotated. So a signer is asked for on every attempt and never kept.
public protocol Authenticator: Sendable {
    /// The signer to use for one attempt, made from what is on disk (or in the environment) now.
    func signer() async throws(CredentialsError) -> RequestSigner

    /// Tells that the service answered 401 to this signer, so that whatever can be read anew is read anew.
    func wasRejected(_ signer: RequestSigner) async

    /// When the credentials in use end, where they do (a session token's `exp`).
    func expiration() async -> Date?

    /// Why they were not renewed when that was tried last, where it failed.
    func renewalFailure() async -> CredentialsError?
}

extension Authenticator {
    public func renewalFailure() async -> CredentialsError? { nil }
}
