import AIDPClient
import ArgumentParser
import Foundation
import OCIAuth
import Screen

extension AuthenticationMode: ExpressibleByArgument {}

/// Where the service is and who we are: flags and variables by the official CLI's names.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The AI Data Platform instance, an OCID (AIDP_INSTANCE_ID).")
    var instanceID: String?

    @Option(help: "The workspace's key (AIDP_WORKSPACE_KEY).")
    var workspaceKey: String?

    @Option(help: "The profile of the OCI configuration file (OCI_CLI_PROFILE).")
    var profile: String?

    @Option(help: "How to sign in: auto, api_key or security_token (OCI_CLI_AUTH).")
    var auth: AuthenticationMode = .auto

    @Option(help: "The OCI configuration file (OCI_CLI_CONFIG_FILE).")
    var configFile: String?

    @Option(help: "The region, such as us-ashburn-1 (OCI_CLI_REGION).")
    var region: String?

    @Option(help: "The service's URL, in place of the region's own (AIDP_ENDPOINT, OCI_CLI_ENDPOINT).")
    var endpoint: String?

    @Option(help: "The version of the API: the first part of its paths.")
    var apiVersion: String = Endpoint.defaultAPIVersion

    @Option(help: "What stands before the version in the service's paths, such as /api.")
    var pathPrefix: String = ""

    @Option(help: "Seconds one request may take, 1 to 600.")
    var timeout: Double = 10

    func validate() throws {
        guard (1...600).contains(timeout) else {
            throw ValidationError("--timeout is \(timeout), and may be 1 to 600 seconds.")
        }
    }
}

/// A place to call and a way to sign: the options, resolved.
struct Connection: Sendable {
    let endpoint: Endpoint
    let credentials: Credentials
    let timeout: Duration
    /// What the header calls the place.
    let region: String
    let workspace: String
    let profile: String

    /// Resolves the options: a flag beats the environment, the environment beats the settings file.
    ///
    /// - Parameter names: what the header calls the region and the workspace, where there are better names for them.
    /// - Throws: ``Refusal`` that says what is missing or wrong, before anything is sent or drawn.
    init(
        _ options: ConnectionOptions, environment: [String: String], settings: SettingsFile,
        named names: (region: String, workspace: String)? = nil
    ) async throws {
        func setting(_ flag: String?, _ variables: String..., file: String?) -> String? {
            ([flag] + variables.map { environment[$0] } + [file]).lazy.compactMap(\.self).first { !$0.isEmpty }
        }
        guard let instanceID = setting(options.instanceID, "AIDP_INSTANCE_ID", file: settings.instanceID) else {
            throw Refusal(
                .usage, "The AI Data Platform instance is not named.",
                advice: "Give --instance-id or AIDP_INSTANCE_ID; or try it without a tenancy: runtop demo.")
        }
        guard let workspaceKey = setting(options.workspaceKey, "AIDP_WORKSPACE_KEY", file: settings.workspaceKey) else {
            throw Refusal(
                .usage, "The workspace is not named.", advice: "Give --workspace-key or AIDP_WORKSPACE_KEY.")
        }
        let url = setting(options.endpoint, "AIDP_ENDPOINT", "OCI_CLI_ENDPOINT", file: settings.endpoint)
        var place: Endpoint?
        if let url { place = try Self.endpoint(url, options, instanceID, workspaceKey) }
        credentials = try await Self.credentials(
            AuthenticationSettings(
                profile: options.profile ?? environment["OCI_CLI_PROFILE"] ?? settings.profile, mode: options.auth,
                configFile: options.configFile,
                region: options.region ?? environment["OCI_CLI_REGION"] ?? settings.region,
                environment: environment))
        if place == nil {
            guard let region = credentials.region else {
                throw Refusal(
                    .configuration, "No region is named.", advice: "Give --region, or name one in the profile.")
            }
            place = try Self.endpoint(
                "https://" + region.host("aidp.{region}.oci.{secondLevelDomain}"), options, instanceID, workspaceKey)
        }
        guard let place else { throw Refusal(.software, "No endpoint came of the options.") }
        endpoint = place
        timeout = .milliseconds(Int64(options.timeout * 1_000))
        region = names?.region ?? (url == nil ? credentials.region?.identifier ?? place.origin : place.origin)
        workspace = names?.workspace ?? workspaceKey
        profile =
            switch credentials.origin {
            case .profile(let name, _): name
            case .environment: "of the environment"
            }
    }

    /// A client of this place.
    ///
    /// - Parameter budget: for a call with all its attempts; one attempt always has its whole time-out.
    func client(budget: Duration, keepsItemJSON: Bool = false) -> AIDPClient {
        var settings = ClientSettings()
        settings.timeout = timeout
        settings.budget = max(budget, timeout)
        settings.userAgent = "runtop/\(Version.current)"
        settings.keepsItemJSON = keepsItemJSON
        return AIDPClient(endpoint: endpoint, authenticator: credentials.authenticator, settings: settings)
    }

    private static func endpoint(
        _ url: String, _ options: ConnectionOptions, _ instanceID: String, _ workspaceKey: String
    ) throws -> Endpoint {
        do throws(EndpointError) {
            return try Endpoint(
                baseURL: url, apiVersion: options.apiVersion, pathPrefix: options.pathPrefix, instanceID: instanceID,
                workspaceKey: workspaceKey)
        } catch {
            throw Refusal(.usage, SafeText(error.problem), advice: SafeText(error.advice))
        }
    }

    private static func credentials(_ settings: AuthenticationSettings) async throws -> Credentials {
        do throws(CredentialsError) {
            return try await settings.credentials(transport: IdentityHTTPTransport(settings: ClientSettings()))
        } catch {
            let status: ExitStatus = if case .unreadableFile = error.kind { .noInput } else { .configuration }
            throw Refusal(status, SafeText(error.problem), advice: SafeText(error.advice))
        }
    }
}
