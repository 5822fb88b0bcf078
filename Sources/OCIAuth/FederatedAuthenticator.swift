import Foundation

/// Signs with a session that is fetched over the network, and fetches a new one before it expires.
///
/// Concurrent requests share one fetch. If a fetch fails, the current session stays in use until it expires. A token
/// that the service rejected is replaced once, not after every rejection.
actor FederatedAuthenticator: SignerSource {
    /// A session is replaced this many seconds before it expires.
    private static let margin: TimeInterval = 60
    /// The minimum seconds between a failed fetch and the next one, and between a fetch and a new one because of a 401.
    private static let pause: TimeInterval = 5

    private let fetch: @Sendable () async -> Result<Session, CredentialsError>
    private let now: @Sendable () -> Date
    private var session: (value: Session, fetched: Date)?
    private var failure: (error: CredentialsError, at: Date)?
    private var wasRefused = false
    private var underWay: Task<Result<Session, CredentialsError>, Never>?

    init(now: @escaping @Sendable () -> Date, fetch: @escaping @Sendable () async throws(CredentialsError) -> Session) {
        self.now = now
        self.fetch = {
            do throws(CredentialsError) { return .success(try await fetch()) } catch { return .failure(error) }
        }
    }

    func signer() async throws(CredentialsError) -> RequestSigner {
        if let session, !isDue(session.value.token) { return session.value.signer }
        switch await fetched() {
        case .success(let session): return session.signer
        case .failure(let error):
            if let session, !wasRefused, (session.value.token.expiration ?? .distantFuture) > now() {
                return session.value.signer
            }
            throw error
        }
    }

    func wasRejected(_ signer: RequestSigner) {
        guard let session, session.value.signer == signer,
            now().timeIntervalSince(session.fetched) >= Self.pause
        else { return }
        wasRefused = true
    }

    func expiration() -> Date? { session?.value.token.expiration }

    func renewal() async -> String? { session?.value.token.source.renewal }

    private func isDue(_ token: SessionToken) -> Bool {
        wasRefused || (token.expiration ?? .distantFuture).timeIntervalSince(now()) <= Self.margin
    }

    private func fetched() async -> Result<Session, CredentialsError> {
        if let failure, abs(now().timeIntervalSince(failure.at)) < Self.pause { return .failure(failure.error) }
        if let underWay { return await underWay.value }
        let task = Task { [fetch] in await fetch() }
        underWay = task
        let result = await task.value
        underWay = nil
        switch result {
        case .success(let fresh):
            session = (fresh, now())
            (failure, wasRefused) = (nil, false)
        case .failure(let error): failure = (error, now())
        }
        return result
    }
}

extension FederatedAuthenticator: SecretHolder {
    nonisolated var description: String { "FederatedAuthenticator" }
}
