import Foundation
import Runs
import TestSupport
import Testing

@testable import runtop

/// Actions from the shell: their outcome, their exit statuses, and the journal.
@Suite("Actions from the shell", .blocking)
struct ActionCommandTests {
    private let service: Service

    init() throws { service = try Service("--jobs", "40") }

    private func object(_ text: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }

    private func act(_ arguments: String..., state: TemporaryFolder) throws -> Program.Ended {
        try service.runtop(arguments, changing: ["XDG_STATE_HOME": state.url.path])
    }

    /// The key of a run in a status, by what `runtop runs` prints.
    private func run(in status: String, of other: Service? = nil) throws -> String {
        try eventually("a run that is \(status)") {
            let runs = try (other ?? service).runtop("runs", "--output", "jsonl", "--record-count", "5")
            return try runs.output.split(separator: "\n").lazy.map { try object(String($0)) }.first { run in
                (run["state"] as? [String: Any])?["status"] as? String == status
            }?["key"] as? String
        }
    }

    @Test("a failed run is repaired and waited for; a repaired run cannot be resumed; the journal contains all of it")
    func repair() throws {
        let (state, run) = (try TemporaryFolder(), try run(in: "FAILED"))
        let ended = try act("repair", run, "--allow-actions", "--yes", "--wait", "--output", "json", state: state)
        #expect(ended.status == 0, "\(ended.errors)")
        let report = try object(ended.output)
        #expect(report["outcome"] as? String == "confirmed")
        #expect(report["runKey"] as? String == run)
        #expect(report["statusBefore"] as? String == "FAILED")
        #expect(report["endStatus"] as? String == "SUCCESS")
        #expect((report["opcRequestId"] as? String)?.isEmpty == false)
        let again = try act("repair", run, "--allow-actions", "--yes", state: state)
        #expect(again.status == 3, "\(again.errors)")
        #expect(again.output.contains("refused") && again.output.contains("409"), "\(again.output)")
        let journal = try act("history", "journal", "--output", "json", state: state)
        let records = try #require(
            try JSONSerialization.jsonObject(with: Data(journal.output.utf8)) as? [[String: Any]])
        #expect(records.map { $0["outcome"] as? String } == ["refused", "confirmed"])
        #expect(records.allSatisfy { ($0["principal"] as? String)?.hasPrefix("ocid1.user.") == true })
        #expect(records[1]["retryToken"] as? String == report["retryToken"] as? String)
        let table = try act("history", "journal", state: state)
        #expect(table.output.split(separator: "\n").count == 3, "\(table.output)")
    }

    @Test(
        "nothing is sent without permission and confirmation: exit status 3",
        arguments: [
            ([], "Actions are off"), (["--yes"], "Actions are off"),
            (["--yes", "--confirm-place", "x"], "Actions are off"),
            (["--allow-actions"], "no terminal"),
        ] as [([String], String)])
    func refused(_ options: [String], _ words: String) throws {
        let state = try TemporaryFolder()
        for command in [["repair", "r"], ["trigger", "j"], ["cancel", "r"]] {
            var command = command
            if options == ["--allow-actions"] {
                let isJob = command[0] == "trigger"
                command[1] = try isJob ? job() : run(in: "SUCCESS")
            }
            // `setsid` removes the terminal for the question.
            let ended = try Program.run(
                "setsid", ["-w", Program.runtop] + command + options,
                environment: service.environment.merging(["XDG_STATE_HOME": state.url.path]) { $1 })
            #expect(ended.status == 3, "\(ended.errors)")
            #expect(ended.errors.contains(words), "\(ended.errors)")
            #expect(ended.output.isEmpty)
        }
        let journal = try act("history", "journal", state: state)
        #expect(
            journal.status == 66 || journal.output.split(separator: "\n").count == 1,
            "nothing got as far as the journal")
    }

    private func job() throws -> String {
        let runs = try service.runtop("runs", "--output", "jsonl", "--record-count", "1")
        let first = try #require(runs.output.split(separator: "\n").first)
        return try #require(try object(String(first))["jobKey"] as? String)
    }

    @Test("a protected place requires its name")
    func protected() throws {
        let (state, run) = (try TemporaryFolder(), try run(in: "FAILED"))
        let settings = state.file("settings.yaml")
        try Data("actions: true\nprotected: true\n".utf8).write(to: settings)
        for wrong in [["--yes"], ["--confirm-place", "retail"], ["--yes", "--confirm-place", "retail"]] {
            let ended = try service.runtop(
                ["repair", run, "--settings", settings.path] + wrong, changing: ["XDG_STATE_HOME": state.url.path])
            #expect(ended.status == 3, "\(ended.errors)")
            #expect(ended.errors.contains("retail-production is protected"), "\(ended.errors)")
        }
        let ended = try act(
            "repair", run, "--settings", settings.path, "--confirm-place", "retail-production", state: state)
        #expect(ended.status == 0, "\(ended.errors)\(ended.output)")
    }

    @Test("a job is triggered with parameters; the new run can be canceled; an unknown key is refused")
    func triggerAndCancel() throws {
        let state = try TemporaryFolder()
        // While an earlier run of the job is active, the new one is skipped: try until one is queued.
        let runs = try service.runtop("runs", "--output", "jsonl", "--record-count", "1")
        let jobs = try runs.output.split(separator: "\n").compactMap { try object(String($0))["jobKey"] as? String }
        var found: String?
        for job in jobs where found == nil {
            let ended = try act(
                "trigger", job, "--parameter", "day=today", "--allow-actions", "--yes", "--output", "json",
                state: state)
            // A skipped run is a refusal.
            #expect(ended.status == (ended.output.contains("SKIPPED") ? 3 : 0), "\(ended.errors)\(ended.output)")
            let report = try object(ended.output)
            let isQueued = (report["answer"] as? String)?.contains("QUEUED") == true
            if isQueued { found = report["startedRunKey"] as? String }
        }
        let started = try #require(found)
        let canceled = try act("cancel", started, "--allow-actions", "--yes", "--wait", state: state)
        #expect(canceled.status == 0, "\(canceled.errors)\(canceled.output)")
        #expect(canceled.output.contains("CANCELED"))
        let late = try act("cancel", started, "--allow-actions", "--yes", state: state)
        #expect(late.status == 3, "it has ended")
        for command in ["repair", "cancel", "trigger"] {
            let unknown = try act(command, "nothing", "--allow-actions", "--yes", state: state)
            #expect(unknown.status == 77, "\(unknown.errors)")
        }
        let wrong = try act("trigger", jobs[0], "--parameter", "nonsense", state: state)
        #expect(wrong.status == 64, "\(wrong.errors)")
    }

    @Test("each outcome has its own exit status")
    func statuses() {
        #expect(ExitStatus(.confirmed) == nil)
        #expect(ExitStatus(.refused)?.rawValue == 3)
        #expect(ExitStatus(.failed)?.rawValue == 69)
        #expect(ExitStatus(.unconfirmed)?.rawValue == 4)
        #expect(ExitStatus(.sent)?.rawValue == 4)
    }

    @Test(
        "what the service answers to an action is said, and is what the journal has",
        arguments: [
            ("status:401", 3, "refused"), ("status:412", 3, "refused"), ("429:1", 69, "failed"),
            ("slow:3s", 0, "confirmed"),
        ] as [(String, Int32, String)])
    func answered(_ fault: String, _ status: Int32, _ outcome: String) throws {
        let faulty = try Service("--jobs", "40", "--fault", "\(fault),for=repairJobRun")
        let (state, run) = (try TemporaryFolder(), try run(in: "FAILED", of: faulty))
        let ended = try faulty.runtop(
            ["repair", run, "--allow-actions", "--yes", "--timeout", "2", "--output", "json"],
            changing: ["XDG_STATE_HOME": state.url.path])
        #expect(ended.status == status, "\(ended.errors)\(ended.output)")
        let report = try object(ended.output)
        #expect(report["outcome"] as? String == outcome)
        let journal = try faulty.runtop(
            ["history", "journal", "--output", "json"], changing: ["XDG_STATE_HOME": state.url.path])
        let records = try JSONSerialization.jsonObject(with: Data(journal.output.utf8)) as? [[String: Any]]
        #expect(records?.count == 1)
        #expect(records?.first?["outcome"] as? String == outcome)
        #expect(records?.first?["answer"] as? String == report["answer"] as? String)
    }

    @Test(
        "an answer that is lost is looked for, and what is found is confirmed; a service that is gone is a failure",
        arguments: ["half", "drop"])
    func lost(_ fault: String) throws {
        let lossy = try Service("--jobs", "40", "--fault", "\(fault),for=repairJobRun")
        let state = try TemporaryFolder()
        let run = try run(in: "FAILED", of: lossy)
        let ended = try lossy.runtop(
            ["repair", run, "--allow-actions", "--yes", "--output", "json"],
            changing: ["XDG_STATE_HOME": state.url.path])
        #expect(ended.status == 0, "\(ended.errors)\(ended.output)")
        #expect(try object(ended.output)["outcome"] as? String == "confirmed")
        lossy.stop()
        let gone = try lossy.runtop(
            ["repair", run, "--allow-actions", "--yes"], changing: ["XDG_STATE_HOME": state.url.path])
        #expect(gone.status == 69, "\(gone.errors)")
    }
}
