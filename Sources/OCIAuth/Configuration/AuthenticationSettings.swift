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
    /// `--refresh-session`: prolong a session token before it ends, and write the new one to its file.
    public var refreshesSession: Bool
    /// What to go by where neither a flag nor the environment says anything.
    public var defaults: Defaults
    let environment: Environment

    /// Settings of the program's own, from a file of its own.
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

    /// Reads the files and makes an authenticator of them; only an instance principal whose region nobody names asks
    /// the network at once.
    ///
    /// A token that has ended is not an error here but at its first use: somebody may renew it meanwhile.
    /// - Parameters:
    ///   - transport: reaches the metadata and the identity service.
    ///   - askingPassPhrase: asks the operator for the pass phrase of an encrypted key that has none, in a terminal
    ///     without echo; nil where nobody can be asked. It is called here only, never later.
    ///   - now: the clock that a session token's end is compared with.
    public func credentials(
        files: any CredentialFiles = LocalFiles(), transport: any IdentityTransport,
        askingPassPhrase: (@Sendable (_ prompt: String) -> String?)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws(CredentialsError) -> Credentials {
        let asked = askingPassPhrase.map(AskedPassPhrases.init)
        defer { asked?.close() }
        let edges = Edges(files: files, transport: transport, asked: asked, now: now)
        if let method = try askedMethod(), method.isPrincipal {
            return try await principal(method, region: regionSetting, origin: .environment, edges)
        }
        let location = try configLocation(files)
        let identity = try identity(at: location, edges)
        let method = if let asked = try askedMethod() { asked } else { try identity.signInMethod() }
        let origin = location.map { Credentials.Origin.profile(name: profileName, file: $0.path) } ?? .environment
        if method.isPrincipal {
            return try await principal(method, region: regionSetting ?? identity[.region], origin: origin, edges)
        }
        return try ofProfile(identity, method, location: location, origin: origin, edges)
    }

    /// What signing in takes from the world.
    struct Edges: Sendable {
        let files: any CredentialFiles
        let transport: any IdentityTransport
        let asked: AskedPassPhrases?
        let now: @Sendable () -> Date
    }

    /// The method that the flag, the environment or the settings name; nil where that is left to the profile.
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
            "There is no OCI configuration file: neither \(usual) nor one that OCI_CLI_CONFIG_FILE or "
                + "OCI_CONFIG_FILE names.",
            advice: "Make one with `oci setup config` or `oci session authenticate`, or name one with --config-file.",
            kind: .unreadableFile(usual))
    }

    private func identity(
        at location: ConfigLocation?, _ edges: Edges
    ) throws(CredentialsError) -> IdentitySettings {
        var tracked = TrackedFiles(edges.files)
        return try reading(location, edges)(&tracked)
    }

    /// How the settings are read, now and whenever a file changes.
    func reading(_ location: ConfigLocation?, _ edges: Edges) -> FileBacked<IdentitySettings>.Load {
        let (profileName, environment, asked) = (profileName, environment, edges.asked)
        return { tracked throws(CredentialsError) in
            try IdentitySettings.read(
                profile: profileName, at: location, environment: environment, asked: asked, files: &tracked)
        }
    }

    /// The warnings less those the operator has switched off, as the OCI command line lets them.
    func silenced(_ warnings: [CredentialsWarning]) -> [CredentialsWarning] {
        guard environment.isOn("OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING") else { return warnings }
        return warnings.filter { if case .openToOthers = $0 { false } else { true } }
    }
}

extension AuthenticationSettings: SecretHolder {
    public var description: String {
        "AuthenticationSettings(profile: \(profileName), mode: \(mode.rawValue))"
    }
}
