import AIDPSimulator
import Foundation
import Testing

@testable import OCIAuth

/// One API key in every format, configured in every way. The simulator knows the public key and accepts requests signed
/// with the private key.
@Suite("An API key over HTTP")
struct KeyFormatTests {
    private static let keys = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "OCIAuthTests/Fixtures/keys")

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: keys.appending(path: name), encoding: .utf8)
    }

    private static func registered() throws -> RegisteredKey {
        try RegisteredKey(tenancy: "ocid1.tenancy.t", user: "ocid1.user.u", publicKeyPEM: text("rsa-public.pem"))
    }

    /// The environment variables that name the user.
    private static func variables(_ key: RegisteredKey) -> [String: String] {
        [
            "OCI_CLI_TENANCY": key.tenancy, "OCI_CLI_USER": key.user, "OCI_CLI_FINGERPRINT": key.fingerprint,
            "OCI_CLI_REGION": "iad",
        ]
    }

    @Test(
        "signs in, in every format",
        arguments: [
            "rsa-pkcs1", "rsa-pkcs8", "rsa-dek-3des", "rsa-dek-aes128", "rsa-dek-aes256", "rsa-pbes1-3des",
            "rsa-pbes2-aes256",
        ])
    func forms(_ name: String) async throws {
        let key = try Self.registered()
        try await Tenancy.run(keys: [key]) { tenancy in
            var variables = Self.variables(key)
            variables["OCI_CLI_KEY_FILE"] = Self.keys.appending(path: "\(name).pem").path
            variables["OCI_CLI_PASSPHRASE"] = "correct horse"
            let credentials = try await tenancy.credentials(variables)
            #expect(credentials.account.fingerprint == key.fingerprint)
            #expect(credentials.region?.identifier == "us-ashburn-1")
            #expect(try await tenancy.jobs(as: credentials).count == 40)
        }
    }

    @Test("signs in with the text that editors and tools add around it, and with a typed pass phrase")
    func dressed() async throws {
        let key = try Self.registered()
        let pem = try Self.text("rsa-pbes2-aes256.pem")
        let texts = [
            "\u{FEFF}" + pem, pem.replacing("\n", with: "\r\n"), pem + "OCI_API_KEY",
            "Bag Attributes\n    localKeyID: 01\n" + pem,
        ]
        try await Tenancy.run(keys: [key]) { tenancy in
            for text in texts {
                var variables = Self.variables(key)
                variables["OCI_CLI_KEY_CONTENT"] = text
                let credentials = try await tenancy.credentials(variables) { _ in "correct horse" }
                #expect(try await tenancy.jobs(as: credentials).count == 40)
            }
        }
    }

    @Test("signs in without a configuration file, from the environment alone")
    func environmentAlone() async throws {
        let key = try Self.registered()
        try await Tenancy.run(keys: [key]) { tenancy in
            var variables = Self.variables(key)
            variables["OCI_CLI_KEY_CONTENT"] = try Self.text("rsa-pkcs8.pem")
            variables["HOME"] = "/nonexistent"
            let credentials = try await AuthenticationSettings(environment: variables)
                .credentials(transport: PatientTransport())
            #expect(credentials.origin == .environment)
            #expect(try await tenancy.jobs(as: credentials).count == 40)
        }
    }

    @Test("signs in with a profile: its key file, its pass phrase under both names, and values from DEFAULT")
    func profile() async throws {
        let key = try Self.registered()
        try await Tenancy.run(keys: [key]) { tenancy in
            let file = tenancy.identity.folder.appending(path: "profiles")
            for name in ["pass_phrase", "passphrase"] {
                let text = """
                    [DEFAULT]
                    tenancy: \(key.tenancy)
                    region = us-ashburn-1
                    [OPS]
                    USER = \(key.user)
                    fingerprint = \(key.fingerprint.uppercased())
                    key_file = \(Self.keys.appending(path: "rsa-pbes2-aes256.pem").path)
                    \(name) = correct horse
                    """
                try Data(text.replacing("\n", with: "\r\n").utf8).write(to: file)
                let credentials = try await AuthenticationSettings(
                    profile: "OPS", configFile: file.path, environment: [:]
                ).credentials(transport: PatientTransport())
                #expect(try await tenancy.jobs(as: credentials).count == 40)
            }
        }
    }

    @Test("is rejected by the service, not locally, if the service does not know it")
    func unknown() async throws {
        try await Tenancy.run { tenancy in
            var variables = Self.variables(try Self.registered())
            variables["OCI_CLI_KEY_CONTENT"] = try Self.text("rsa-pkcs8.pem")
            let credentials = try await tenancy.credentials(variables)
            await #expect(throws: Never.self) { try await credentials.authenticator.requireUsable() }
            await #expect(throws: (any Error).self) { try await tenancy.jobs(as: credentials) }
        }
    }
}

extension Tenancy {
    /// Signs in with the profile DEFAULT and these environment variables.
    fileprivate func credentials(
        _ variables: [String: String], typing passPhrase: (@Sendable (_ prompt: String) -> String?)? = nil
    ) async throws -> Credentials {
        try await AuthenticationSettings(configFile: identity.configFile.path, environment: variables)
            .credentials(transport: PatientTransport(), askingPassPhrase: passPhrase)
    }
}
