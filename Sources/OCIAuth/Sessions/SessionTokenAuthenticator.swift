import Foundation

/// A session: its token, and the signer that uses it.
struct Session: Sendable {
    let token: SessionToken
    let signer: RequestSigner
}

/// Signs with a session token, which ends within the hour unless something renews its file.
///
/// The token and its key are read again whenever one of their files changes, and after a refusal: the OCI command
/// line writes them one after the other, and a reading in between mixes an old key with a new token.
actor SessionTokenAuthenticator: Authenticator {
    private var current: FileBacked<Session>
    private let refresher: SessionRefresher?
    private let now: @Sendable () -> Date

    /// - Parameter refresher: prolongs the session before it ends; nil leaves that to the OCI command line.
    init(_ session: FileBacked<Session>, refresher: SessionRefresher? = nil, now: @escaping @Sendable () -> Date) {
        current = session
        self.refresher = refresher
        self.now = now
    }

    /// - Throws: an error of kind `.expiredToken` when the token on disk has ended.
    func signer() async throws(CredentialsError) -> RequestSigner {
        var session = try current.value()
        if let refresher, await refresher.refreshesIfDue(session, at: now()) {
            session = try current.value()
        }
        do throws(CredentialsError) {
            try session.token.requireValid(at: now())
        } catch {
            throw await refresher?.explaining(error) ?? error
        }
        return session.signer
    }

    func wasRejected(_ signer: RequestSigner) {
        current.forget()
    }

    func expiration() -> Date? {
        (try? current.value())?.token.expiration
    }

    func renewalFailure() async -> CredentialsError? {
        guard let refresher, let session = try? current.value() else { return nil }
        return await refresher.failure(for: session.token)
    }
}

extension SessionTokenAuthenticator: SecretHolder {
    nonisolated var description: String { "SessionTokenAuthenticator" }
}
