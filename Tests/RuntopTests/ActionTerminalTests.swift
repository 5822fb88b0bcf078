import Foundation
import TestSupport
import Testing

/// Accidents that other dashboards have when keys act on runs, tested in a real terminal against a real service.
@Suite("Accidents with actions, in a terminal", .blocking)
struct ActionTerminalTests {
    /// The journal of the dashboard in the terminal: every action that passed the gate.
    private func journal(_ terminal: Tmux) throws -> [[String: Any]] {
        let file = terminal.stateFolder.appending(path: "runtop/history.db").path
        let ended = try Program.run(Program.runtop, ["history", "journal", "--output", "json", "--history", file])
        guard ended.status == 0 else { throw NeverHappened(what: "a journal: \(ended.errors)") }
        let records = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
        return try #require(records as? [[String: Any]])
    }

    private func watch(
        _ service: Service, _ arguments: String = "--allow-actions", interval: String = "2s", settings: String? = nil
    ) throws -> Tmux {
        let terminal = try Tmux(environment: service.environment)
        var options = "--interval \(interval) \(arguments)"
        if let settings {
            let file = terminal.stateFolder.appending(path: "settings.yaml")
            try Data(settings.utf8).write(to: file)
            options += " --settings " + Tmux.quoted(file.path)
        }
        try terminal.run("\(Tmux.quoted(Program.runtop)) \(options)")
        try terminal.wait(for: "every \(interval)")
        try terminal.wait(for: "broken")
        return terminal
    }

    /// Opens the question about the job in the first row, which is broken nearly all the time.
    private func ask(_ terminal: Tmux) throws {
        _ = try eventually("a failed run to repair") {
            try terminal.press("R")
            usleep(300_000)
            return try terminal.screen().contains("Repair this run?") ? true : nil
        }
    }

    @Test("R and y repair the run: the row becomes green because of the user's action, from the first screen on")
    func repaired() throws {
        let terminal = try Tmux()
        try terminal.run("\(Tmux.quoted(Program.runtop)) demo")
        try terminal.wait(for: "actions on")
        try terminal.wait(for: "FAILED")
        // The most urgent job is in the first row: one key asks, and one confirms.
        try ask(terminal)
        usleep(600_000)
        try terminal.press("y")
        try terminal.wait(for: "repaired")
        _ = try eventually("the repaired run succeeds") {
            try terminal.screen().split(separator: "\n").contains { $0.contains("SUCCESS") && $0.contains("repaired") }
                ? true : nil
        }
    }

    @Test("keys typed ahead, a held Enter, and pasted text, bracketed or not, repair nothing")
    func typedAhead() throws {
        let service = try Service()
        let terminal = try watch(service)
        try ask(terminal)
        try terminal.press("Escape")
        // Esc directly followed by another key would mean Alt and that key.
        usleep(300_000)
        // All at once: the key that asks, and keys that would answer.
        try terminal.type("Ry")
        try terminal.wait(for: "Repair this run?")
        try terminal.press("Escape")
        usleep(200_000)
        try ask(terminal)
        usleep(600_000)
        try terminal.press("Enter", "Enter", "Enter")
        try terminal.press("Escape", "Escape")
        usleep(300_000)
        try ask(terminal)
        usleep(600_000)
        try terminal.paste("yes, please\r", marked: true)
        try terminal.paste("yes, please\r", marked: false)
        _ = try eventually("the burst of keys is no answer") {
            try terminal.screen().contains("Repair this run?") ? nil : true
        }
        usleep(500_000)
        #expect(try journal(terminal).isEmpty)
    }

    @Test("if the board moves under the question, the run in the question is repaired")
    func rowMoved() throws {
        let service = try Service("--speed", "60")
        let terminal = try watch(service)
        try ask(terminal)
        let screen = try terminal.screen()
        let run = try #require(screen.firstMatch(of: /run +([0-9a-f-]{36})/)).1
        // Meanwhile several refreshes reorder the table.
        usleep(5_000_000)
        try terminal.press("y")
        let records = try eventually("the action is in the journal, or refused") { () -> [[String: Any]]? in
            let records = try journal(terminal)
            let screen = try terminal.screen()
            return !records.isEmpty || screen.contains("Nothing was sent") || screen.contains("longer listed")
                ? records : nil
        }
        #expect(records.allSatisfy { $0["runKey"] as? String == String(run) })
    }

    @Test("a run that someone else repaired while the question was open is refused")
    func changed() throws {
        let service = try Service()
        let terminal = try watch(service, interval: "1h")
        try ask(terminal)
        let run = try #require(try terminal.screen().firstMatch(of: /run +([0-9a-f-]{36})/)).1
        let other = try service.runtop(
            "repair", String(run), "--allow-actions", "--yes", "--no-history", "--wait")
        #expect(other.status == 0, "\(other.errors)\(other.output)")
        try terminal.press("y")
        try terminal.wait(for: "refused")
        let records = try journal(terminal)
        #expect(records.count == 1)
        #expect(records.first?["outcome"] as? String == "refused")
        #expect(records.first?["opcRequestId"] == nil, "nothing was sent")
    }

    @Test("marks of rows are shown, named in the question, and removed after it")
    func marks() throws {
        let service = try Service()
        let terminal = try watch(service)
        try terminal.press("Space", "Space")
        try terminal.wait(for: "2 marked")
        try terminal.press("T")
        try terminal.wait(for: "Run these 2 jobs now?")
        usleep(600_000)
        try terminal.press("y")
        let records = try eventually("both are started") { () -> [[String: Any]]? in
            let records = try journal(terminal)
            return records.count == 2 && records.allSatisfy { $0["outcome"] as? String != "unconfirmed" }
                ? records : nil
        }
        #expect(Set(records.compactMap { $0["jobKey"] as? String }).count == 2)
        _ = try eventually("no mark is left") { try terminal.screen().contains("marked") ? nil : true }
    }

    @Test("a protected place is repaired only after its name is typed")
    func protected() throws {
        let service = try Service()
        let terminal = try watch(service, "", settings: "actions: true\nprotected: true\n")
        try terminal.wait(for: "retail-production")
        for wrong in ["y", "retail-test"] {
            try ask(terminal)
            try terminal.wait(for: "Type its name")
            usleep(600_000)
            try terminal.type(wrong)
            usleep(200_000)
            try terminal.press("Enter")
            try terminal.wait(for: "not the name")
        }
        #expect(try journal(terminal).isEmpty)
        try ask(terminal)
        usleep(600_000)
        try terminal.type("retail-production")
        usleep(200_000)
        try terminal.press("Enter")
        try terminal.wait(for: "repaired")
        #expect(try journal(terminal).count == 1)
    }

    @Test("in read-only mode no key and no command acts")
    func readOnly() throws {
        let service = try Service()
        let terminal = try watch(service, "")
        try terminal.wait(for: "read-only")
        for keys in [
            ["R", "y"], ["T", "Enter", "y"], ["X", "y"], ["Space", "R", "y"], ["Enter", "R", "y", "T", "y", "X"],
        ] {
            for key in keys {
                try terminal.press(key)
                usleep(400_000)
                #expect(try !terminal.screen().contains("any other key: No"))
            }
        }
        for command in ["repair", "repair rerun", "trigger", "trigger day=1", "cancel"] {
            try terminal.type(":" + command + "\r")
            try terminal.wait(for: "Read-only")
            try terminal.press("y")
        }
        #expect(try journal(terminal).isEmpty)
    }
}
