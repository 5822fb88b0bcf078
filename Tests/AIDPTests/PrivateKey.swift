import CryptoExtras

/// An RSA key from its PEM.
struct PrivateKey {
    let publicKeyPEM: String

    init(_ pem: String) throws {
        publicKeyPEM = try _RSA.Signing.PrivateKey(pemRepresentation: pem).publicKey.pemRepresentation
    }
}
