import Crypto
import CryptoExtras
import Foundation
import HTTP

/// The private RSA key that signs requests.
struct SigningKey: Sendable {
    /// The minimum length of a key in bits. OCI rejects shorter ones.
    static let minimumBits = 2048

    let fingerprint: KeyFingerprint
    private let key: _RSA.Signing.PrivateKey

    init(_ key: _RSA.Signing.PrivateKey) {
        self.key = key
        self.fingerprint = KeyFingerprint(ofPublicKey: key.publicKey.derRepresentation)
    }

    /// The RSASSA-PKCS1-v1_5 signature of the SHA-256 digest, in base64.
    ///
    /// The library calls this padding insecure because it is insecure for encryption. The service accepts no other for
    /// signatures.
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

/// OCI's identifier of a key: the MD5 of its DER public key, as 16 hexadecimal pairs with colons.
///
/// MD5 only identifies the key; security does not depend on it.
struct KeyFingerprint: Sendable, Equatable, CustomStringConvertible {
    /// In lower case, as the console shows it.
    let description: String

    /// The fingerprint of a public key in DER (SubjectPublicKeyInfo).
    init(ofPublicKey der: Data) {
        description = Insecure.MD5.hash(data: der)
            .map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            .joined(separator: ":")
    }

    /// Parses a fingerprint in upper or lower case; nil if it is not 16 hexadecimal pairs.
    init?(_ text: String) {
        let pairs = text.split(separator: ":", omittingEmptySubsequences: false)
        let isHexPair = { (pair: Substring) in pair.utf8.count == 2 && pair.allSatisfy { $0.isASCII && $0.isHexDigit } }
        guard pairs.count == 16, pairs.allSatisfy(isHexPair) else { return nil }
        description = text.lowercased()
    }
}

/// The errors of a private key.
enum KeyProblem {
    case noKey
    case damaged
    case publicKey
    case certificate
    case openSSH
    /// `what` is a noun with its article: "an elliptic-curve key".
    case otherAlgorithm(String)
    case tooShort(bits: Int)
    case passPhraseMissing
    case passPhraseWrong
    /// The user typed a wrong pass phrase in every attempt.
    case passPhraseMistyped
    case passPhraseNotASCII
    case scrypt
    case otherFingerprint(ofKey: KeyFingerprint, configured: KeyFingerprint, where: String)

    /// - Parameter source: the name of the key, as in "key file /home/me/.oci/key.pem".
    func error(in source: String) -> CredentialsError {
        let words = words(source)
        return CredentialsError(words.problem, advice: words.advice, kind: .key)
    }

    private func words(_ source: String) -> (problem: String, advice: String) {
        let newKey = "Make an RSA key with `oci setup keys` and add its public half to your user in the OCI console."
        switch self {
        case .noKey:
            return (
                "The \(source) contains no PEM private key.",
                "It should have a line that reads -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----."
            )
        case .damaged:
            return (
                "The private key in the \(source) is damaged or cut short.",
                "Copy it again, or check it with `openssl rsa -check -noout -in KEY_FILE`."
            )
        case .publicKey:
            return ("The \(source) holds a public key.", "Name the private key that belongs to it.")
        case .certificate:
            return ("The \(source) holds a certificate.", "Name the private key instead.")
        case .openSSH:
            return (
                "The \(source) is in OpenSSH's own format, which OCI does not use.",
                "If it is an RSA key, convert a copy of it: `ssh-keygen -p -m PEM -f COPY`."
            )
        case .otherAlgorithm(let what):
            return ("The \(source) holds \(what); OCI signs requests with RSA.", newKey)
        case .tooShort(let bits):
            return ("The RSA key in the \(source) has \(bits) bits; OCI asks for \(SigningKey.minimumBits).", newKey)
        case .passPhraseMissing:
            return (
                "The \(source) is encrypted and there is no pass phrase for it.",
                "Set pass_phrase in the profile, or OCI_CLI_PASSPHRASE in the environment."
            )
        case .passPhraseWrong:
            return (
                "The pass phrase does not open the \(source).",
                "Correct pass_phrase in the profile, or OCI_CLI_PASSPHRASE in the environment, which goes before it."
            )
        case .passPhraseMistyped:
            return (
                "None of the pass phrases typed opens the \(source).",
                "Try again, or check it with `openssl rsa -check -noout -in KEY_FILE`."
            )
        case .passPhraseNotASCII:
            return (
                "The pass phrase of the \(source) has characters outside ASCII, which cannot be used here.",
                "Give the key a pass phrase of plain letters, digits and signs: `openssl pkcs8 -topk8 -v2 aes256`."
            )
        case .scrypt:
            return (
                "The \(source) is encrypted with scrypt, which cannot be read here.",
                "Encrypt it with PBKDF2: `openssl pkcs8 -topk8 -v2 aes256 -in KEY_FILE -out NEW_KEY_FILE`."
            )
        case .otherFingerprint(let key, let configured, let place):
            return (
                "The \(source) has the fingerprint \(key), but \(place) says \(configured).",
                "Name the key that belongs to that fingerprint, or correct the fingerprint."
            )
        }
    }
}
