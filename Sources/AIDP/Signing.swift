import OCIAuth

/// Signs one attempt with the credentials of that moment: what ``Authenticator`` does, in a form that a test can replace.
struct Signing: Sendable {
    /// The headers of one attempt, and what to do when the service refuses them.
    struct Signed: Sendable {
        var headers: [(name: String, value: String)]
        /// What gives a new token, one or two sentences; nil where the request is not signed with a token.
        var renewal: String?
        /// Has the credentials read again after a 401, and returns what changed.
        var wasRejected: @Sendable () async -> AfterRejection
    }

    /// The credentials as they were read again after a 401.
    enum AfterRejection: Sendable, Equatable {
        /// The same as before: a retry would get the same answer.
        case unchanged
        /// New ones, worth one more attempt.
        case renewed
        /// They cannot sign.
        case unusable(CredentialsError)
    }

    var sign: @Sendable (SignableRequest) async throws(CredentialsError) -> Signed
}

extension Signing {
    init(_ authenticator: any Authenticator) {
        sign = { (request: SignableRequest) async throws(CredentialsError) -> Signed in
            let signer = try await authenticator.signer()
            return Signed(headers: try signer.headers(signing: request), renewal: await authenticator.renewal()) {
                await authenticator.wasRejected(signer)
                do throws(CredentialsError) {
                    return try await authenticator.signer() == signer ? .unchanged : .renewed
                } catch {
                    return .unusable(error)
                }
            }
        }
    }
}

extension ServiceError.Kind {
    /// The kind of a call that could not be signed.
    init(_ error: CredentialsError) {
        switch error.kind {
        case .expiredToken: self = .expiredToken
        case .configuration, .syntax, .unreadableFile, .key, .unsupported, .unreachable, .refused:
            self = .credentials
        }
    }
}
