import Foundation

/// A session: its token, and the signer that uses it.
struct Session: Sendable {
    let token: SessionToken
    let signer: RequestSigner
}

/// Signs with a session token, which expires within the hour unless its file is renewed.
///
/// The token and its key are read again whenever one of their files changes, and after a refusal: the OCI CLI writes one
/// after the other, and a reading in between has an old key with a new token.
actor SessionTokenAuthenticator: Authenticator {
    private var current: FileBacked<Session>
    private let refresher: SessionRefresher?
    private let now: @Sendable () -> Date

    /// - Parameter refresher: refreshes the session before it expires; nil leaves that to the OCI CLI.
    init(_ session: FileBacked<Session>, refresher: SessionRefresher? = nil, now: @escaping @Sendable () -> Date) {
        current = session
        self.refresher = refresher
        self.now = now
    }

    /// - Throws: an error of kind `.expiredToken` when the token on disk has expired.
    func signer() async throws(CredentialsError) -> RequestSigner {
        var session = try current.value()
        if let refresher, await refresher.refreshesIfDue(session, at: now()) {
            session = try current.value()
        }
        do throws(CredentialsError) {
            try session.token.requireValid(at: now())
        } catch {
            throw await refresher?.explaining(error, of: session.token) ?? error
        }
        return session.signer
    }

    func wasRejected(_ signer: RequestSigner) {
        current.forget()
    }

    func expiration() -> Date? {
        (try? current.value())?.token.expiration
    }

    func renewal() async -> String? {
        (try? current.value())?.token.source.renewal
    }

    func renewalFailure() async -> CredentialsError? {
        guard let refresher, let session = try? current.value() else { return nil }
        return await refresher.failure(for: session.token)
    }
}

extension SessionTokenAuthenticator: SecretHolder {
    nonisolated var description: String { "SessionTokenAuthenticator" }
}
