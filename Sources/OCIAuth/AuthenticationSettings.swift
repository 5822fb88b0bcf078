import Foundation
import HTTP
import Logging

/// The settings for signing in, from the command line and the environment.
///
/// A flag takes precedence over the environment, and the environment over the file. The variables are the OCI CLI's:
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
    /// The values to use if neither a flag nor the environment gives one.
    public var defaults: Defaults
    let environment: Environment

    /// Settings from runtop's own settings file.
    public struct Defaults: Sendable, Equatable {
        public var profile: String?
        public var mode: AuthenticationMode?
        public var configFile: String?
        public var region: String?
        /// The name of the settings file, for messages.
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

    /// Finds the credentials in the OCI configuration, the environment or the machine's identity.
    ///
    /// - Parameters:
    ///   - network: how to reach the metadata service and the identity service.
    ///   - userAgent: the `user-agent` header of requests to these services.
    ///   - logger: receives one line per request, without secrets.
    ///   - askingPassPhrase: prompts for the pass phrase of an encrypted key if none is configured, without echo; nil
    ///     if there is no terminal. It is called only during this call.
    public func credentials(
        network: TransportSettings = TransportSettings(), userAgent: String = "runtop",
        logger: Logger = .silent,
        askingPassPhrase: (@Sendable (_ prompt: String) -> String?)? = nil
    ) async throws(CredentialsError) -> Credentials {
        try await credentials(
            transport: SignInTransport(network, userAgent: userAgent, logger: logger),
            askingPassPhrase: askingPassPhrase)
    }

    /// Reads the files and creates an authenticator. Uses the network only for an instance principal without a named
    /// region.
    ///
    /// An expired token throws when it is first used, not here: it may be renewed in the meantime.
    /// - Parameters:
    ///   - transport: sends requests to the metadata service and the identity service.
    ///   - askingPassPhrase: prompts for the pass phrase of an encrypted key if none is configured, without echo; nil
    ///     if there is no terminal. It is called only during this call.
    ///   - now: the clock for checking whether a session token has expired.
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

    /// The files, the network, the prompt and the clock that signing in uses.
    struct Sources: Sendable {
        let files: any CredentialFiles
        let transport: any HTTPTransport
        let passPhrases: TypedPassPhrases?
        let now: @Sendable () -> Date
    }

    /// The method from the flag, the environment or the settings; nil if the profile decides.
    private func requestedMethod() throws(CredentialsError) -> SignInMethod? {
        if let method = SignInMethod(mode) { return method }
        guard let name = environment["OCI_CLI_AUTH"] else { return defaults.mode.flatMap(SignInMethod.init) }
        return try SignInMethod(named: .init(value: name, place: "OCI_CLI_AUTH"))
    }

    private var requestedProfile: String? { profile ?? environment["OCI_CLI_PROFILE"] ?? defaults.profile }

    var profileName: String {
        requestedProfile ?? ConfigFile.defaultProfile
    }

    /// The region from the flag, the environment or the settings.
    var regionSetting: IdentitySettings.Setting? {
        if let region { return .init(value: region, place: "--region") }
        if let region = environment["OCI_CLI_REGION"] { return .init(value: region, place: "OCI_CLI_REGION") }
        return defaults.region.map { .init(value: $0, place: defaults.place) }
    }

    /// The configuration file; nil if there is none, no profile was requested, and the environment has a key.
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

    /// A function that reads the settings. It is called now and whenever a file changes.
    func reading(_ location: ConfigLocation?, _ dependencies: Sources) -> FileBacked<IdentitySettings>.Load {
        let (profileName, environment, passPhrases) = (profileName, environment, dependencies.passPhrases)
        return { tracked throws(CredentialsError) in
            try IdentitySettings.read(
                profile: profileName, at: location, environment: environment, passPhrases: passPhrases, files: &tracked)
        }
    }

    /// The warnings, without those that the user has switched off with the variable of the OCI CLI.
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

/// The sign-in method: the values of `--auth` and `OCI_CLI_AUTH`, with the names of the OCI CLI.
public enum AuthenticationMode: String, Sendable, CaseIterable {
    /// The environment decides, or else the profile.
    case auto
    case apiKey = "api_key"
    case securityToken = "security_token"
    case instancePrincipal = "instance_principal"
    case resourcePrincipal = "resource_principal"
    case okeWorkloadIdentity = "oke_workload_identity"
}

public enum SignInMethod: String, Sendable, Equatable {
    case apiKey = "API key"
    case securityToken = "session token"
    case instancePrincipal = "instance principal"
    case resourcePrincipal = "resource principal"
    case okeWorkloadIdentity = "OKE workload identity"

    /// The method of a mode; nil for `auto`.
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

    /// The method that the environment or a profile names; nil for `auto`.
    init?(named setting: IdentitySettings.Setting) throws(CredentialsError) {
        guard let mode = AuthenticationMode(rawValue: setting.value.lowercased()) else {
            let known = AuthenticationMode.allCases.map(\.rawValue).joined(separator: ", ")
            throw CredentialsError(
                "Unknown sign-in method \(setting.value), from \(setting.place).",
                advice: "Use one of \(known).", kind: .unsupported)
        }
        self.init(mode)
    }

    /// Whether OCI provides the identity, instead of a profile.
    public var isPrincipal: Bool {
        switch self {
        case .instancePrincipal, .resourcePrincipal, .okeWorkloadIdentity: true
        case .apiKey, .securityToken: false
        }
    }
}
