import Foundation

/// What the command line and the environment say about signing in.
///
/// A flag beats the environment, the environment beats the file. The variables are the OCI command line's own:
/// `OCI_CLI_PROFILE`, `OCI_CLI_CONFIG_FILE`, `OCI_CLI_REGION`, `OCI_CLI_AUTH`, `OCI_CLI_KEY_FILE`,
/// `OCI_CLI_KEY_CONTENT`, `OCI_CLI_PASSPHRASE`, `OCI_CLI_TENANCY`, `OCI_CLI_USER`, `OCI_CLI_FINGERPRINT`,
/// `OCI_CLI_SECURITY_TOKEN_FILE`, `OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING`.
public struct AuthenticationSettings: Sendable {
    /// `--profile`.
    public var profile: String?
    /// `--auth`.
    public var mode: AuthenticationMode
    /// `--config-file`.
    public var configFile: String?
    /// `--region`: an identifier, a short code, or a whole domain.
    public var region: String?
    private let environment: Environment

    public init(
        profile: String? = nil, mode: AuthenticationMode = .auto, configFile: String? = nil, region: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.profile = profile
        self.mode = mode
        self.configFile = configFile
        self.region = region
        self.environment = Environment(environment)
    }

    /// Reads the files and makes an authenticator of them.
    ///
    /// A token that has ended is not an error here but at its first use: somebody may renew it meanwhile.
    /// - Parameter now: the clock that a session token's end is compared with.
    public func credentials(
        files: any CredentialFiles = LocalFiles(), now: @escaping @Sendable () -> Date = { Date() }
    ) throws(CredentialsError) -> Credentials {
        // What cannot work is said before any file is looked for.
        let flagged = try SignInMethod(mode, from: "--auth")
        if flagged == nil, let name = environment["OCI_CLI_AUTH"] {
            _ = try SignInMethod(named: .init(value: name, place: "OCI_CLI_AUTH"))
        }
        let location = try configLocation(files)
        let (profileName, environment) = (profileName, environment)
        let read: FileBacked<IdentitySettings>.Load = { tracked throws(CredentialsError) in
            try IdentitySettings.read(profile: profileName, at: location, environment: environment, files: &tracked)
        }
        var tracked = TrackedFiles(files)
        let identity = try read(&tracked)
        let method = if let flagged { flagged } else { try identity.signInMethod() }
        let (authenticator, noticed) = try authenticator(method, reading: read, from: files, now: now)
        let (region, assumed) = try resolvedRegion(identity, files)
        return Credentials(
            authenticator: authenticator, region: region, tenancy: identity[.tenancy]?.value,
            origin: location.map { .profile(name: profileName, file: $0.path) } ?? .environment,
            warnings: silenced(noticed) + assumed)
    }

    private var profileName: String {
        profile ?? environment["OCI_CLI_PROFILE"] ?? ConfigFile.defaultProfile
    }

    /// The configuration file; nil when there is none, no profile was asked for, and the environment has a key instead.
    private func configLocation(_ files: any CredentialFiles) throws(CredentialsError) -> ConfigLocation? {
        let found = ConfigLocation.find(flag: configFile, environment: environment, files: files)
        if let found { return found }
        let hasKey = environment["OCI_CLI_KEY_FILE"] != nil || environment["OCI_CLI_KEY_CONTENT"] != nil
        if hasKey && profile == nil && environment["OCI_CLI_PROFILE"] == nil { return nil }
        let usual = environment.expandingTilde("~/.oci/config")
        throw CredentialsError(
            "There is no OCI configuration file: neither \(usual) nor one that OCI_CLI_CONFIG_FILE or "
                + "OCI_CONFIG_FILE names.",
            advice: "Make one with `oci setup config` or `oci session authenticate`, or name one with --config-file.",
            kind: .unreadableFile(usual))
    }

    private func authenticator(
        _ method: SignInMethod, reading read: @escaping FileBacked<IdentitySettings>.Load,
        from files: any CredentialFiles, now: @escaping @Sendable () -> Date
    ) throws(CredentialsError) -> (any Authenticator, [CredentialsWarning]) {
        switch method {
        case .apiKey:
            let signer = try FileBacked<RequestSigner>(files) { tracked throws(CredentialsError) in
                try read(&tracked).apiKeySigner(reading: &tracked)
            }
            return (APIKeyAuthenticator(signer), signer.warnings)
        case .securityToken:
            let session = try FileBacked<Session>(files) { tracked throws(CredentialsError) in
                try read(&tracked).session(reading: &tracked)
            }
            return (SessionTokenAuthenticator(session, now: now), session.warnings)
        }
    }

    private func resolvedRegion(
        _ identity: IdentitySettings, _ files: any CredentialFiles
    ) throws(CredentialsError) -> (Region?, [CredentialsWarning]) {
        let named = region.map { IdentitySettings.Setting(value: $0, place: "--region") } ?? identity[.region]
        guard let named else { return (nil, []) }
        let found = try RegionLookup(environment: environment, files: files).region(named)
        return (found.region, found.warning.map { [$0] } ?? [])
    }

    /// The warnings less those the operator has switched off, as the OCI command line lets them.
    private func silenced(_ warnings: [CredentialsWarning]) -> [CredentialsWarning] {
        guard environment.isOn("OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING") else { return warnings }
        return warnings.filter { if case .openToOthers = $0 { false } else { true } }
    }
}

extension AuthenticationSettings: SecretHolder {
    public var description: String {
        "AuthenticationSettings(profile: \(profileName), mode: \(mode.rawValue))"
    }
}
