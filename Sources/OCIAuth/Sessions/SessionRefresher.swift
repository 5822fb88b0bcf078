import Foundation

/// Prolongs a session by `POST /v1/authentication/refresh`, as `oci session refresh` does, and writes the new token where
/// the old one was.
///
/// However many requests ask at once, one refresh is under way. A refusal is final for the token it was given to: a
/// session has a longest life, and only a sign-in starts another.
actor SessionRefresher {
    /// A token is refreshed when so many seconds are left, or half its life where that is less.
    private static let latest: TimeInterval = 600
    /// After a refresh that did not reach the service it is tried again after so many seconds, or a quarter of what is
    /// left where that is less.
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

    /// Refreshes the session if it is due, and tells whether there may be a new token on disk.
    func refreshesIfDue(_ session: Session, at now: Date) async -> Bool {
        guard isDue(session.token, at: now) else { return false }
        if let underWay { return (try? await underWay.value.get()) != nil }
        let task = Task { [service, files] in await Self.refresh(session, service: service, files: files) }
        underWay = task
        let result = await task.value
        underWay = nil
        guard case .failure(let error) = result else {
            failed = nil
            return true
        }
        failed = (session.token.text, error)
        if error.kind == .unreachable {
            let left = session.token.expiration?.timeIntervalSince(now) ?? .infinity
            nextTry = now + min(Self.pause, max(left / 4, 1))
        }
        return false
    }

    /// Why this token was not prolonged when that was tried last, where it failed.
    func failure(for token: SessionToken) -> CredentialsError? {
        failed.flatMap { $0.token == token.text ? $0.error : nil }
    }

    /// The end of a session with the reason it was not prolonged, where that is known.
    func explaining(_ error: CredentialsError) -> CredentialsError {
        guard let failed else { return error }
        var explained = error
        explained.problem += " It could not be prolonged: \(failed.error.problem)"
        return explained
    }

    private func isDue(_ token: SessionToken, at now: Date) -> Bool {
        guard let end = token.expiration, end > now, now >= nextTry else { return false }
        // A refusal is final for its token.
        if let failure = failure(for: token), failure.kind != .unreachable { return false }
        let life = token.issued.map { end.timeIntervalSince($0) } ?? .infinity
        return end.timeIntervalSince(now) <= min(Self.latest, max(life, 0) / 2)
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
                    "The refreshed session token could not be written to \(path): \(error.words).",
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
    nonisolated var description: String { "SessionRefresher(\(service.baseURL))" }
}
