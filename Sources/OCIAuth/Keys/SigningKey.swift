import Crypto
import CryptoExtras
import Foundation

/// The private RSA key that requests are signed with.
struct SigningKey: Sendable {
    /// The shortest modulus that OCI accepts, in bits.
    static let minimumBits = 2048

    let fingerprint: KeyFingerprint
    private let key: _RSA.Signing.PrivateKey

    init(_ key: _RSA.Signing.PrivateKey) {
        self.key = key
        self.fingerprint = KeyFingerprint(ofPublicKey: key.publicKey.derRepresentation)
    }

    /// RSASSA-PKCS1-v1_5 over SHA-256, in base64.
    ///
    /// The library calls this padding insecure because it is so for encryption; for signatures the service accepts no
    /// other.
    func signature(of message: [UInt8]) throws(CredentialsError) -> String {
        do {
            let signature = try key.signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
            return signature.rawRepresentation.base64EncodedString()
        } catch {
            throw CredentialsError(
                "The private key with fingerprint \(fingerprint) could not sign.",
                advice: "Check the key with `openssl rsa -check -noout -in KEY_FILE`.", kind: .key)
        }
    }
}

extension SigningKey: SecretHolder {
    var description: String { "SigningKey(\(fingerprint))" }
}
