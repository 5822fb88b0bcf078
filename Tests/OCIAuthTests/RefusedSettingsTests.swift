import Testing

@testable import OCIAuth

/// Errors in the settings, and their messages.
@Suite struct RefusedSettingsTests {
    private func refusal(
        _ config: String, profile: String? = nil, _ variables: [String: String] = [:]
    ) async throws -> CredentialsError {
        let home = try OCIHome(config: config)
        return try await #require(throws: CredentialsError.self) {
            try await home.credentials(profile: profile, variables)
        }
    }

    @Test(
        "the error for a missing setting names the profile, the file and the variable",
        arguments: ["user", "tenancy", "key_file"])
    func missing(_ key: String) async throws {
        let error = try await refusal(OCIHome.apiKeyProfile.replacing(key, with: "#"))
        #expect(error.problem == "There is no \(key) in the profile DEFAULT of /h/.oci/config.")
        #expect(error.advice.hasPrefix("Add it to the profile, or set OCI_CLI_"))
    }

    @Test("the error for a session without a token file says so")
    func missingTokenFile() async throws {
        let error = try await refusal(OCIHome.apiKeyProfile, ["OCI_CLI_AUTH": "security_token"])
        #expect(error.problem == "There is no security_token_file in the profile DEFAULT of /h/.oci/config.")
    }

    @Test("the fingerprint of another key is rejected, and the error has both fingerprints")
    func otherFingerprint() async throws {
        let error = try await refusal(
            OCIHome.apiKeyProfile.replacing(Fixture.fingerprint, with: Fixture.otherFingerprint))
        #expect(
            error.problem == "The key file /h/.oci/key.pem has the fingerprint \(Fixture.fingerprint), "
                + "but line 4 of /h/.oci/config says \(Fixture.otherFingerprint).")
        #expect(error.kind == .key)
    }

    @Test("an invalid fingerprint is rejected, and the error has the fingerprint of the key")
    func malformedFingerprint() async throws {
        let error = try await refusal(OCIHome.apiKeyProfile, ["OCI_CLI_FINGERPRINT": "SHA256:abc"])
        #expect(error.problem.hasPrefix("The fingerprint from OCI_CLI_FINGERPRINT is not 16 pairs"))
        #expect(error.advice == "The key's own fingerprint is \(Fixture.fingerprint).")
    }

    @Test("an OCID that could end its header value is rejected", arguments: ["a b", "a\"b", "é", "a\\b"])
    func headerInjection(_ user: String) async throws {
        let error = try await refusal(OCIHome.apiKeyProfile.replacing("ocid1.user.u", with: user))
        #expect(
            error.problem == "The user from line 3 of /h/.oci/config has blanks, quotes or characters outside ASCII.")
    }

    @Test("the error for a missing key file names the line that configures it")
    func missingKeyFile() async throws {
        let error = try await refusal(OCIHome.apiKeyProfile.replacing("~/.oci/key.pem", with: "keys/k.pem"))
        #expect(error.problem == "The key file keys/k.pem is not there.")
        #expect(error.advice == "The path comes from line 5 of /h/.oci/config.")
        #expect(error.kind == .unreadableFile("keys/k.pem"))
    }

    @Test("an empty token file and one with other contents give different errors")
    func notAToken() async throws {
        for (text, problem) in [("\n", "is empty"), ("two words", "is not a token"), ("a\"b", "is not a token")] {
            let home = try OCIHome()
            home.files.write(text, to: OCIHome.tokenPath)
            let error = try await #require(throws: CredentialsError.self) {
                try await home.credentials(profile: "SESSION")
            }
            #expect(error.problem == "The file \(OCIHome.tokenPath) \(problem): it should hold a session token.")
            #expect(error.advice == "Run `oci session authenticate --profile-name SESSION`.")
        }
    }

    @Test("no secret is in any of these errors")
    func nothingLeaks() async throws {
        let secret = "hunter2"
        let config = OCIHome.apiKeyProfile.replacing("user", with: "#") + "pass_phrase = \(secret)\n"
        #expect(try await !"\(refusal(config))".contains(secret))
        #expect(try await !"\(refusal(config + secret))".contains(secret))
    }
}
