import Foundation

/// Signs with a session token, which expires within an hour unless its file is renewed.
///
/// It reads the token and its key again when one of their files changes, and after a rejection: the OCI CLI writes one
/// file after the other, so that a read in between gets an old key with a new token.
actor SessionTokenAuthenticator: SignerSource {
    private var current: FileBacked<Session>
    private let refresher: SessionRefresher?
    private let now: @Sendable () -> Date

    /// - Parameter refresher: refreshes the session before it expires; nil if only the OCI CLI does that.
    init(_ session: FileBacked<Session>, refresher: SessionRefresher? = nil, now: @escaping @Sendable () -> Date) {
        current = session
        self.refresher = refresher
        self.now = now
    }

    /// - Throws: an error of kind `.expiredToken` if the token on disk has expired.
    func signer() async throws(CredentialsError) -> RequestSigner {
        var session = try current.value()
        if let refresher, await refresher.refreshIfDue(session, at: now()) {
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

/// Refreshes a session with `POST /v1/authentication/refresh`, as `oci session refresh` does, and writes the new token
/// to the file of the old one.
///
/// Concurrent requests share one refresh. If the service rejects the refresh of a token, that token is not refreshed
/// again: a session has a maximum lifetime, after which the user must sign in again. Every other failure is retried,
/// such as an unreachable service or a full disk.
actor SessionRefresher {
    /// A token is refreshed this many seconds before it expires, or after half of its lifetime if that is later.
    private static let latest: TimeInterval = 600
    /// A failed refresh is retried after this many seconds, or after a quarter of the remaining time if that is less.
    private static let pause: TimeInterval = 30

    private let service: IdentityService
    private let files: any CredentialFiles
    private var failed: (token: String, error: CredentialsError)?
    private var nextTry = Date.distantPast
    private var underWay: Task<Result<Void, CredentialsError>, Never>?

    init(service: IdentityService, files: any CredentialFiles) {
        self.service = service
        self.files = files
    }

    /// Refreshes the session if it is due. Returns whether there may be a new token on disk.
    func refreshIfDue(_ session: Session, at now: Date) async -> Bool {
        guard isDue(session.token, at: now) else { return false }
        if let underWay { return (try? await underWay.value.get()) != nil }
        let task = Task { [service, files] in await Self.refresh(session, service: service, files: files) }
        underWay = task
        let result = await task.value
        underWay = nil
        guard case .failure(let error) = result else { return true }
        failed = (session.token.text, error)
        let left = session.token.expiration?.timeIntervalSince(now) ?? .infinity
        nextTry = now + min(Self.pause, max(left / 4, 1))
        return false
    }

    /// The error of the last refresh of this token; nil if it did not fail.
    func failure(for token: SessionToken) -> CredentialsError? {
        failed.flatMap { $0.token == token.text ? $0.error : nil }
    }

    /// Adds to the error of an expired session why the token was not refreshed, if a refresh failed.
    func explaining(_ error: CredentialsError, of token: SessionToken) -> CredentialsError {
        guard let failure = failure(for: token) else { return error }
        var explained = error
        explained.problem += " It could not be refreshed: \(failure.problem)"
        return explained
    }

    private func isDue(_ token: SessionToken, at now: Date) -> Bool {
        guard let end = token.expiration, end > now, now >= nextTry else { return false }
        if failure(for: token)?.kind == .refused { return false }
        let lifetime = token.issued.map { end.timeIntervalSince($0) } ?? .infinity
        return end.timeIntervalSince(now) <= min(Self.latest, max(lifetime, 0) / 2)
    }

    private static func refresh(
        _ session: Session, service: IdentityService, files: any CredentialFiles
    ) async -> Result<Void, CredentialsError> {
        do throws(CredentialsError) {
            guard case .file(let path, _) = session.token.source, let stamp = files.stamp(of: path),
                let body = try? JSONEncoder().encode(["currentToken": session.token.text])
            else { return .success(()) }
            let bytes = try await service.token(
                from: "/v1/authentication/refresh", sending: Array(body), signedBy: session.signer, coversHost: true)
            let fresh = try SessionToken(bytes, source: session.token.source)
            do throws(FileFailure) {
                try files.replace(path, with: Array(fresh.text.utf8), ifStill: stamp)
            } catch {
                throw CredentialsError(
                    "The refreshed session token could not be written to \(path): \(error.reason).",
                    advice: "Make the file and its folder writable, or run without --refresh-session.",
                    kind: .unreadableFile(path))
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}

extension SessionRefresher: SecretHolder {
    nonisolated var description: String { "SessionRefresher(\(service.address))" }
}
