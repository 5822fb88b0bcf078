import Foundation
import TestSupport
import Testing

/// The embedded service, tested with Oracle's own client.
@Suite("The contract", .blocking)
struct ContractTests {
    /// A Python with Oracle's client; `scripts/test` installs it.
    private static let python = ProcessInfo.processInfo.environment["RUNTOP_PYTHON"]

    @Test(
        "Oracle's own Python client works against runtop simulate",
        .enabled(if: python != nil, "RUNTOP_PYTHON is not set"))
    func pythonClient() throws {
        let python = try #require(Self.python)
        let service = try Service()
        let cluster = try TLSProxy(to: service)
        let variables = ["OKE_PORT": "\(cluster.port)", "OKE_CERTIFICATE": cluster.certificateFile]
        let script = repositoryFile("Tests/RuntopTests/Contract/python_client.py")
        let names = [
            "AIDP_ENDPOINT", "OCI_CLI_CONFIG_FILE", "OCI_CLI_PROFILE", "AIDP_INSTANCE_ID", "AIDP_WORKSPACE_KEY",
        ]
        let arguments = try names.map { try #require(service.environment[$0]) }
        let ended = try Program.run(
            python, [script.path] + arguments, environment: service.environment.merging(variables) { $1 })
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains(" passed, 0 failed"), "\(ended.output)")
        let checks = ended.output.split(separator: " ").first.flatMap { Int($0) } ?? 0
        #expect(checks > 80, "all checks ran: \(ended.output)")
    }
}
