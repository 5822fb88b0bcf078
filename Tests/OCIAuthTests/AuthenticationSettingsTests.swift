import Foundation
import Testing

@testable import OCIAuth

@Suite struct AuthenticationSettingsTests {
    static let apiKeyID = "ocid1.tenancy.t/ocid1.user.u/\(Fixture.fingerprint)"

    @Test("by default, requests are signed with the API key of the profile DEFAULT in ~/.oci/config")
    func apiKey() async throws {
        let credentials = try await OCIHome().credentials()
        #expect(try await credentials.authenticator.signer().keyID == Self.apiKeyID)
        #expect(await credentials.authenticator.expiration() == nil)
        #expect(credentials.region == Region(identifier: "us-ashburn-1", secondLevelDomain: "oraclecloud.com"))
        #expect(credentials.account.tenancy == "ocid1.tenancy.t")
        #expect(credentials.origin == .profile(name: "DEFAULT", file: OCIHome.configPath))
        #expect(credentials.warnings.isEmpty)
    }

    @Test("a profile with a token file and without its own user signs with the session token")
    func session() async throws {
        let credentials = try await OCIHome().credentials(profile: "SESSION")
        #expect(try await credentials.authenticator.signer().keyID == "ST$" + OCIHome.token)
        #expect(await credentials.authenticator.expiration() == OCIHome.end)
        #expect(credentials.region?.identifier == "eu-frankfurt-1")
        #expect(credentials.account.tenancy == "ocid1.tenancy.t")
    }

    @Test("a profile with a token file and its own user signs with the API key, unless a setting says otherwise")
    func both() async throws {
        let home = try OCIHome(config: OCIHome.apiKeyProfile + "security_token_file = \(OCIHome.tokenPath)\n")
        #expect(try await home.credentials().authenticator.signer().keyID == Self.apiKeyID)
        let flagged = try await home.credentials(mode: .securityToken)
        #expect(try await flagged.authenticator.signer().keyID.hasPrefix("ST$"))
        let variable = try await home.credentials(["OCI_CLI_AUTH": "security_token"])
        #expect(try await variable.authenticator.signer().keyID.hasPrefix("ST$"))
        let flagFirst = try await home.credentials(mode: .apiKey, ["OCI_CLI_AUTH": "security_token"])
        #expect(try await flagFirst.authenticator.signer().keyID == Self.apiKeyID)
    }

    @Test("authentication_type in the profile decides if no other setting does")
    func authenticationType() async throws {
        let text =
            OCIHome.apiKeyProfile + "security_token_file=\(OCIHome.tokenPath)\nauthentication_type=security_token\n"
        let credentials = try await OCIHome(config: text).credentials()
        #expect(try await credentials.authenticator.signer().keyID.hasPrefix("ST$"))
    }

    @Test("an unknown sign-in method is rejected, and the error says where it is configured")
    func unknownMode() async throws {
        let home = try OCIHome(config: "[DEFAULT]\nauthentication_type = oauth\n")
        let error = try await #require(throws: CredentialsError.self) { try await home.credentials() }
        #expect(error.problem.contains("oauth, from line 2 of /h/.oci/config"))
    }

    @Test("a flag takes precedence over the environment, and the environment over the file")
    func precedence() async throws {
        let home = try OCIHome()
        let variables = ["OCI_CLI_REGION": "phx", "OCI_CLI_PROFILE": "SESSION"]
        #expect(try await home.credentials(["OCI_CLI_REGION": ""]).region?.identifier == "us-ashburn-1")
        #expect(try await home.credentials(variables).region?.identifier == "us-phoenix-1")
        #expect(try await home.credentials(region: "lhr", variables).region?.identifier == "uk-london-1")
        #expect(try await home.credentials(variables).origin == .profile(name: "SESSION", file: OCIHome.configPath))
        #expect(
            try await home.credentials(profile: "DEFAULT", variables).origin
                == .profile(name: "DEFAULT", file: OCIHome.configPath))
    }

    @Test("the program's own settings come after a flag and the environment, and before the profile")
    func defaults() async throws {
        let home = try OCIHome(config: "[DEFAULT]\n")
        home.files.write(OCIHome.apiKeyProfile + OCIHome.sessionProfile, to: "/h/own")
        let own = AuthenticationSettings.Defaults(
            profile: "SESSION", mode: .apiKey, configFile: "~/own", region: "lhr", place: "our file")
        // The profile of the session inherits the settings of an API key, except the key.
        let key = "OCI_CLI_KEY_FILE"
        let credentials = try await home.credentials(defaults: own, [key: OCIHome.keyPath])
        #expect(credentials.origin == .profile(name: "SESSION", file: "/h/own"))
        #expect(credentials.account.method == .apiKey)
        #expect(credentials.regionRule == RegionRule(namedBy: "our file", table: .published))
        let variables = ["OCI_CLI_REGION": "phx", "OCI_CLI_AUTH": "security_token"]
        let overridden = try await home.credentials(defaults: own, variables)
        #expect(overridden.account.method == .securityToken)
        #expect(overridden.regionRule?.namedBy == "OCI_CLI_REGION")
        let flagged = try await home.credentials(
            profile: "DEFAULT", mode: .apiKey, region: "iad", defaults: own, variables)
        #expect(flagged.origin == .profile(name: "DEFAULT", file: "/h/own"))
        #expect(flagged.account.method == .apiKey)
        #expect(flagged.regionRule?.namedBy == "--region")
    }

    @Test("every variable of an API key replaces the profile's value")
    func apiKeyOverrides() async throws {
        let home = try OCIHome()
        home.files.write(try Fixture.keyText("rsa-other"), to: "/h/other.pem")
        let variables = [
            "OCI_CLI_USER": "u2", "OCI_CLI_TENANCY": "t2", "OCI_CLI_FINGERPRINT": Fixture.otherFingerprint.uppercased(),
            "OCI_CLI_KEY_FILE": "~/other.pem",
        ]
        let credentials = try await home.credentials(variables)
        #expect(try await credentials.authenticator.signer().keyID == "t2/u2/\(Fixture.otherFingerprint)")
        #expect(credentials.account.tenancy == "t2")
    }

    @Test("an account has its files, its user and its key's fingerprint, and nothing secret")
    func accounts() async throws {
        let home = try OCIHome()
        var expected = Account(method: .apiKey, tenancy: "ocid1.tenancy.t", user: "ocid1.user.u")
        (expected.keyFile, expected.fingerprint) = (OCIHome.keyPath, Fixture.fingerprint)
        #expect(try await home.credentials().account == expected)
        var session = Account(method: .securityToken, tenancy: "ocid1.tenancy.t")
        (session.keyFile, session.tokenFile) = (OCIHome.sessionKeyPath, OCIHome.tokenPath)
        #expect(try await home.credentials(profile: "SESSION").account == session)
    }

    @Test(
        "every sign-in method has the name of the OCI CLI, in any case",
        arguments: [
            ("api_key", .apiKey), ("API_KEY", .apiKey), ("security_token", .securityToken),
            ("instance_principal", .instancePrincipal), ("resource_principal", .resourcePrincipal),
            ("oke_workload_identity", .okeWorkloadIdentity), ("auto", nil),
        ] as [(String, SignInMethod?)])
    func names(_ name: String, _ method: SignInMethod?) throws {
        #expect(try SignInMethod(named: .init(value: name, place: "OCI_CLI_AUTH")) == method)
        let principals: [SignInMethod] = [.instancePrincipal, .resourcePrincipal, .okeWorkloadIdentity]
        #expect(method.map { $0.isPrincipal == principals.contains($0) } ?? true)
    }

    @Test("a principal named in the profile is used, with the profile's region")
    func principalOfProfile() async throws {
        let home = try OCIHome(config: "[DEFAULT]\nauthentication_type=resource_principal\nregion=lhr\n")
        let variables = [
            "OCI_RESOURCE_PRINCIPAL_VERSION": "2.2", "OCI_RESOURCE_PRINCIPAL_RPST": OCIHome.token,
            "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM": try Fixture.keyText("rsa-pkcs8"),
            "OCI_RESOURCE_PRINCIPAL_REGION": "fra",
        ]
        let credentials = try await home.credentials(variables)
        #expect(credentials.account.method == .resourcePrincipal)
        #expect(credentials.region?.identifier == "uk-london-1")
        #expect(credentials.origin == .profile(name: "DEFAULT", file: OCIHome.configPath))
    }

    @Test("the content of a key takes precedence over all key files, and its pass phrase comes from the environment")
    func keyContent() async throws {
        let variables = [
            "OCI_CLI_KEY_CONTENT": try Fixture.keyText("rsa-pbes2-aes256"), "OCI_CLI_KEY_FILE": "/absent.pem",
            "OCI_CLI_PASSPHRASE": Fixture.passPhrase.text,
        ]
        #expect(try await OCIHome().credentials(variables).authenticator.signer().keyID == Self.apiKeyID)
    }

    @Test("a token file in the environment selects the session token")
    func tokenFileVariable() async throws {
        let home = try OCIHome()
        let credentials = try await home.credentials(["OCI_CLI_SECURITY_TOKEN_FILE": OCIHome.tokenPath])
        #expect(try await credentials.authenticator.signer().keyID == "ST$" + OCIHome.token)
    }

    @Test("the environment can provide all settings, without any file")
    func environmentAlone() async throws {
        let home = try OCIHome()
        home.files.remove(OCIHome.configPath)
        var variables = [
            "OCI_CLI_USER": "u", "OCI_CLI_TENANCY": "t", "OCI_CLI_KEY_FILE": OCIHome.keyPath, "OCI_CLI_REGION": "iad",
        ]
        let credentials = try await home.credentials(variables)
        #expect(try await credentials.authenticator.signer().keyID == "t/u/\(Fixture.fingerprint)")
        #expect(credentials.origin == .environment)
        let asked = try await #require(throws: CredentialsError.self) {
            try await home.credentials(profile: "P", variables)
        }
        #expect(asked.problem.hasPrefix("There is no OCI configuration file"))
        variables["OCI_CLI_USER"] = nil
        let error = try await #require(throws: CredentialsError.self) { try await home.credentials(variables) }
        #expect(error.problem == "There is no user in the environment.")
        #expect(error.advice == "Set OCI_CLI_USER.")
    }

    @Test("the pass phrase can have either name in the profile", arguments: ["pass_phrase", "passphrase"])
    func passPhraseInProfile(_ key: String) async throws {
        let home = try OCIHome(config: OCIHome.apiKeyProfile + "\(key) = \(Fixture.passPhrase.text)\n")
        let needless = try await home.credentials()
        #expect(needless.warnings == [.needlessPassPhrase(source: "key file \(OCIHome.keyPath)")])
        home.files.write(try Fixture.keyText("rsa-dek-aes256"), to: OCIHome.keyPath)
        let needed = try await home.credentials()
        #expect(needed.warnings.isEmpty)
        #expect(try await needed.authenticator.signer().keyID == Self.apiKeyID)
    }

    @Test("a missing region is not an error: an endpoint may not need one")
    func noRegion() async throws {
        let home = try OCIHome(config: OCIHome.apiKeyProfile.replacing("region", with: "#region"))
        #expect(try await home.credentials().region == nil)
    }

    @Test("a warning names each file that others can read, once, unless that is switched off")
    func openFiles() async throws {
        let home = try OCIHome()
        home.files.write(OCIHome.token, to: OCIHome.tokenPath, permissions: 0o644)
        home.files.write(try Fixture.keyText("rsa-other"), to: OCIHome.sessionKeyPath, permissions: 0o400)
        home.files.write(OCIHome.apiKeyProfile + OCIHome.sessionProfile, to: OCIHome.configPath, permissions: 0o620)
        let warnings = try await home.credentials(profile: "SESSION").warnings
        #expect(
            warnings == [
                .openToOthers(path: OCIHome.configPath, permissions: 0o620),
                .openToOthers(path: OCIHome.tokenPath, permissions: 0o644),
            ])
        #expect(
            warnings.last?.message == "Other users have access to the file \(OCIHome.tokenPath) (mode 0644). "
                + "Close it with `chmod 600 \(OCIHome.tokenPath)`.")
        let off = ["OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "True"]
        #expect(try await home.credentials(profile: "SESSION", off).warnings.isEmpty)
        let on = ["OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "no"]
        #expect(try await home.credentials(profile: "SESSION", on).warnings == warnings)
    }

    @Test("a warning names files of other users, unless the OCI CLI's variable switches it off; other warnings stay")
    func foreignFiles() async throws {
        let home = try OCIHome()
        home.files.write(
            OCIHome.apiKeyProfile.replacing("us-ashburn-1", with: "xx-lab-1"), to: OCIHome.configPath, owner: 1_001)
        home.files.write(try Fixture.keyText("rsa-pkcs8"), to: OCIHome.keyPath, permissions: 0o604, owner: 1_002)
        let unknown = CredentialsWarning.unknownRegion("xx-lab-1", assumedDomain: "oraclecloud.com")
        let warnings = try await home.credentials().warnings
        #expect(
            warnings == [
                .ownedByAnother(path: OCIHome.configPath, userID: 1_001),
                .openToOthers(path: OCIHome.keyPath, permissions: 0o604),
                .ownedByAnother(path: OCIHome.keyPath, userID: 1_002), unknown,
            ])
        #expect(
            warnings[0].message
                == "The file \(OCIHome.configPath) belongs to another user (uid 1001), who can read and "
                + "change it. Use a copy of your own, or change its owner with `chown`.")
        #expect(warnings.map(\.isAboutFileAccess) == [true, true, true, false])
        let off = ["OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "on"]
        #expect(try await home.credentials(off).warnings == [unknown])
    }
}
