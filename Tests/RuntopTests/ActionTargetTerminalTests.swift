import Foundation
import TestSupport
import Testing

/// What goes wrong at other dashboards when keys act on runs, tried in a real terminal against a real service: a row, a mark or
/// a place that is no longer what was looked at.
@Suite("Accidents with the targets of actions, in a terminal", .blocking)
struct ActionTargetTerminalTests {
    /// The row of the table, from 0, in which a job stands.
    private func row(of job: String, on screen: String) -> Int? {
        screen.split(separator: "\n").firstIndex { $0.contains(job + " ") }
    }

    private func repairByAnother(_ run: String, _ service: Service, _ options: String...) throws {
        let other = try service.runtop(["repair", run, "--allow-actions", "--yes", "--no-history"] + options)
        #expect(other.status == 0, "\(other.errors)\(other.output)")
    }

    /// The same address, with other jobs behind it.
    private func exchange(_ service: Service, state: TemporaryFolder, _ arguments: String...) throws -> Service {
        service.stop()
        return try Service(arguments: arguments, port: service.port, state: state.url)
    }

    @Test("when the rows move under the question, what is repaired is the run that it names")
    func rowMoved() throws {
        let terminal = try Tmux.watching(try Service("--speed", "60", "--jobs", "200"), columns: 200, rows: 60)
        let target = try terminal.askToRepair()
        let before = try #require(row(of: target.job, on: try terminal.screen()))
        try terminal.until("its row moves") { row(of: target.job, on: $0) == before ? nil : true }
        #expect(try terminal.screen().contains("Repair this run?"))
        try terminal.answer("y")
        let records = try terminal.journal(of: 1)
        #expect(records.first?["runKey"] as? String == target.run)
        #expect(records.first?["outcome"] as? String == "confirmed")
        #expect(try terminal.sentRequests().map { $0.contains("/jobRuns/\(target.run)/") } == [true])
    }

    @Test("a run that somebody else repaired while the question was open is refused")
    func changed() throws {
        let service = try Service()
        let terminal = try Tmux.watching(service, interval: "1h")
        let target = try terminal.askToRepair()
        try repairByAnother(target.run, service, "--wait")
        try terminal.press("y")
        try terminal.wait(for: "refused")
        let records = try terminal.journal(of: 1)
        #expect(records.first?["outcome"] as? String == "refused")
        #expect(records.first?["opcRequestId"] == nil)
        #expect(try terminal.sentRequests().isEmpty)
    }

    @Test("a job that is gone while the question is open is not acted on")
    func gone() throws {
        let state = try TemporaryFolder()
        let service = try Service(arguments: [], state: state.url)
        let terminal = try Tmux.watching(service)
        // The list comes while the question is open.
        let empty = try exchange(service, state: state, "--jobs", "0", "--fault", "slow:3s,for=jobs")
        defer { empty.stop() }
        try terminal.until("the job of the question is gone") { _ in
            try terminal.escape()
            try terminal.press("r")
            try terminal.askToRepair()
            usleep(4_000_000)
            return try terminal.screen().contains("is no longer listed.") ? true : nil
        }
        try terminal.answer("y")
        try terminal.wait(for: "Nothing was sent.")
        try terminal.expectNothingSent()
    }

    // MARK: Marks

    @Test("marks of rows are shown, named in the question, and gone after it")
    func marks() throws {
        let service = try Service()
        let terminal = try Tmux.watching(service)
        try terminal.press("Space", "Space")
        try terminal.wait(for: "2 marked")
        try terminal.press("T")
        try terminal.wait(for: "Run these 2 jobs now?")
        try terminal.answer("y")
        let records = try terminal.journal(of: 2)
        #expect(Set(records.compactMap { $0["jobKey"] as? String }).count == 2)
        #expect(try terminal.sentRequests().count == 2)
        try terminal.waitUntilGone("marked")
    }

    @Test("marks of rows that are gone are dropped, with a word, and the next action meets nothing")
    func goneMarks() throws {
        let state = try TemporaryFolder()
        let service = try Service(arguments: [], state: state.url)
        let terminal = try Tmux.watching(service)
        try terminal.press("Space", "Space")
        try terminal.wait(for: "2 marked")
        let empty = try exchange(service, state: state, "--jobs", "0")
        defer { empty.stop() }
        let shown = try terminal.until("the list without the jobs is there") { _ -> String? in
            try terminal.press("r")
            usleep(1_000_000)
            let screen = try terminal.screen()
            return screen.contains("2 marked") ? nil : screen
        }
        #expect(shown.contains("2 marks dropped: their rows are gone."))
        for key in ["R", "T", "X"] {
            try terminal.press(key)
            try terminal.wait(for: "There is nothing to act on here.")
            try terminal.answer("y", "Escape")
            usleep(200_000)
        }
        try terminal.expectNothingSent()
    }

    @Test("of two that are marked, one that somebody else has repaired meanwhile is refused, and the other repaired")
    func changedMark() throws {
        let service = try Service("--jobs", "400")
        // A board that learns nothing more: what was marked is looked at again before it is acted on.
        let terminal = try Tmux.watching(service, interval: "1h")
        // Runs that failed themselves, and not with another job, whose repair would change them.
        try terminal.type("/FAILED\r")
        try terminal.wait(for: "filter FAILED")
        try terminal.press("Space", "Space")
        try terminal.wait(for: "2 marked")
        try terminal.press("R")
        let question = try terminal.wait(for: "Repair these 2 runs?")
        let runs = question.matches(of: /run +([0-9a-f-]{36}) +FAILED/).map { String($0.1) }
        try #require(runs.count == 2, "\(question)")
        try terminal.escape()
        try repairByAnother(runs[0], service)
        try terminal.press("R")
        try terminal.wait(for: "Repair these 2 runs?")
        try terminal.answer("y")
        let records = try terminal.journal(of: 2)
        func outcome(_ run: String) -> String? {
            records.first { $0["runKey"] as? String == run }?["outcome"] as? String
        }
        #expect(outcome(runs[0]) == "refused")
        #expect(outcome(runs[1]) == "confirmed")
        #expect(try terminal.sentRequests().map { $0.contains("/jobRuns/\(runs[1])/") } == [true])
        try terminal.waitUntilGone("marked")
    }

    @Test("a marked run that is no longer what it was when it was marked is left out of the next action")
    func staleMark() throws {
        let service = try Service()
        let terminal = try Tmux.watching(service, columns: 120, rows: 60)
        let target = try terminal.askToRepair()
        try terminal.escape()
        // All runs of the job are marked: those that can be repaired are asked about.
        try terminal.press("Enter")
        try terminal.wait(for: "TRIGGER")
        for _ in 0..<12 { try terminal.press("Space") }
        try terminal.wait(for: "marked")
        try terminal.press("R")
        try terminal.wait(for: String(target.run.prefix(12)))
        try terminal.escape()
        try repairByAnother(target.run, service, "--wait")
        try terminal.until("the mark is not acted on any more") { _ in
            let question = try terminal.pressRepair()
            try terminal.escape()
            return question?.contains("run   " + target.run.prefix(12)) ?? false ? nil : true
        }
        try terminal.expectNothingSent()
    }

    // MARK: The place

    @Test("a protected place is acted on only by its name: not by another, by a yes, or by one that is pasted")
    func protected() throws {
        let service = try Service()
        let terminal = try Tmux.watching(
            service, "",
            settings: """
                actions: true
                protected: true
                commands: [{name: make, key: L, scope: job, output: none, mutates: true, argv: [touch, made]}]

                """)
        try terminal.wait(for: "retail-production")
        for wrong in ["y", "retail-test", "Retail-Production", ""] {
            try terminal.askToRepair()
            try terminal.wait(for: "Type its name")
            usleep(600_000)
            try terminal.type(wrong)
            try terminal.wait(for: wrong + "_")
            usleep(200_000)
            try terminal.press("Enter")
            try terminal.wait(for: "not the name")
        }
        for marked in [true, false] {
            try terminal.askToRepair()
            usleep(600_000)
            try terminal.paste("retail-production\r", marked: marked)
            usleep(300_000)
            try terminal.press("Enter")
            try terminal.waitUntilGone("Repair this run?")
            for _ in 0..<3 { try terminal.escape() }
        }
        try terminal.press("L")
        try terminal.wait(for: "Type its name")
        try terminal.answer("y", "Enter")
        try terminal.wait(for: "not the name")
        try terminal.expectNothingSent()
        #expect(!FileManager.default.fileExists(atPath: terminal.stateFolder.appending(path: "made").path))
        try terminal.askToRepair()
        usleep(600_000)
        try terminal.type("retail-production")
        try terminal.wait(for: "retail-production_")
        usleep(200_000)
        try terminal.press("Enter")
        try terminal.wait(for: "repaired")
        #expect(try terminal.journal(of: 1).first?["outcome"] as? String == "confirmed")
    }

    @Test("when the address leads to another place under the question, nothing there is acted on")
    func otherPlace() throws {
        let state = try TemporaryFolder()
        let service = try Service(arguments: [], state: state.url)
        let terminal = try Tmux.watching(service, interval: "1h")
        let target = try terminal.askToRepair()
        // The same address, but other runs.
        let other = try exchange(service, state: state, "--seed", "7")
        defer { other.stop() }
        try terminal.answer("y")
        try terminal.wait(for: "refused")
        let records = try terminal.journal(of: 1)
        #expect(records.first?["outcome"] as? String == "refused")
        #expect((records.first?["answer"] as? String)?.contains("gone") == true)
        #expect(records.first?["runKey"] as? String == target.run)
        #expect(try terminal.sentRequests().isEmpty)
    }
}
