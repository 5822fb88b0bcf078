import CryptoExtras
import NIOSSL

extension PrivateKeyPEM {
    /// Opens the key. A pass phrase for a key that needs none is not used.
    func signingKey(passPhrase: Secret?) throws(CredentialsError) -> SigningKey {
        switch content {
        case .plain(let der): try Self.signingKey(fromDER: der, source: source)
        case .encrypted(let block): try Self.signingKey(fromDER: decrypted(block, passPhrase), source: source)
        }
    }

    private static func signingKey(fromDER der: [UInt8], source: String) throws(CredentialsError) -> SigningKey {
        // The lenient initialiser takes 1024 bits and more, so that a short key can be told from a broken one.
        guard let key = try? _RSA.Signing.PrivateKey(unsafeDERRepresentation: der) else {
            if let other = KeyAlgorithm(namedIn: der) {
                throw KeyProblem.otherAlgorithm(other.rawValue).error(in: source)
            }
            throw KeyProblem.damaged.error(in: source)
        }
        guard key.keySizeInBits >= SigningKey.minimumBits else {
            throw KeyProblem.tooShort(bits: key.keySizeInBits).error(in: source)
        }
        return SigningKey(key)
    }

    /// The DER inside an encrypted block, by way of NIOSSL: swift-crypto does not say what was inside when it was
    /// not RSA.
    private func decrypted(_ block: String, _ passPhrase: Secret?) throws(CredentialsError) -> [UInt8] {
        guard let passPhrase, !passPhrase.text.isEmpty else { throw KeyProblem.passPhraseMissing.error(in: source) }
        // NIOSSL turns each byte into a C char by a checked conversion, which traps above 127 where char is signed.
        guard passPhrase.text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw KeyProblem.passPhraseNotASCII.error(in: source)
        }
        let phrase = Array(passPhrase.text.utf8)
        guard
            let key = try? NIOSSLPrivateKey(bytes: Array(block.utf8), format: .pem, passphraseCallback: { $0(phrase) })
        else {
            if let der = Self.der(ofBlock: block), KeyAlgorithm.isScrypt(der) {
                throw KeyProblem.scrypt.error(in: source)
            }
            throw KeyProblem.passPhraseWrong.error(in: source)
        }
        // The older encoding it gives has no form for some algorithms; for RSA it always has.
        guard let der = try? key.derBytes else {
            throw KeyProblem.otherAlgorithm("a key that is not RSA").error(in: source)
        }
        return der
    }
}
