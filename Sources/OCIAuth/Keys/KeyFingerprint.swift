import Crypto
import Foundation
import HTTP

/// The name OCI gives a key: the MD5 of its DER public key, as 16 hex pairs with colons between.
///
/// MD5 only names the key here; it is not used for security.
struct KeyFingerprint: Sendable, Equatable, CustomStringConvertible {
    /// Lower case, as the console shows it.
    let description: String

    /// The fingerprint of a public key in DER (SubjectPublicKeyInfo).
    init(ofPublicKey der: Data) {
        description = Insecure.MD5.hash(data: der)
            .map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            .joined(separator: ":")
    }

    /// A fingerprint as a person wrote it, in either case; nil when it is not 16 hex pairs.
    init?(_ text: String) {
        let pairs = text.split(separator: ":", omittingEmptySubsequences: false)
        let isHexPair = { (pair: Substring) in pair.utf8.count == 2 && pair.allSatisfy { $0.isASCII && $0.isHexDigit } }
        guard pairs.count == 16, pairs.allSatisfy(isHexPair) else { return nil }
        description = text.lowercased()
    }
}
