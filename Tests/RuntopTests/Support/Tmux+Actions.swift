import Foundation
import TestSupport
import Testing

/// A dashboard in a terminal that acts on the runs of a service.
extension Tmux {
    /// Opens the dashboard on a service, and waits until it has shown which jobs are broken.
    ///
    /// - Parameters:
    ///   - arguments: of `runtop`, besides the interval and the log.
    ///   - settings: its settings file.
    static func watching(
        _ service: Service, _ arguments: String = "--allow-actions", interval: String = "2s", settings: String? = nil,
        columns: Int = 80, rows: Int = 24
    ) throws -> Tmux {
        let terminal = try Tmux(columns: columns, rows: rows, environment: service.environment)
        terminal.service = service
        var options = "--interval \(interval) --log-file \(quoted(terminal.logFile.path)) \(arguments)"
        if let settings {
            let file = terminal.stateFolder.appending(path: "settings.yaml")
            try Data(settings.utf8).write(to: file)
            options += " --settings " + quoted(file.path)
        }
        try terminal.run("\(quoted(Program.runtop)) \(options)")
        try terminal.wait(for: "every \(interval)")
        try terminal.wait(for: "broken")
        return terminal
    }

    private var logFile: URL { stateFolder.appending(path: "requests.log") }

    /// The requests to change something that the dashboard sent to the service, as its log has them.
    func sentRequests() throws -> [String] {
        try String(contentsOf: logFile, encoding: .utf8).split(separator: "\n").map(String.init).filter {
            $0.contains("POST /") && !$0.contains("/actions/fetchOutput")
        }
    }

    /// The journal of the dashboard: every action that passed the gate, the newest first.
    func journal() throws -> [[String: Any]] {
        let file = stateFolder.appending(path: "runtop/history.db").path
        let ended = try Program.run(Program.runtop, ["history", "journal", "--output", "json", "--history", file])
        guard ended.status == 0 else { throw NeverHappened(what: "a journal: \(ended.errors)") }
        let records = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
        return try #require(records as? [[String: Any]])
    }

    /// Waits until the journal has so many records, each with its outcome.
    func journal(of count: Int) throws -> [[String: Any]] {
        try eventually("\(count) actions with an outcome in the journal") {
            let records = try journal()
            let isOver = records.allSatisfy { !["sent", "unconfirmed"].contains($0["outcome"] as? String) }
            return records.count == count && isOver ? records : nil
        }
    }

    /// Opens the question about the selected job, or the next one below it whose newest run has failed.
    ///
    /// - Returns: the run and the job that it names.
    @discardableResult
    func askToRepair() throws -> (run: String, job: String) {
        var row = 0
        let shown = try until("a failed run to repair") { _ -> String? in
            if let question = try pressRepair() { return question }
            row += 1
            try press(row.isMultiple(of: 40) ? "g" : "Down")
            return nil
        }
        let run = try #require(shown.firstMatch(of: /run +([0-9a-f-]{36})/)).1
        let job = try #require(shown.firstMatch(of: /job +(\S+)/)).1
        return (String(run), String(job))
    }

    /// Presses R.
    ///
    /// - Returns: the screen with the question about one run; `nil` if there is another message.
    func pressRepair() throws -> String? {
        let before = try lastRow(of: screen())
        try press("R")
        // A second R would be a No, so the first one gets its time even on a busy machine.
        for _ in 0..<50 {
            usleep(100_000)
            let now = try screen()
            if now.contains("Repair this run?") { return now }
            if lastRow(of: now) != before { return nil }
        }
        return nil
    }

    /// The last row of a screen, which shows messages.
    private func lastRow(of screen: String) -> Substring? { screen.split(separator: "\n").last }

    /// Gives the answer to a question, when the question hears it.
    func answer(_ keys: String...) throws {
        usleep(600_000)
        for key in keys { try press(key) }
    }

    /// Esc, and a pause: Esc and another key at once would mean Alt and that key.
    func escape() throws {
        try press("Escape")
        usleep(600_000)
    }

    /// Expects that nothing was sent, and nothing got as far as the journal, also after a while in which it would have.
    func expectNothingSent() throws {
        usleep(3_000_000)
        #expect(try journal().isEmpty)
        #expect(try sentRequests().isEmpty)
    }

    /// Types a command after `:`.
    func command(_ line: String) throws { try type(":" + line + "\r") }
}
