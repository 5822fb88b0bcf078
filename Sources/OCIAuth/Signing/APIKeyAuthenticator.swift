import Foundation

/// Signs with an API key, which is valid until its owner removes it.
///
/// The configuration and the key are read again when they change, so that a rotated key needs no restart.
actor APIKeyAuthenticator: Authenticator {
    private var current: FileBacked<RequestSigner>

    init(_ signer: FileBacked<RequestSigner>) {
        current = signer
    }

    func signer() throws(CredentialsError) -> RequestSigner {
        try current.value()
    }

    func wasRejected(_ signer: RequestSigner) {
        current.forget()
    }

    func expiration() -> Date? { nil }
}

extension APIKeyAuthenticator: SecretHolder {
    nonisolated var description: String { "APIKeyAuthenticator" }
}
