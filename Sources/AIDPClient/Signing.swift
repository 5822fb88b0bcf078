import OCIAuth

/// Signs one attempt with what the credentials are at that moment: the seam before ``Authenticator``.
struct Signing: Sendable {
    /// Headers for one attempt, and what to do should the service refuse them.
    struct Signed: Sendable {
        var headers: [(name: String, value: String)]
        /// Whether a token stands for who we are.
        var isSession = false
        /// Tells that the service answered 401, and what there is after looking again.
        var wasRejected: @Sendable () async -> AfterRejection
    }

    /// The credentials after a 401 made them be read anew.
    enum AfterRejection: Sendable, Equatable {
        /// Nothing new: asking again would bring the same answer.
        case unchanged
        /// Others, worth one more attempt.
        case renewed
        /// None that can sign.
        case unusable(CredentialsError)
    }

    var sign: @Sendable (SignableRequest) async throws(CredentialsError) -> Signed
}

extension Signing {
    init(_ authenticator: any Authenticator) {
        sign = { (request: SignableRequest) async throws(CredentialsError) -> Signed in
            let signer = try await authenticator.signer()
            return Signed(headers: try signer.headers(signing: request), isSession: signer.isSession) {
                await authenticator.wasRejected(signer)
                do throws(CredentialsError) {
                    return try await authenticator.signer().keyID == signer.keyID ? .unchanged : .renewed
                } catch {
                    return .unusable(error)
                }
            }
        }
    }
}

extension ServiceError.Kind {
    /// What credentials that cannot sign mean for a call.
    init(_ error: CredentialsError) {
        switch error.kind {
        case .expiredToken: self = .expiredToken
        case .configuration, .syntax, .unreadableFile, .key, .unsupported, .unreachable, .refused:
            self = .credentials
        }
    }
}
