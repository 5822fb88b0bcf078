import Foundation
import HTTP
import Logging

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

    /// Signs in as the OCI configuration, the environment or the machine says.
    ///
    /// - Parameters:
    ///   - network: how the metadata and the identity service are reached.
    ///   - userAgent: the `user-agent` header of such requests.
    ///   - logger: gets a line for every such request, without secrets.
    ///   - askingPassPhrase: prompts for the pass phrase of an encrypted key that has none configured, without echo; nil when
    ///     there is no terminal. It is called here only, never later.
    public func credentials(
        network: TransportSettings = TransportSettings(), userAgent: String = "runtop",
        logger: Logger = .silent,
        askingPassPhrase: (@Sendable (_ prompt: String) -> String?)? = nil
    ) async throws(CredentialsError) -> Credentials {
        try await credentials(
            transport: SignInTransport(network, userAgent: userAgent, logger: logger),
            askingPassPhrase: askingPassPhrase)
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
    package func credentials(
        files: any CredentialFiles = LocalFiles(), transport: any HTTPTransport,
        askingPassPhrase: (@Sendable (_ prompt: String) -> String?)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws(CredentialsError) -> Credentials {
        let passPhrases = askingPassPhrase.map(TypedPassPhrases.init)
        defer { passPhrases?.close() }
        let dependencies = Sources(files: files, transport: transport, passPhrases: passPhrases, now: now)
        if let method = try requestedMethod(), method.isPrincipal {
            return try await principalCredentials(method, region: regionSetting, origin: .environment, dependencies)
        }
        let location = try configLocation(files)
        let identity = try identity(at: location, dependencies)
        let method = if let requested = try requestedMethod() { requested } else { try identity.signInMethod() }
        let origin = location.map { Credentials.Origin.profile(name: profileName, file: $0.path) } ?? .environment
        if method.isPrincipal {
            return try await principalCredentials(
                method, region: regionSetting ?? identity[.region], origin: origin, dependencies)
        }
        return try profileCredentials(identity, method, location: location, origin: origin, dependencies)
    }

    /// What signing in depends on outside of this module.
    struct Sources: Sendable {
        let files: any CredentialFiles
        let transport: any HTTPTransport
        let passPhrases: TypedPassPhrases?
        let now: @Sendable () -> Date
    }

    /// The method that the flag, the environment or the settings name; nil to decide by the profile.
    private func requestedMethod() throws(CredentialsError) -> SignInMethod? {
        if let method = SignInMethod(mode) { return method }
        guard let name = environment["OCI_CLI_AUTH"] else { return defaults.mode.flatMap(SignInMethod.init) }
        return try SignInMethod(named: .init(value: name, place: "OCI_CLI_AUTH"))
    }

    private var requestedProfile: String? { profile ?? environment["OCI_CLI_PROFILE"] ?? defaults.profile }

    var profileName: String {
        requestedProfile ?? ConfigFile.defaultProfile
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
        if hasKey && requestedProfile == nil { return nil }
        let usual = environment.expandingTilde("~/.oci/config")
        throw CredentialsError(
            "There is no OCI configuration file: no \(usual), and neither OCI_CLI_CONFIG_FILE nor OCI_CONFIG_FILE is set.",
            advice: "Create one with `oci setup config` or `oci session authenticate`, or name one with --config-file.",
            kind: .unreadableFile(usual))
    }

    private func identity(
        at location: ConfigLocation?, _ dependencies: Sources
    ) throws(CredentialsError) -> IdentitySettings {
        var tracked = TrackedFiles(dependencies.files)
        return try reading(location, dependencies)(&tracked)
    }

    /// A function that reads the settings, now and whenever a file changes.
    func reading(_ location: ConfigLocation?, _ dependencies: Sources) -> FileBacked<IdentitySettings>.Load {
        let (profileName, environment, passPhrases) = (profileName, environment, dependencies.passPhrases)
        return { tracked throws(CredentialsError) in
            try IdentitySettings.read(
                profile: profileName, at: location, environment: environment, passPhrases: passPhrases, files: &tracked)
        }
    }

    /// The warnings without those that the operator has switched off by the OCI CLI's variable.
    func withoutSilenced(_ warnings: [CredentialsWarning]) -> [CredentialsWarning] {
        guard environment.isOn("OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING") else { return warnings }
        return warnings.filter { !$0.isAboutFileAccess }
    }
}

extension AuthenticationSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        "AuthenticationSettings(profile: \(profileName), mode: \(mode.rawValue))"
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// How to sign in: the values of `--auth` and `OCI_CLI_AUTH`, named as in the OCI CLI.
public enum AuthenticationMode: String, Sendable, CaseIterable {
    /// As the environment says, or else as the profile is set up.
    case auto
    case apiKey = "api_key"
    case securityToken = "security_token"
    case instancePrincipal = "instance_principal"
    case resourcePrincipal = "resource_principal"
    case okeWorkloadIdentity = "oke_workload_identity"
}

/// The sign-in methods.
public enum SignInMethod: String, Sendable, Equatable {
    case apiKey = "API key"
    case securityToken = "session token"
    case instancePrincipal = "instance principal"
    case resourcePrincipal = "resource principal"
    case okeWorkloadIdentity = "OKE workload identity"

    /// The method a mode stands for, or nil for `auto`.
    init?(_ mode: AuthenticationMode) {
        switch mode {
        case .auto: return nil
        case .apiKey: self = .apiKey
        case .securityToken: self = .securityToken
        case .instancePrincipal: self = .instancePrincipal
        case .resourcePrincipal: self = .resourcePrincipal
        case .okeWorkloadIdentity: self = .okeWorkloadIdentity
        }
    }

    /// The method that the environment or a profile names, or nil for `auto`.
    init?(named setting: IdentitySettings.Setting) throws(CredentialsError) {
        guard let mode = AuthenticationMode(rawValue: setting.value.lowercased()) else {
            let known = AuthenticationMode.allCases.map(\.rawValue).joined(separator: ", ")
            throw CredentialsError(
                "Unknown sign-in method \(setting.value), from \(setting.place).",
                advice: "Use one of \(known).", kind: .unsupported)
        }
        self.init(mode)
    }

    /// Whether the identity comes from OCI itself rather than from a profile.
    public var isPrincipal: Bool {
        switch self {
        case .instancePrincipal, .resourcePrincipal, .okeWorkloadIdentity: true
        case .apiKey, .securityToken: false
        }
    }
}
