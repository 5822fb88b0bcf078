import Foundation

/// The text that `runtop simulate` prints: how to connect other clients to the running simulator.
package struct ClientGuide: Sendable {
    private let endpoint: String
    private let program: String
    private let identity: DemoIdentity
    private let settings: SimulatorSettings

    /// - Parameters:
    ///   - port: the port that the simulator listens on.
    ///   - program: the command that starts runtop.
    package init(port: Int, identity: DemoIdentity, settings: SimulatorSettings, program: String = "runtop") {
        endpoint = "http://127.0.0.1:\(port)"
        self.program =
            program.contains { !$0.isLetter && !$0.isNumber && !"/._-+".contains($0) }
            ? Self.quoted(program) : program
        self.identity = identity
        self.settings = settings
    }

    /// Lines to paste into a shell. After them, no command of runtop needs a flag.
    package var shell: String {
        """
        export AIDP_ENDPOINT=\(endpoint)
        export AIDP_INSTANCE_ID=\(settings.instanceID)
        export AIDP_WORKSPACE_KEY=\(settings.workspaceKey)
        export OCI_CLI_CONFIG_FILE=\(Self.quoted(identity.configFile.path))
        export OCI_CLI_PROFILE=\(identity.profile)
        \(program)
        """
    }

    /// Lines to paste into a shell for the other sign-in methods.
    package var otherWays: String {
        let variables =
            [
                ("OCI_METADATA_BASE_URL", "\(endpoint)/opc/v2"), ("OCI_SDK_AUTH_CLIENT_REGION_URL", endpoint),
            ] + identity.resourcePrincipal
        return variables.map { "export \($0)=\(Self.quoted($1))" }.joined(separator: "\n") + """

            # \(program) --profile \(DemoIdentity.sessionProfile)  (a session token; --refresh-session refreshes it)
            # \(program) --auth instance_principal
            # \(program) --auth resource_principal
            """
    }

    /// A Python script that lists the jobs with Oracle's own client.
    package var python: String {
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
