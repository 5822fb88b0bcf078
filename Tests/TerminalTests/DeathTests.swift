import Foundation
import Glibc
import TestSupport
import Testing

/// The terminal is restored however the dashboard ends. Every test has a pseudo-terminal of its own.
@Suite("Ways to end", .blocking)
struct DeathTests {
    private enum Cause: String, CaseIterable {
        case quit = "q"
        case interrupt = "\u{3}"
        case trap = "T"
        case segmentationFault = "S"
        case abort = "A"
        case kill = "K"
        case quitKey = "\u{1C}"

        var status: Int32 {
            switch self {
            case .quit: 0
            case .interrupt: 130
            case .trap, .segmentationFault, .abort: 70
            case .kill: 137
            case .quitKey: 131
            }
        }
    }

    private func expectRestored(_ terminal: PseudoTerminal, _ what: String) {
        #expect(terminal.isAsBefore, "\(what): the modes of the terminal are back")
        let left = terminal.text.ranges(of: "\u{1B}[?1049l").last
        let entered = terminal.text.ranges(of: "\u{1B}[?1049h").last
        #expect(left != nil, "\(what): the alternate screen was used, and left")
        #expect(entered != nil, "\(what): the alternate screen was used, and left")
        if let left, let entered { #expect(left.lowerBound > entered.lowerBound, "\(what)") }
        #expect(terminal.text.ranges(of: "\u{1B}[?2004l").last != nil, "\(what): bracketed paste is off")
        #expect(!terminal.text.contains("Press space"), "\(what): no debugger asks for keys")
    }

    @Test("by a key, a trap, a fault, an abort or SIGKILL", arguments: Cause.allCases.map(\.rawValue))
    func causes(_ key: String) throws {
        let cause = try #require(Cause(rawValue: key))
        let terminal = try PseudoTerminal()
        try #require(terminal.read(until: "paints=1"))
        terminal.type(key)
        #expect(terminal.exitStatus() == cause.status, "\(cause)")
        expectRestored(terminal, "\(cause)")
        let hasReport = terminal.text.contains("Report: ")
        #expect(hasReport == (cause.status == 70), "\(cause)")
        if let path = terminal.text.firstMatch(of: /Report: (\S+\.txt)\./)?.1 {
            let attributes = try FileManager.default.attributesOfItem(atPath: String(path))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let report = try String(contentsOfFile: String(path), encoding: .utf8)
            #expect(report.contains("Program crashed"))
            // The runtime shows the memory behind each register, which may hold a key.
            #expect(!report.contains("Registers:"))
        }
    }

    @Test(
        "after a crash the terminal is restored, with one message before the report is written",
        arguments: ["T", "S", "A"])
    func crashComesBeforeItsReport(_ key: String) throws {
        // A reporter that writes nothing until the gate is opened.
        let folder = FileManager.default.temporaryDirectory.appending(path: "reporter-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (reporter, gatePath) = (folder.appending(path: "reporter"), folder.appending(path: "gate").path)
        try ExecutableScript.write("read -r line < '\(gatePath)'\necho \"Program crashed, $line\" >&2\n", to: reporter)
        try #require(mkfifo(gatePath, 0o600) == 0)
        let gate = open(gatePath, O_RDWR | O_CLOEXEC)
        try #require(gate >= 0)
        defer { close(gate) }

        let terminal = try PseudoTerminal(environment: ["SWIFT_BACKTRACE": "swift-backtrace=\(reporter.path)"])
        try #require(terminal.read(until: "paints=1"))
        terminal.type(key)
        try #require(terminal.read(until: "The report is being written to "))
        try #require(terminal.read(until: ".txt"))
        expectRestored(terminal, "before the report")
        let path = try #require(terminal.text.firstMatch(of: /is being written to (\S+\.txt)/)).1
        #expect(try String(contentsOfFile: String(path), encoding: .utf8).contains("Program crashed") == false)

        terminal.type("typed for the dead dashboard\n")
        _ = write(gate, "let through\n", 12)
        #expect(terminal.exitStatus() == 70)
        expectRestored(terminal, "after the report")
        #expect(try String(contentsOfFile: String(path), encoding: .utf8).contains("Program crashed, let through"))
        #expect(terminal.text.contains("the report is complete. Report: \(path)."))
        #expect(terminal.text.ranges(of: "the dashboard crashed (SIG").count == 1)
        #expect(!terminal.hasTyping, "what was typed meanwhile is not for the shell")
    }

    @Test(
        "by a signal to the supervisor", arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130)] as [(Int32, Int32)])
    func signals(_ signal: Int32, _ status: Int32) throws {
        let terminal = try PseudoTerminal()
        try #require(terminal.read(until: "paints=1"))
        kill(terminal.process, signal)
        #expect(terminal.exitStatus() == status)
        expectRestored(terminal, "signal \(signal)")
    }

    @Test("kills a dashboard that hangs two seconds after SIGTERM")
    func hanging() throws {
        let terminal = try PseudoTerminal()
        try #require(terminal.read(until: "paints=1"))
        terminal.type("H")
        kill(terminal.process, SIGTERM)
        #expect(terminal.exitStatus() == 143)
        expectRestored(terminal, "hanging")
    }

    @Test("if the supervisor is killed, the dashboard restores the terminal itself")
    func supervisorKilled() throws {
        let terminal = try PseudoTerminal()
        try #require(terminal.read(until: "paints=1"))
        kill(terminal.process, SIGKILL)
        #expect(terminal.read(until: "\u{1B}[?1049l"))
        #expect(terminal.exitStatus() == 137)
    }

    @Test("if the supervisor is killed, the modes that a shell has set since then stay")
    func shellIsBack() throws {
        // Between the dashboard's look at the modes and its change of them the shell may set its own: on a busy machine that
        // happens now and then, and not three times in a row.
        var stayed = false
        for _ in 0..<3 where !stayed {
            let terminal = try PseudoTerminal(
                shell: "set -m; \"$PROBE\"; stty -icanon -echo; echo READY; read -r -n 1")
            try #require(terminal.read(until: "paints=1"))
            let supervisor = try #require(terminal.supervisor)
            kill(supervisor, SIGKILL)
            #expect(terminal.read(until: "READY"))
            #expect(terminal.text.contains("\u{1B}[?1049l") || terminal.read(until: "\u{1B}[?1049l"))
            stayed = !terminal.echoes
            terminal.type("x")
            #expect(terminal.exitStatus() == 0)
        }
        #expect(stayed)
    }

    @Test("if the terminal is gone, both processes end", arguments: ["", "trap '' HUP; exec \"$PROBE\""])
    func terminalGone(_ shell: String) throws {
        let terminal = try PseudoTerminal(shell: shell.isEmpty ? nil : shell)
        try #require(terminal.read(until: "paints=1"))
        let dashboard = try #require(terminal.dashboard)
        terminal.hangUp()
        #expect(terminal.exitStatus() == 129)
        // Without its parent it may remain as a zombie until another process collects its status.
        let state = try? String(contentsOfFile: "/proc/\(dashboard)/stat", encoding: .utf8)
        #expect(state == nil || state?.contains(") Z") == true)
    }

    /// Twenty times, because a signal that arrives twice or not at all does so only rarely.
    @Test("^Z stops both processes once, and restores the terminal; fg draws everything again")
    func suspended() throws {
        let terminal = try PseudoTerminal(
            shell: "set -m; \"$PROBE\"; while [ $? -gt 128 ]; do echo STOPPED; fg; done; echo DONE $?")
        try #require(terminal.read(until: "paints=1"))
        let dashboard = try #require(terminal.dashboard)
        for _ in 0..<20 {
            terminal.type("\u{1A}")
            try #require(terminal.read(until: "STOPPED"))
            try #require(terminal.read(until: "pid=\(dashboard)"))
        }
        terminal.type("q")
        #expect(terminal.read(until: "DONE 0"))
        expectRestored(terminal, "stopped and continued")
    }

    @Test("an unknown TERM gives a sentence, and leaves the terminal unchanged")
    func unknownTerminal() throws {
        let terminal = try PseudoTerminal(environment: ["TERM": "nonsense"])
        #expect(terminal.exitStatus() == 69)
        #expect(terminal.text.contains("terminfo does not know the terminal \"nonsense\""))
        #expect(terminal.isAsBefore)
    }
}
