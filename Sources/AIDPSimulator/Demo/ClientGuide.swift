/// How to point other clients at a running simulator: what `runtop simulate` prints.
public struct ClientGuide: Sendable {
    private let endpoint: String
    private let identity: DemoIdentity
    private let settings: SimulatorSettings

    /// - Parameter port: the port that was bound.
    public init(port: Int, identity: DemoIdentity, settings: SimulatorSettings) {
        endpoint = "http://127.0.0.1:\(port)"
        self.identity = identity
        self.settings = settings
    }

    /// Lines to paste into a shell, after which `runtop` and the official CLI need no flags but the workspace.
    public var shell: String {
        """
        export AIDP_ENDPOINT=\(endpoint)
        export AIDP_INSTANCE_ID=\(settings.instanceID)
        export OCI_CLI_CONFIG_FILE=\(Self.quoted(identity.configFile.path))
        export OCI_CLI_PROFILE=\(identity.profile)
        runtop --workspace-key \(settings.workspaceKey)
        """
    }

    /// Lines to paste into a shell, after which one can sign in in the other ways too.
    public var otherWays: String {
        let variables =
            [
                ("OCI_METADATA_BASE_URL", "\(endpoint)/opc/v2"), ("OCI_SDK_AUTH_CLIENT_REGION_URL", endpoint),
            ] + identity.resourcePrincipal
        return variables.map { "export \($0)=\(Self.quoted($1))" }.joined(separator: "\n") + """

            # runtop --profile \(DemoIdentity.sessionProfile)  (a session token; --refresh-session prolongs it)
            # runtop --auth instance_principal
            # runtop --auth resource_principal
            """
    }

    /// A Python script that lists the jobs with Oracle's own client.
    public var python: String {
        """
        import oci
        from aidp_python_client.aidataplatform_dp import WorkflowClient
        config = oci.config.from_file("\(identity.configFile.path)", "\(identity.profile)")
        client = WorkflowClient(config, service_endpoint="\(endpoint)")
        for job in client.list_jobs("\(settings.instanceID)", "\(settings.workspaceKey)").data.items:
            print(job.key, job.name)
        """
    }

    private static func quoted(_ path: String) -> String { "'" + path.replacing("'", with: #"'\''"#) + "'" }
}
