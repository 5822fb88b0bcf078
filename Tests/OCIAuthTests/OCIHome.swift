import Foundation

@testable import OCIAuth

/// A home directory `/h` with an OCI configuration in it, and the settings that read it.
struct OCIHome {
    let files: InMemoryFiles

    static let apiKeyProfile = """
        [DEFAULT]
        tenancy = ocid1.tenancy.t
        user = ocid1.user.u
        fingerprint = \(Fixture.fingerprint)
        key_file = ~/.oci/key.pem
        region = us-ashburn-1

        """
    static let sessionProfile = """
        [SESSION]
        key_file = ~/.oci/sessions/S/key.pem
        security_token_file = ~/.oci/sessions/S/token
        region = fra

        """
    static let configPath = "/h/.oci/config"
    static let keyPath = "/h/.oci/key.pem"
    static let sessionKeyPath = "/h/.oci/sessions/S/key.pem"
    static let tokenPath = "/h/.oci/sessions/S/token"
    /// When the session token expires.
    static let end = Date(timeIntervalSince1970: 1_777_638_896)
    static let token = Fixture.jwt(claims: #"{"exp":1777638896}"#)

    init(config: String = apiKeyProfile + sessionProfile) throws {
        files = InMemoryFiles([
            Self.configPath: config,
            Self.keyPath: try Fixture.keyText("rsa-pkcs8"),
            Self.sessionKeyPath: try Fixture.keyText("rsa-other"),
            Self.tokenPath: Self.token + "\n",
        ])
    }

    func credentials(
        profile: String? = nil, mode: AuthenticationMode = .auto, configFile: String? = nil, region: String? = nil,
        defaults: AuthenticationSettings.Defaults = .init(), _ variables: [String: String] = [:],
        at now: Date = end - 600
    ) async throws(CredentialsError) -> Credentials {
        let environment = variables.merging(["HOME": "/h"]) { given, _ in given }
        let settings = AuthenticationSettings(
            profile: profile, mode: mode, configFile: configFile, region: region, defaults: defaults,
            environment: environment)
        return try await settings.credentials(files: files, transport: NoNetwork(), now: { now })
    }
}
