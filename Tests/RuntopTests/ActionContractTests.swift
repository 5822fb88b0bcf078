import Foundation
import TestSupport
import Testing

/// The effects of runtop's actions, as Oracle's own client reads them afterwards.
@Suite("Actions and Oracle's client", .blocking)
struct ActionContractTests {
    private static let python = ProcessInfo.processInfo.environment["RUNTOP_PYTHON"]

    private func seen(_ service: Service, _ arguments: String...) throws -> Program.Ended {
        let names = [
            "AIDP_ENDPOINT", "OCI_CLI_CONFIG_FILE", "OCI_CLI_PROFILE", "AIDP_INSTANCE_ID", "AIDP_WORKSPACE_KEY",
        ]
        let script = repositoryFile("Tests/RuntopTests/Contract/actions_seen.py")
        let address = try names.map { try #require(service.environment[$0]) }
        return try Program.run(
            try #require(Self.python), [script.path] + address + arguments, environment: service.environment)
    }

    private func started(_ output: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return try #require(object?["startedRunKey"] as? String)
    }

    @Test(
        "Oracle's client reads what runtop reported",
        .enabled(if: python != nil, "RUNTOP_PYTHON is not set"))
    func actions() throws {
        let service = try Service()
        let found = try seen(service, "failed", "-")
        let words = found.output.split(whereSeparator: \.isWhitespace).map(String.init)
        try #require(words.count == 3, "\(found.errors)")
        let (run, job, task) = (words[0], words[1], words[2])
        func expect(_ kind: String, _ key: String, _ values: String...) throws {
            let ended = try values.isEmpty ? seen(service, kind, key) : seen(service, kind, key, values[0])
            #expect(ended.output == "as it was said\n", "\(kind): \(ended.errors)")
        }
        let off = try service.runtop("repair", run, "--yes", "--no-history")
        #expect(off.status == 3)
        try expect("untouched", run)
        let repaired = try service.runtop(
            "repair", run, "--mode", "rerun", "--task", task, "--allow-actions", "--yes", "--no-history")
        #expect(repaired.status == 0, "\(repaired.errors)\(repaired.output)")
        try expect("repaired", run, task)
        let triggered = try service.runtop(
            "trigger", job, "--parameter", "day=2026-05-01", "--allow-actions", "--yes", "--no-history", "--output",
            "json")
        // The new run of a job that is active is skipped: then nothing was run, and the command says so.
        #expect([0, 3].contains(triggered.status), "\(triggered.errors)")
        try expect("started", try started(triggered.output), "day=2026-05-01")
        // The new run of a busy job is skipped, so the repaired run is the one to cancel.
        let canceled = try service.runtop("cancel", run, "--allow-actions", "--yes", "--no-history")
        if canceled.status == 0 {
            try expect("canceled", run)
        } else {
            #expect(canceled.status == 3, "it was over: \(canceled.output)")
            try expect("repaired", run)
        }
    }
}
