import AIDP
import ArgumentParser
import Foundation
import OCIAuth
import Screen

extension AuthenticationMode: ExpressibleByArgument {}

/// The address of the service and how to sign in: flags and variables with the names of the official CLI.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The AI Data Platform instance, an OCID (AIDP_INSTANCE_ID).")
    var instanceID: String?

    @Option(help: "The workspace's key (AIDP_WORKSPACE_KEY).")
    var workspaceKey: String?

    @Option(help: "The profile of the OCI configuration file (OCI_CLI_PROFILE).")
    var profile: String?

    @Option(
        help:
            "How to sign in: api_key, security_token, instance_principal, resource_principal or oke_workload_identity; auto: as the profile says (OCI_CLI_AUTH)."
    )
    var auth: AuthenticationMode = .auto

    @Option(help: "The OCI configuration file (OCI_CLI_CONFIG_FILE).")
    var configFile: String?

    @Flag(help: "Refresh a session token before it ends, and write the new one to its file.")
    var refreshSession = false

    @Option(help: "The region, such as us-ashburn-1 (OCI_CLI_REGION).")
    var region: String?

    @Option(help: "The service's URL, instead of the region's own (AIDP_ENDPOINT, OCI_CLI_ENDPOINT).")
    var endpoint: String?

    @Option(
        help:
            "A PEM file of certificate authorities to trust besides the system's (OCI_CLI_CERT_BUNDLE, REQUESTS_CA_BUNDLE or SSL_CERT_FILE replaces the system's, as in the OCI CLI)."
    )
    var caBundle: String?

    @Option(
        help:
            "The version of the API, the first part of its paths: 20260430 or, for older instances, 20240831 (default 20260430)."
    )
    var apiVersion: String?

    @Option(help: "What comes before the version in the service's paths, such as /api.")
    var pathPrefix: String?

    @Option(help: "Seconds one request may take, 1 to 600 (default 10).")
    var timeout: Double?

    static let timeouts = 1.0...600.0

    func validate() throws {
        guard let timeout, !Self.timeouts.contains(timeout) else { return }
        throw ValidationError("--timeout is \(timeout), and may be 1 to 600 seconds.")
    }
}
