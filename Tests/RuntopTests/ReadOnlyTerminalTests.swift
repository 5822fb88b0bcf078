import Foundation
import TestSupport
import Testing

/// Read-only, tried in a real terminal: nothing leaks, whatever key, command or option asks.
@Suite("Read-only, in a terminal", .blocking)
struct ReadOnlyTerminalTests {
    /// The operator's own commands on each scope: one that changes something, and one that does not.
    private static let settings = """
        actions: false
        commands:
          - {name: make-job, key: L, scope: job, output: none, mutates: true, argv: [touch, made-job]}
          - {name: make-run, key: L, scope: run, output: none, mutates: true, argv: [touch, made-run]}
          - {name: make-task, key: L, scope: task, output: terminal, mutates: true, argv: [touch, made-task]}
          - {name: look, key: K, scope: job, output: none, argv: [touch, looked]}

        """

    /// A screen, the keys that lead to it from the jobs, and what is on it alone.
    private struct Screen {
        let keys: [String]
        let sign: String
        /// The operator's command there that changes something.
        var own: String?
    }

    private static let screens = [
        Screen(keys: [], sign: "by worst", own: "make-job"),
        Screen(keys: ["d"], sign: "Next start  ", own: "make-job"),
        Screen(keys: ["Enter"], sign: "by CREATED", own: "make-run"),
        Screen(keys: ["e"], sign: "t tasks", own: "make-run"),
        Screen(keys: ["e", "Enter"], sign: "tasks of run", own: "make-task"),
        Screen(keys: ["e", "Enter", "Enter"], sign: "P pager", own: "make-task"),
        Screen(keys: ["C"], sign: "causes · by"),
        Screen(keys: ["J"], sign: "journal ·"),
        Screen(keys: ["?"], sign: "help ·"),
    ]

    private func expectNothing(_ terminal: Tmux, _ what: String) throws {
        let screen = try terminal.screen()
        #expect(!screen.contains("any other key: No") && !screen.contains("Type its name"), "\(what)\n\(screen)")
    }

    private func made(_ terminal: Tmux) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: terminal.stateFolder.path).filter {
            $0.hasPrefix("made") || $0 == "looked"
        }
    }

    @Test("on every screen: the keys that act, the commands that act, the operator's own that change something")
    func everyScreen() throws {
        // Only a job that fails about every second time: there always is a failed run with tasks.
        let service = try Service("--jobs", "1")
        let terminal = try Tmux.watching(service, "", settings: Self.settings, columns: 200, rows: 40)
        try terminal.wait(for: "read-only")
        for screen in Self.screens {
            for key in screen.keys {
                try terminal.press(key)
                usleep(300_000)
            }
            try terminal.wait(for: screen.sign)
            for key in ["R", "T", "X", "L"] {
                try terminal.press(key)
                // Where there is a run or a job to act on, it says why not.
                if screen.own != nil { try terminal.wait(for: "Read-only") } else { usleep(200_000) }
                try expectNothing(terminal, "\(screen.keys) \(key)")
                try terminal.press("y")
            }
            let own = [screen.own].compactMap(\.self)
            for command in ["repair", "repair rerun", "repair load", "trigger", "trigger day=1", "cancel"] + own {
                try terminal.command(command)
                if screen.own != nil { try terminal.wait(for: "Read-only") } else { usleep(200_000) }
                try expectNothing(terminal, "\(screen.keys) :\(command)")
                try terminal.press("y")
            }
            for _ in 0..<4 { try terminal.escape() }
        }
        #expect(try made(terminal) == [])
        // What changes nothing runs.
        try terminal.press("K")
        _ = try eventually("a command that changes nothing runs") { try made(terminal) == ["looked"] ? true : nil }
        try terminal.expectNothingSent()
    }
}
