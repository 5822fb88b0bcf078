import CryptoExtras
import Foundation
import NIOSSL
import Synchronization

/// Finds the private key in a PEM file that may contain other text. Does not decrypt it.
///
/// Such text can be a byte order mark, a "Bag Attributes" preamble (from PKCS#12), and the line `OCI_API_KEY` that the
/// instructions of the OCI console add at the end. Windows line endings are accepted as well.
struct PrivateKeyPEM: Sendable {
    /// The key as it is in the file.
    enum Content: Sendable {
        /// An unencrypted PKCS#1 or PKCS#8 key, as DER.
        case plain(der: [UInt8])
        /// The PEM block of an encrypted key: PKCS#1 with DEK-Info headers, or PKCS#8 with PBES1 or PBES2.
        case encrypted(block: String)
    }

    let content: Content
    /// The name of the key in messages: "key file /home/me/.oci/key.pem".
    let source: String

    var isEncrypted: Bool {
        if case .encrypted = content { true } else { false }
    }

    init(_ bytes: [UInt8], source: String) throws(CredentialsError) {
        self.source = source
        let lines = TextLines.trimmed(String(decoding: bytes, as: UTF8.self))
        let labels = lines.compactMap(Self.label)
        guard let begin = lines.firstIndex(where: { Self.label($0)?.hasSuffix("PRIVATE KEY") == true }),
            let label = Self.label(lines[begin])
        else { throw Self.noPrivateKey(among: labels, in: source) }
        try Self.refuseOtherAlgorithms(label, in: source)
        guard let end = lines[begin...].firstIndex(of: "-----END \(label)-----") else {
            throw KeyProblem.damaged.error(in: source)
        }
        let body = lines[(begin + 1)..<end]
        if label == "ENCRYPTED PRIVATE KEY" || body.contains(where: { $0.hasPrefix("Proc-Type:") }) {
            content = .encrypted(block: lines[begin...end].joined(separator: "\n") + "\n")
        } else {
            guard let der = Data(base64Encoded: body.joined()), !der.isEmpty else {
                throw KeyProblem.damaged.error(in: source)
            }
            content = .plain(der: [UInt8](der))
        }
    }

    /// The DER of an encrypted PKCS#8 block; nil if the block has headers or is not base64.
    static func der(ofBlock block: String) -> [UInt8]? {
        let body = block.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        return Data(base64Encoded: body).map { [UInt8]($0) }
    }

    /// `RSA PRIVATE KEY` for `-----BEGIN RSA PRIVATE KEY-----`; nil for any other line.
    private static func label(_ line: String) -> String? {
        let (head, tail) = ("-----BEGIN ", "-----")
        guard line.hasPrefix(head), line.hasSuffix(tail), line.count > head.count + tail.count else { return nil }
        return String(line.dropFirst(head.count).dropLast(tail.count))
    }

    private static func noPrivateKey(among labels: [String], in source: String) -> CredentialsError {
        if labels.contains(where: { $0.hasSuffix("PUBLIC KEY") }) { return KeyProblem.publicKey.error(in: source) }
        if labels.contains("CERTIFICATE") { return KeyProblem.certificate.error(in: source) }
        return KeyProblem.noKey.error(in: source)
    }

    private static func refuseOtherAlgorithms(_ label: String, in source: String) throws(CredentialsError) {
        switch label {
        case "RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY": return
        case "OPENSSH PRIVATE KEY": throw KeyProblem.openSSH.error(in: source)
        case "EC PRIVATE KEY": throw KeyProblem.otherAlgorithm("an elliptic-curve key").error(in: source)
        default: throw KeyProblem.otherAlgorithm("a \(label.capitalized)").error(in: source)
        }
    }
}

extension PrivateKeyPEM: SecretHolder {
    var description: String { "PrivateKeyPEM(\(source))" }
}

extension PrivateKeyPEM {
    /// Returns the key, decrypted if necessary. Ignores the pass phrase if the key is not encrypted.
    func signingKey(passPhrase: Secret?) throws(CredentialsError) -> SigningKey {
        switch content {
        case .plain(let der): try Self.signingKey(fromDER: der, source: source)
        case .encrypted(let block): try Self.signingKey(fromDER: decrypted(block, passPhrase), source: source)
        }
    }

    private static func signingKey(fromDER der: [UInt8], source: String) throws(CredentialsError) -> SigningKey {
        // The lenient initializer accepts 1024 bits and more, so that short and damaged keys give different errors.
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

    /// Decrypts an encrypted block with NIOSSL and returns its DER: swift-crypto does not tell which key a block
    /// contains if it is not RSA.
    private func decrypted(_ block: String, _ passPhrase: Secret?) throws(CredentialsError) -> [UInt8] {
        guard let passPhrase, !passPhrase.text.isEmpty else { throw KeyProblem.passPhraseMissing.error(in: source) }
        // NIOSSL converts each byte to a C char, and traps above 127 on platforms where char is signed.
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
        // `derBytes` uses an older encoding, which exists for RSA but not for all other algorithms.
        guard let der = try? key.derBytes else {
            throw KeyProblem.otherAlgorithm("a key that is not RSA").error(in: source)
        }
        return der
    }
}

/// The algorithms of keys that are not RSA. The raw value is the name in messages.
enum KeyAlgorithm: String {
    case ellipticCurve = "an elliptic-curve key"
    case edwards = "an Ed25519 or Ed448 key"

    /// Finds the algorithm from the object identifiers in the DER: of the algorithm, or of the curve.
    init?(namedIn der: [UInt8]) {
        let ansiX962: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D]
        let certicomCurves: [UInt8] = [0x2B, 0x81, 0x04, 0x00]
        let (ed25519, ed448): ([UInt8], [UInt8]) = ([0x06, 0x03, 0x2B, 0x65, 0x70], [0x06, 0x03, 0x2B, 0x65, 0x71])
        if der.contains(ansiX962) || der.contains(certicomCurves) {
            self = .ellipticCurve
        } else if der.contains(ed25519) || der.contains(ed448) {
            self = .edwards
        } else {
            return nil
        }
    }

    /// Whether a PBES2 block derives its key with scrypt (RFC 7914, section 7.1).
    static func isScrypt(_ der: [UInt8]) -> Bool {
        der.contains([0x06, 0x09, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x04, 0x0B])
    }
}

/// The pass phrases that the user typed. It prompts once per key, and only while the program starts: never again when
/// the key's file changes while the dashboard runs.
final class TypedPassPhrases: Sendable {
    private let ask: @Sendable (_ prompt: String) -> String?
    private let answers = Mutex<(known: [String: Secret], mayAsk: Bool)>(([:], true))

    init(_ ask: @escaping @Sendable (_ prompt: String) -> String?) { self.ask = ask }

    /// The number of attempts for one key, as with `ssh`.
    private static let mostTries = 3

    /// Decrypts a key with the pass phrase that was typed for it, or prompts for one.
    ///
    /// - Throws: what is wrong with the key, or that the pass phrase is missing if none was typed.
    func open(_ pem: PrivateKeyPEM) throws(CredentialsError) -> SigningKey {
        let (known, mayAsk) = answers.withLock { ($0.known[pem.source], $0.mayAsk) }
        if known != nil || !mayAsk { return try pem.signingKey(passPhrase: known) }
        var prompt = "Pass phrase of the \(pem.source): "
        var triesLeft = Self.mostTries
        while true {
            let typed = ask(prompt).map(Secret.init(text:))
            do throws(CredentialsError) {
                let key = try pem.signingKey(passPhrase: typed)
                answers.withLock { $0.known[pem.source] = typed }
                return key
            } catch {
                let wasWrong = error == KeyProblem.passPhraseWrong.error(in: pem.source)
                guard wasWrong else { throw error }
                triesLeft -= 1
                guard triesLeft > 0 else { throw KeyProblem.passPhraseMistyped.error(in: pem.source) }
                prompt = "Wrong pass phrase. Pass phrase of the \(pem.source): "
            }
        }
    }

    /// Stops prompting. Later calls use only the pass phrases that have been typed.
    func close() { answers.withLock { $0.mayAsk = false } }
}

extension TypedPassPhrases: SecretHolder {
    var description: String { "TypedPassPhrases" }
}
