import CryptoExtras
import Foundation

@testable import AIDPSimulator

/// Keys made once for all tests: making one takes longer than most tests.
enum Keys {
    static let user = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    static let stranger = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    static let issuer = Result { try TokenIssuer() }

    /// The registered public half of `user`.
    static func registered() throws -> RegisteredKey {
        try RegisteredKey(
            tenancy: "ocid1.tenancy.oc1..t", user: "ocid1.user.oc1..u",
            publicKeyPEM: user.get().publicKey.pemRepresentation)
    }
}
