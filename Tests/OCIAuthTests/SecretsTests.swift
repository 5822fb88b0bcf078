import Foundation
import Testing

@testable import OCIAuth

@Suite struct SecretsTests {
    /// Everything that printing, debugging or dumping a value could show.
    private func shown(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped) \([value])"
    }

    @Test("a value that contains a secret never shows it when printed")
    func redacted() async throws {
        let phrase = "hunter2"
        let variables = ["OCI_CLI_PASSPHRASE": phrase, "HOME": "/h"]
        let home = try OCIHome(config: OCIHome.apiKeyProfile + "pass_phrase = \(phrase)\n" + OCIHome.sessionProfile)
        let settings = AuthenticationSettings(profile: "SESSION", environment: variables)
        let session = try await settings.credentials(
            files: home.files, transport: NoNetwork(), now: { OCIHome.end - 1 })
        let apiKey = try await home.credentials(variables)
        let config = try ConfigFile(OCIHome.apiKeyProfile + "pass_phrase = \(phrase)\n", path: "c")
        let profile = try config.profile(named: "DEFAULT")
        let signer = try await session.authenticator.signer()
        let key = try PrivateKeyPEM(try Fixture.key("rsa-pkcs8"), source: "k")
        let values: [Any] = [
            Secret(text: phrase), Environment(variables), settings, config, profile,
            IdentitySettings(environment: Environment(variables), profileName: "DEFAULT", profile: profile),
            IdentitySettings.Setting(value: phrase, place: "p"), try home.files.read(OCIHome.keyPath),
            session, session.authenticator, signer, apiKey, apiKey.authenticator, key,
            try key.signingKey(passPhrase: nil),
            try SessionToken(Array(OCIHome.token.utf8), source: .file("p", profileName: "n")),
        ]
        let keyMaterial = try Fixture.keyText("rsa-pkcs8").split(separator: "\n")[1]
        for value in values {
            let shown = shown(value)
            #expect(!shown.contains(phrase), "\(shown)")
            #expect(!shown.contains(OCIHome.token), "\(shown)")
            #expect(!shown.contains(keyMaterial), "\(shown)")
            #expect(!shown.contains("_RSA"), "\(shown)")
            #expect(!shown.contains("der:"), "\(shown)")
        }
    }

    @Test("a signer of an API key shows its key id; a signer of a session only says that it is one")
    func names() async throws {
        let home = try OCIHome()
        let apiKey = try await home.credentials().authenticator.signer()
        #expect("\(apiKey)" == "RequestSigner(ocid1.tenancy.t/ocid1.user.u/\(Fixture.fingerprint))")
        let session = try await home.credentials(profile: "SESSION").authenticator.signer()
        #expect("\(session)" == "RequestSigner(ST$…)")
    }
}
