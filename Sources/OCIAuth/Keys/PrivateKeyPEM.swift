import Foundation

/// The private key in a PEM file, found among whatever else the file contains, not yet decrypted.
///
/// In the wild: Windows line ends, a byte order mark, a "Bag Attributes" preamble (from PKCS#12), and the line
/// `OCI_API_KEY` that the console's own instructions add at the end.
struct PrivateKeyPEM: Sendable {
    /// What the key is wrapped in.
    enum Content: Sendable {
        /// PKCS#1 or PKCS#8, as DER.
        case plain(der: [UInt8])
        /// PKCS#1 with DEK-Info headers, or PKCS#8 PBES1 or PBES2: the PEM block alone.
        case encrypted(block: String)
    }

    let content: Content
    /// What to call it in a message: "key file /home/me/.oci/key.pem".
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

    /// The DER of an encrypted PKCS#8 block; nil where the block has headers or is not base64.
    static func der(ofBlock block: String) -> [UInt8]? {
        let body = block.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        return Data(base64Encoded: body).map { [UInt8]($0) }
    }

    /// `RSA PRIVATE KEY` of `-----BEGIN RSA PRIVATE KEY-----`; nil for any other line.
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
