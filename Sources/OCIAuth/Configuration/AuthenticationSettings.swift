import Foundation

/// The settings for signing in, from the command line and the environment.
///
/// A flag beats the environment, the environment beats the file. The variables are those of the OCI CLI:
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
    /// `--refresh-session`: refresh a session token before it expires, and write the new one to its file.
    public var refreshesSession: Bool
    /// The settings to use where neither a flag nor the environment gives one.
    public var defaults: Defaults
    let environment: Environment

    /// Settings from runtop's own settings file.
    public struct Defaults: Sendable, Equatable {
        public var profile: String?
        public var mode: AuthenticationMode?
        public var configFile: String?
        public var region: String?
        /// What that file is called, in messages.
        public var place: String

        public init(
            profile: String? = nil, mode: AuthenticationMode? = nil, configFile: String? = nil, region: String? = nil,
            place: String = "the settings file"
        ) {
            self.profile = profile
            self.mode = mode
            self.configFile = configFile
            self.region = region
            self.place = place
        }
    }

    public init(
        profile: String? = nil, mode: AuthenticationMode = .auto, configFile: String? = nil, region: String? = nil,
        refreshesSession: Bool = false, defaults: Defaults = Defaults(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.defaults = defaults
        self.profile = profile
        self.mode = mode
        self.configFile = configFile
        self.region = region
        self.refreshesSession = refreshesSession
        self.environment = Environment(environment)
    }

    /// Reads the files and makes an authenticator of them. Only an instance principal without a named region uses the
    /// network here.
    ///
    /// An expired token is not an error here but at its first use: it may be renewed in the meantime.
    /// - Parameters:
    ///   - transport: reaches the metadata and the identity service.
    ///   - askingPassPhrase: prompts the operator for the pass phrase of an encrypted key that has none configured, without
    ///     echo; nil when there is no terminal. It is called here only, never later.
    ///   - now: the clock that a session token's end is compared with.
    public func credentials(
        files: any CredentialFiles = LocalFiles(), transport: any IdentityTransport,
        askingPassPhrase: (@Sendable (_ prompt: String) -> String?)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws(CredentialsError) -> Credentials {
        let asked = askingPassPhrase.map(AskedPassPhrases.init)
        defer { asked?.close() }
        let dependencies = Dependencies(files: files, transport: transport, asked: asked, now: now)
        if let method = try askedMethod(), method.isPrincipal {
            return try await principal(method, region: regionSetting, origin: .environment, dependencies)
        }
        let location = try configLocation(files)
        let identity = try identity(at: location, dependencies)
        let method = if let asked = try askedMethod() { asked } else { try identity.signInMethod() }
        let origin = location.map { Credentials.Origin.profile(name: profileName, file: $0.path) } ?? .environment
        if method.isPrincipal {
            return try await principal(method, region: regionSetting ?? identity[.region], origin: origin, dependencies)
        }
        return try ofProfile(identity, method, location: location, origin: origin, dependencies)
    }

    /// What signing in depends on outside of this module.
    struct Dependencies: Sendable {
        let files: any CredentialFiles
        let transport: any IdentityTransport
        let asked: AskedPassPhrases?
        let now: @Sendable () -> Date
    }

    /// The method that the flag, the environment or the settings name; nil to decide by the profile.
    private func askedMethod() throws(CredentialsError) -> SignInMethod? {
        if let method = SignInMethod(mode) { return method }
        guard let name = environment["OCI_CLI_AUTH"] else { return defaults.mode.flatMap(SignInMethod.init) }
        return try SignInMethod(named: .init(value: name, place: "OCI_CLI_AUTH"))
    }

    private var askedProfile: String? { profile ?? environment["OCI_CLI_PROFILE"] ?? defaults.profile }

    var profileName: String {
        askedProfile ?? ConfigFile.defaultProfile
    }

    /// The region that the flag, the environment or the settings name.
    var regionSetting: IdentitySettings.Setting? {
        if let region { return .init(value: region, place: "--region") }
        if let region = environment["OCI_CLI_REGION"] { return .init(value: region, place: "OCI_CLI_REGION") }
        return defaults.region.map { .init(value: $0, place: defaults.place) }
    }

    /// The configuration file; nil when there is none, no profile was asked for, and the environment has a key instead.
    private func configLocation(_ files: any CredentialFiles) throws(CredentialsError) -> ConfigLocation? {
        let found = ConfigLocation.find(
            flag: configFile, environment: environment, default: defaults.configFile.map { ($0, defaults.place) },
            files: files)
        if let found { return found }
        let hasKey = environment["OCI_CLI_KEY_FILE"] != nil || environment["OCI_CLI_KEY_CONTENT"] != nil
        if hasKey && askedProfile == nil { return nil }
        let usual = environment.expandingTilde("~/.oci/config")
        throw CredentialsError(
            "There is no OCI configuration file: no \(usual), and neither OCI_CLI_CONFIG_FILE nor OCI_CONFIG_FILE is set.",
            advice: "Create one with `oci setup config` or `oci session authenticate`, or name one with --config-file.",
            kind: .unreadableFile(usual))
    }

    private func identity(
        at location: ConfigLocation?, _ dependencies: Dependencies
    ) throws(CredentialsError) -> IdentitySettings {
        var tracked = TrackedFiles(dependencies.files)
        return try reading(location, dependencies)(&tracked)
    }

    /// A function that reads the settings, now and whenever a file changes.
    func reading(_ location: ConfigLocation?, _ dependencies: Dependencies) -> FileBacked<IdentitySettings>.Load {
        let (profileName, environment, asked) = (profileName, environment, dependencies.asked)
        return { tracked throws(CredentialsError) in
            try IdentitySettings.read(
                profile: profileName, at: location, environment: environment, asked: asked, files: &tracked)
        }
    }

    /// The warnings without those that the operator has switched off by the OCI CLI's variable.
    func silenced(_ warnings: [CredentialsWarning]) -> [CredentialsWarning] {
        guard environment.isOn("OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING") else { return warnings }
        return warnings.filter { !$0.isAboutFileAccess }
    }
}

extension AuthenticationSettings: SecretHolder {
    public var description: String {
        "AuthenticationSettings(profile: \(profileName), mode: \(mode.rawValue))"
    }
}
