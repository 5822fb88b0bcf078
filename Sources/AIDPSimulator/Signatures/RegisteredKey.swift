import Crypto
import CryptoExtras
import Foundation

/// The public half of an API key, as a user registers it with OCI.
public struct RegisteredKey: Sendable {
    public let tenancy: String
    public let user: String
    /// Sixteen colon-separated hexadecimal pairs: the MD5 of the public key's DER.
    public let fingerprint: String
    let publicKey: _RSA.Signing.PublicKey

    /// `tenancy/user/fingerprint`, which must equal a request's `keyId`.
    public var keyID: String { "\(tenancy)/\(user)/\(fingerprint)" }

    /// - Throws: `CryptoKitError` when the PEM is not an RSA public key of 2048 bits or more.
    public init(tenancy: String, user: String, publicKeyPEM: String) throws {
        self.init(tenancy: tenancy, user: user, publicKey: try _RSA.Signing.PublicKey(pemRepresentation: publicKeyPEM))
    }

    init(tenancy: String, user: String, publicKey: _RSA.Signing.PublicKey) {
        self.tenancy = tenancy
        self.user = user
        self.publicKey = publicKey
        fingerprint = KeyName.fingerprint(of: publicKey)
    }
}

/// The name of a key in OCI.
enum KeyName {
    /// Sixteen colon-separated hexadecimal pairs: the MD5 of the public key's DER.
    static func fingerprint(of key: _RSA.Signing.PublicKey) -> String {
        Insecure.MD5.hash(data: key.derRepresentation).map { UInt64($0).hex(2) }.joined(separator: ":")
    }
}
