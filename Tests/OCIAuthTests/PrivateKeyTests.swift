import Testing

@testable import OCIAuth

@Suite struct PrivateKeyTests {
    private func open(_ bytes: [UInt8], _ passPhrase: Secret? = nil) throws(CredentialsError) -> SigningKey {
        try PrivateKeyPEM(bytes, source: "key file k.pem").signingKey(passPhrase: passPhrase)
    }

    @Test(
        "an unencrypted key opens without a pass phrase, and with an unnecessary one",
        arguments: ["rsa-pkcs1", "rsa-pkcs8"])
    func plain(_ name: String) throws {
        let bytes = try Fixture.key(name)
        #expect(try open(bytes).fingerprint.description == Fixture.fingerprint)
        #expect(try open(bytes, Fixture.passPhrase).fingerprint.description == Fixture.fingerprint)
        #expect(try !PrivateKeyPEM(bytes, source: "k").isEncrypted)
    }

    static let encryptedForms = [
        "rsa-dek-aes128", "rsa-dek-aes256", "rsa-dek-3des", "rsa-pbes1-3des", "rsa-pbes2-aes256",
    ]

    @Test("an encrypted key opens with its pass phrase", arguments: encryptedForms)
    func encrypted(_ name: String) throws {
        let bytes = try Fixture.key(name)
        #expect(try open(bytes, Fixture.passPhrase).fingerprint.description == Fixture.fingerprint)
        #expect(try PrivateKeyPEM(bytes, source: "k").isEncrypted)
    }

    /// The text that people and tools add around a key.
    enum Dressing: String, CaseIterable {
        case windowsLines, macLines, byteOrderMark, bagAttributes, apiKeyLabel, indented, noLastNewline

        func applied(to pem: String) -> String {
            switch self {
            case .windowsLines: pem.replacing("\n", with: "\r\n")
            case .macLines: pem.replacing("\n", with: "\r")
            case .byteOrderMark: "\u{FEFF}" + pem
            case .bagAttributes:
                "Bag Attributes\n    friendlyName: caf\u{E9}\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n"
                    + pem
            case .apiKeyLabel: pem + "OCI_API_KEY"
            case .indented: "\n  " + pem.replacing("\n", with: "\n  ")
            case .noLastNewline: String(pem.dropLast())
            }
        }
    }

    @Test("a key is found within any surrounding text", arguments: Dressing.allCases)
    func dressed(_ dressing: Dressing) throws {
        for name in ["rsa-pkcs1", "rsa-pkcs8"] + Self.encryptedForms {
            let bytes = Array(dressing.applied(to: try Fixture.keyText(name)).utf8)
            #expect(try open(bytes, Fixture.passPhrase).fingerprint.description == Fixture.fingerprint, "\(name)")
        }
    }

    @Test("an encrypted key without a pass phrase gives an error that says so", arguments: encryptedForms)
    func missing(_ name: String) throws {
        let bytes = try Fixture.key(name)
        for phrase in [nil, Secret(text: "")] {
            let error = try #require(throws: CredentialsError.self) { try open(bytes, phrase) }
            #expect(error.problem == "The key file k.pem is encrypted and there is no pass phrase for it.")
            #expect(error.advice.contains("OCI_CLI_PASSPHRASE"))
            #expect(error.kind == .key)
        }
    }

    @Test("a wrong pass phrase gives an error that says so", arguments: encryptedForms)
    func wrong(_ name: String) throws {
        let bytes = try Fixture.key(name)
        for text in ["battery staple", String(repeating: "x", count: 5000)] {
            let error = try #require(throws: CredentialsError.self) { try open(bytes, Secret(text: text)) }
            #expect(error.problem == "The pass phrase does not open the key file k.pem.")
        }
    }

    @Test("a pass phrase outside ASCII is rejected without a crash", arguments: encryptedForms)
    func notASCII(_ name: String) throws {
        let bytes = try Fixture.key(name)
        let error = try #require(throws: CredentialsError.self) { try open(bytes, Secret(text: "pässwörd")) }
        #expect(error.problem.contains("characters outside ASCII"))
    }

    @Test(
        "a file that is not an RSA private key is rejected with its own message",
        arguments: [
            ("ec-sec1", "The key file k.pem holds an elliptic-curve key; OCI signs requests with RSA."),
            ("ec-pkcs8", "The key file k.pem holds an elliptic-curve key; OCI signs requests with RSA."),
            ("ec-pbes2", "The key file k.pem holds an elliptic-curve key; OCI signs requests with RSA."),
            ("ed25519", "The key file k.pem holds an Ed25519 or Ed448 key; OCI signs requests with RSA."),
            ("ed25519-pbes2", "The key file k.pem holds a key that is not RSA; OCI signs requests with RSA."),
            ("rsa-public", "The key file k.pem holds a public key."),
            ("certificate", "The key file k.pem holds a certificate."),
            ("rsa-openssh", "The key file k.pem is in OpenSSH's own format, which OCI does not use."),
            ("rsa-scrypt", "The key file k.pem is encrypted with scrypt, which cannot be read here."),
        ])
    func refused(name: String, problem: String) throws {
        let bytes = try Fixture.key(name)
        let error = try #require(throws: CredentialsError.self) { try open(bytes, Fixture.passPhrase) }
        #expect(error.problem == problem)
        #expect(error.kind == .key)
        #expect(!error.advice.isEmpty)
    }

    @Test("the 1024-bit sample key of the documentation is too short for the service")
    func tooShort() throws {
        let bytes = Array(try SigningVectors.read().privateKeyPem.utf8)
        let error = try #require(throws: CredentialsError.self) { try open(bytes) }
        #expect(error.problem == "The RSA key in the key file k.pem has 1024 bits; OCI asks for 2048.")
    }

    @Test("a key that is cut off anywhere is an error, not a crash")
    func cutShort() throws {
        for name in ["rsa-pkcs1", "rsa-pkcs8", "rsa-dek-aes256", "rsa-pbes2-aes256"] {
            let text = try Fixture.keyText(name)
            for length in stride(from: 0, to: text.count - 8, by: 37) {
                #expect(throws: CredentialsError.self) { try open(Array(text.utf8.prefix(length)), Fixture.passPhrase) }
            }
            let gap = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            let withoutLine = gap.filter { $0.offset != 6 }.map(\.element).joined(separator: "\n")
            #expect(throws: CredentialsError.self) { try open(Array(withoutLine.utf8), Fixture.passPhrase) }
        }
    }

    @Test("a file without PEM says so", arguments: ["", "ssh-rsa AAAA", "-----BEGIN -----", "\u{0}\u{0}\u{0}"])
    func noKey(_ text: String) throws {
        let error = try #require(throws: CredentialsError.self) { try open(Array(text.utf8)) }
        #expect(error.problem == "The key file k.pem contains no PEM private key.")
    }

    @Test("the fingerprint is the one in the test vectors")
    func fingerprint() throws {
        let vectors = try SigningVectors.read()
        #expect(try vectors.key().fingerprint.description == vectors.realFingerprint)
    }

    @Test("a fingerprint is 16 hex pairs, in either case")
    func fingerprintForm() {
        #expect(KeyFingerprint(Fixture.fingerprint.uppercased())?.description == Fixture.fingerprint)
        for bad in [
            "", "fe:47", Fixture.fingerprint + ":00", "zz" + Fixture.fingerprint.dropFirst(2), "fe47fd4c0411368c",
        ] {
            #expect(KeyFingerprint(bad) == nil, "\(bad)")
        }
    }
}
