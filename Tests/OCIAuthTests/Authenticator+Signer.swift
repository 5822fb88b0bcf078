@testable import OCIAuth

extension Authenticator {
    /// The signer that signs an attempt.
    func signer() async throws(CredentialsError) -> RequestSigner {
        try await (self as! any SignerSource).signer()
    }

    func wasRejected(_ signer: RequestSigner) async {
        await (self as! any SignerSource).wasRejected(signer)
    }

    func renewal() async -> String? { await (self as! any SignerSource).renewal() }
}
