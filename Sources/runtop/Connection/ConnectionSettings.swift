import AIDP
import Foundation
import HTTP
import OCIAuth
import Runs

/// The value of a setting and its origin: `--endpoint`, `AIDP_ENDPOINT` or `the settings file`.
struct Setting: Sendable, Equatable {
    let value: String
    let origin: String

    /// The first non-empty value of the flag, the variables in their order, and the settings file.
    ///
    /// With `AIDP_ENDPOINT=https://a` and `endpoint: https://b` in the file:
    ///
    ///     Setting(flag: "--endpoint", nil, variables: ["AIDP_ENDPOINT"], of: environment, file: file.endpoint)
    ///     // → value "https://a", origin "AIDP_ENDPOINT"
    init?(
        flag: String, _ given: String?, variables: [String], of environment: [String: String], file: String?
    ) {
        let layers =
            [(given, flag)] + variables.map { (environment[$0], $0) } + [(file, Self.settingsFile)]
        guard let (value, origin) = layers.first(where: { $0.0?.isEmpty == false }), let value else { return nil }
        self.value = value
        self.origin = origin
    }

    /// The name of the settings file in messages.
    static let settingsFile = "the settings file"
}

/// The settings of a connection, resolved: a flag overrides the environment, which overrides the settings file.
///
/// Each part that can have an error is a `Result`: a command fails with the first error (``connect(logs:)``), the
/// doctor reports all of them.
struct ConnectionSettings: Sendable {
    /// The address of the service; a failure if no instance is given.
    let address: Result<ServiceAddress, CommandFailure>
    let trustRoots: Result<TrustRoots, Trouble>
    let proxy: Result<ProxySettings?, Trouble>
    let signIn: AuthenticationSettings
    /// The timeout and the user agent, without the authorities and the proxy.
    let limits: ClientSettings

    init(_ options: ConnectionOptions, environment: [String: String], file: SettingsFile) {
        func setting(_ flag: String, _ given: String?, _ variables: [String], file: String?) -> Setting? {
            Setting(flag: flag, given, variables: variables, of: environment, file: file)
        }
        let instanceID = setting("--instance-id", options.instanceID, ["AIDP_INSTANCE_ID"], file: file.instanceID)
        let workspaceKey = setting(
            "--workspace-key", options.workspaceKey, ["AIDP_WORKSPACE_KEY"], file: file.workspaceKey)
        let url = setting(
            "--endpoint", options.endpoint, ["AIDP_ENDPOINT", "OCI_CLI_ENDPOINT"], file: file.endpoint)
        let authorities = setting("--ca-bundle", options.caBundle, Self.authorityVariables, file: file.caBundle)
        address = Result { () throws(CommandFailure) in
            guard let instanceID else {
                throw CommandFailure(
                    .usage, "No AI Data Platform instance given.",
                    advice: "Give --instance-id or AIDP_INSTANCE_ID; or try it without a tenancy: runtop demo.")
            }
            return ServiceAddress(
                instanceID: instanceID.value, workspaceKey: workspaceKey?.value, url: url,
                apiVersion: options.apiVersion ?? file.apiVersion ?? Endpoint.defaultAPIVersion,
                pathPrefix: options.pathPrefix ?? file.pathPrefix ?? "")
        }
        trustRoots = Result { () throws(Trouble) in
            guard let authorities else { return TrustRoots() }
            let path = Environment(environment).expandingTilde(authorities.value)
            try TrustRoots.check(path, from: authorities.origin)
            return TrustRoots(file: path, includesSystem: !Self.authorityVariables.contains(authorities.origin))
        }
        proxy = Result { () throws(Trouble) in try ProxySettings(environment: environment) }
        signIn = AuthenticationSettings(
            profile: options.profile, mode: options.auth, configFile: options.configFile, region: options.region,
            refreshesSession: options.refreshSession || file.refreshesSession == true,
            defaults: .init(
                profile: file.profile, mode: file.auth, configFile: file.configFile, region: file.region,
                place: Setting.settingsFile),
            environment: environment)
        limits = ClientSettings.limits(seconds: options.timeout ?? file.timeout, environment: environment)
    }

    /// The variables of the OCI CLI for a bundle of authorities. As in the OCI CLI, it replaces the system's
    /// authorities; a bundle from a flag or the settings file is added to them.
    private static let authorityVariables = ["OCI_CLI_CERT_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]

    /// All network settings of the client.
    func network() throws(Trouble) -> ClientSettings {
        var network = limits
        network.transport.trustRoots = try trustRoots.get()
        network.transport.proxy = try proxy.get()
        return network
    }

    /// Signs in, and prompts for a pass phrase if necessary.
    ///
    /// - Throws: the first error, before anything is sent or drawn.
    func connect(logs: RequestLogs) async throws -> Connection {
        let address = try address.get()
        guard let workspaceKey = address.workspaceKey else {
            throw CommandFailure(
                .usage, "No workspace given.", advice: "Give --workspace-key or AIDP_WORKSPACE_KEY.")
        }
        let network = try network()
        // A wrong URL is reported before the prompt for a pass phrase.
        let named = address.url == nil ? nil : try address.endpoint(in: nil)
        let credentials = try await signIn.credentials(
            network: network.transport, userAgent: network.userAgent, logger: logs.logger,
            askingPassPhrase: PassPhrasePrompt.ask)
        let endpoint = if let named { named } else { try address.endpoint(in: credentials.region) }
        let region = named == nil ? credentials.region?.identifier : nil
        return Connection(
            endpoint: endpoint, credentials: credentials, network: network, logs: logs,
            region: region ?? endpoint.origin, workspace: .key(workspaceKey),
            place: Place(instanceID: address.instanceID, workspaceKey: workspaceKey))
    }
}

/// The parts of the service's endpoint that the settings give.
struct ServiceAddress: Sendable, Equatable {
    let instanceID: String
    /// `nil` if none is given; only the operations of the instance are then possible.
    let workspaceKey: String?
    /// The service's URL; `nil` for the region's own.
    let url: Setting?
    let apiVersion: String
    let pathPrefix: String

    /// The endpoint at the given URL, or else in a region.
    func endpoint(in region: Region?) throws(CommandFailure) -> Endpoint {
        if let url { return try endpoint(at: url.value) }
        guard let region else {
            throw CommandFailure(
                .configuration, "No region given.", advice: "Give --region, or name one in the profile.")
        }
        return try endpoint(at: Endpoint.baseURL(in: region))
    }

    private func endpoint(at url: String) throws(CommandFailure) -> Endpoint {
        try withExitStatus(.usage) { () throws(Trouble) in
            try Endpoint(
                baseURL: url, apiVersion: apiVersion, pathPrefix: pathPrefix, instanceID: instanceID,
                workspaceKey: workspaceKey ?? "none")
        }
    }
}

extension ClientSettings {
    /// The timeout of one request, and the user agent.
    ///
    /// - Parameter seconds: `nil` for 10.
    static func limits(seconds: Double? = nil, environment: [String: String]) -> ClientSettings {
        var settings = ClientSettings()
        settings.timeout = .milliseconds(Int64((seconds ?? 10) * 1_000))
        settings.userAgent = UserAgent.text(version: Version.current, environment: environment)
        return settings
    }
}
