import AIDP
import Foundation
import HTTP
import Logging
import OCIAuth
import Screen

/// The service to call and the credentials to sign with, resolved from the options.
struct Connection: Sendable {
    let endpoint: Endpoint
    let credentials: Credentials
    let network: ClientSettings
    /// Where its requests are logged.
    let logs: RequestLogs
    /// The names of the service in the header.
    let region: String
    let workspace: String
    /// The key of the workspace whose display name is still to be looked up; `nil` if a name was given.
    private let unnamedWorkspaceKey: String?
    let profile: String

    /// Resolves the options: a flag overrides the environment, the environment overrides the settings file.
    ///
    /// - Parameter names: the names of the region and the workspace in the header, if they differ from the settings.
    /// - Throws: ``Refusal`` that says what is missing or wrong, before anything is sent or drawn.
    init(
        _ options: ConnectionOptions, environment: [String: String], settings: SettingsFile,
        logs: RequestLogs = .none, named names: (region: String, workspace: String)? = nil
    ) async throws {
        self.logs = logs
        let place = try PlaceSettings(options, environment: environment, settings: settings)
        network = try NetworkSettings.resolve(options, environment: environment, settings: settings)
        // A wrong endpoint is refused before a pass phrase is asked for.
        let named = try place.url.map { try place.endpoint($0.value) }
        credentials = try await Self.credentials(
            AuthenticationSettings(options, environment: environment, settings: settings), network,
            logger: logs.logger)
        let endpoint = try named ?? place.endpoint(of: credentials.region)
        self.endpoint = endpoint
        region = names?.region ?? (named == nil ? credentials.region?.identifier ?? endpoint.origin : endpoint.origin)
        workspace = names?.workspace ?? place.workspaceKey
        unnamedWorkspaceKey = names == nil ? place.workspaceKey : nil
        profile =
            switch credentials.origin {
            case .profile(let name, _): name
            case .environment: "of the environment"
            }
    }

    /// A client of this service.
    ///
    /// - Parameter budget: the time for a call with all its attempts; one attempt can always use its whole time-out.
    func client(budget: Duration, keepsItemJSON: Bool = false) -> AIDPClient {
        var settings = network
        settings.budget = max(budget, settings.timeout)
        settings.keepsItemJSON = keepsItemJSON
        return AIDPClient(
            endpoint: endpoint, authenticator: credentials.authenticator, settings: settings, logger: logs.logger,
            observer: logs.observer)
    }

    /// A client for the poller: a call takes no longer than the current interval. When the service asks for a wait of
    /// more than a few seconds, the polling plan handles it and not the call.
    func client(within interval: CurrentInterval) -> AIDPClient {
        var settings = network
        settings.retry.longestRetryAfter = .seconds(3)
        return AIDPClient(
            endpoint: endpoint, authenticator: credentials.authenticator, settings: settings, logger: logs.logger,
            observer: logs.observer, budget: { interval.duration })
    }

    /// Looks up the workspace's display name; `nil` if the header already has a name.
    func workspaceName(_ client: AIDPClient) -> (@Sendable () async -> String?)? {
        guard let key = unnamedWorkspaceKey else { return nil }
        return {
            let page = try? await client.listWorkspaces(ListWorkspacesRequest(limit: 1000))
            return page?.items.first { $0.key == key }?.displayName.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// The state of the session token; `nil` for the other ways to sign in, whose tokens are always renewed.
    var session: (@Sendable () async -> SessionStanding)? {
        guard credentials.account.method == .securityToken else { return nil }
        return { [authenticator = credentials.authenticator] in
            SessionStanding(
                ends: await authenticator.expiration(), notRefreshed: await authenticator.renewalFailure()?.problem)
        }
    }

    private static func credentials(
        _ settings: AuthenticationSettings, _ network: ClientSettings, logger: Logger
    ) async throws -> Credentials {
        do throws(CredentialsError) {
            return try await settings.credentials(
                network: network.transport, userAgent: network.userAgent, logger: logger,
                askingPassPhrase: PassPhrasePrompt.ask)
        } catch {
            let status: ExitStatus =
                switch error.kind {
                case .unreadableFile: .noInput
                case .unreachable: .unavailable
                case .refused: .noPermission
                default: .configuration
                }
            throw Refusal(status, SafeText(error.problem), advice: SafeText(error.advice))
        }
    }
}

/// When a session token expires, and the reason if a refresh failed.
struct SessionStanding: Sendable {
    var ends: Date?
    var notRefreshed: String?
}

/// The instance, the workspace, and the service's URL if one was given. A flag overrides the environment, the environment
/// overrides the settings file; an empty value is ignored.
struct PlaceSettings: Sendable {
    let instanceID: String
    let workspaceKey: String
    /// The service's URL if one was given, and its source, such as `AIDP_ENDPOINT`.
    let url: (value: String, place: String)?
    private let apiVersion: String
    private let pathPrefix: String

    /// - Parameter needsWorkspace: whether the workspace must be given; its key is empty otherwise.
    /// - Throws: ``Refusal`` when the instance or the workspace is missing.
    init(
        _ options: ConnectionOptions, environment: [String: String], settings: SettingsFile,
        needsWorkspace: Bool = true
    ) throws {
        func first(_ flag: String?, _ variable: String, file: String?) -> String? {
            [flag, environment[variable], file].lazy.compactMap(\.self).first { !$0.isEmpty }
        }
        let instance = first(options.instanceID, "AIDP_INSTANCE_ID", file: settings.instanceID)
        guard let instance else {
            throw Refusal(
                .usage, "No AI Data Platform instance given.",
                advice: "Give --instance-id or AIDP_INSTANCE_ID; or try it without a tenancy: runtop demo.")
        }
        let workspace = first(options.workspaceKey, "AIDP_WORKSPACE_KEY", file: settings.workspaceKey)
        guard workspace != nil || !needsWorkspace else {
            throw Refusal(
                .usage, "No workspace given.", advice: "Give --workspace-key or AIDP_WORKSPACE_KEY.")
        }
        (instanceID, workspaceKey) = (instance, workspace ?? "")
        url = [
            (options.endpoint, "--endpoint"), (environment["AIDP_ENDPOINT"], "AIDP_ENDPOINT"),
            (environment["OCI_CLI_ENDPOINT"], "OCI_CLI_ENDPOINT"), (settings.endpoint, "the settings file"),
        ].lazy.compactMap { value, place in value.map { ($0, place) } }.first { !$0.0.isEmpty }
        apiVersion = options.apiVersion ?? settings.apiVersion ?? Endpoint.defaultAPIVersion
        pathPrefix = options.pathPrefix ?? settings.pathPrefix ?? ""
    }

    /// Without a workspace, only operations that do not need one are available.
    func endpoint(_ url: String) throws -> Endpoint {
        do throws(Trouble) {
            return try Endpoint(
                baseURL: url, apiVersion: apiVersion, pathPrefix: pathPrefix, instanceID: instanceID,
                workspaceKey: workspaceKey.isEmpty ? "none" : workspaceKey)
        } catch {
            throw Refusal(.usage, SafeText(error.problem), advice: SafeText(error.advice))
        }
    }

    /// The endpoint of the region, used when no URL is given.
    func endpoint(of region: Region?) throws -> Endpoint {
        guard let region else {
            throw Refusal(.configuration, "No region given.", advice: "Give --region, or name one in the profile.")
        }
        return try endpoint("https://" + region.host("aidp.{region}.oci.{secondLevelDomain}"))
    }
}

extension AuthenticationSettings {
    init(_ options: ConnectionOptions, environment: [String: String], settings: SettingsFile) {
        self.init(
            profile: options.profile, mode: options.auth, configFile: options.configFile, region: options.region,
            refreshesSession: options.refreshSession || settings.refreshesSession == true,
            defaults: Defaults(
                profile: settings.profile, mode: settings.auth, configFile: settings.configFile, region: settings.region
            ), environment: environment)
    }
}

/// How the service is reached: time-out, trusted authorities, proxy, user agent.
enum NetworkSettings {
    /// - Throws: ``Refusal`` for a file of authorities or a proxy that cannot be used.
    static func resolve(
        _ options: ConnectionOptions, environment: [String: String], settings: SettingsFile
    ) throws -> ClientSettings {
        var network = ClientSettings()
        network.timeout = .milliseconds(Int64((options.timeout ?? settings.timeout ?? 10) * 1_000))
        network.userAgent = UserAgent.text(version: Version.current, environment: environment)
        network.transport.trustRoots = try trustRoots(options, environment: environment, settings: settings)
        network.transport.proxy = try proxy(environment)
        return network
    }

    /// The certificate authorities to trust. A bundle from runtop's own settings is added to the system's; a bundle from a
    /// variable of the OCI CLI replaces the system's, as in the OCI CLI.
    static func trustRoots(
        _ options: ConnectionOptions, environment: [String: String], settings: SettingsFile
    ) throws -> TrustRoots {
        let variables = ["OCI_CLI_CERT_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]
        let bundles: [(path: String?, place: String, isOwn: Bool)] =
            [(options.caBundle, "--ca-bundle", true)] + variables.map { (environment[$0], $0, false) }
            + [(settings.caBundle, "the settings file", true)]
        let named = bundles.first { $0.path?.isEmpty == false }
        guard let (path, place, isOwn) = named, let path else { return TrustRoots() }
        let expanded = HomeFolder.expandingTilde(path, environment)
        do throws(Trouble) {
            try TrustRoots.check(expanded, from: place)
        } catch {
            throw Refusal(.configuration, SafeText(error.problem), advice: SafeText(error.advice))
        }
        return TrustRoots(file: expanded, includesSystem: isOwn)
    }

    static func proxy(_ environment: [String: String]) throws -> ProxySettings? {
        do throws(Trouble) {
            return try ProxySettings(environment: environment)
        } catch {
            throw Refusal(.configuration, SafeText(error.problem), advice: SafeText(error.advice))
        }
    }
}
