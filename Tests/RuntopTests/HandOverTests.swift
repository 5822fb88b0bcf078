import Foundation
import TestSupport
import Testing

@testable import runtop

/// Opens a trace in the user's programs. They get the terminal, and the dashboard gets it back.
@Suite("The pager and the editor in a terminal", .blocking)
struct HandOverTests {
    /// A program in its own folder: a script of sh, whose last argument is the file.
    private func script(_ body: String, in folder: TemporaryFolder, _ name: String = "viewer") throws -> String {
        let file = folder.file(name)
        try ExecutableScript.write(body + "\n", to: file, interpreter: "/bin/sh")
        return file.path
    }

    /// Opens the demo at a trace. Afterwards the shell prints whether the terminal has its old settings.
    private func trace(_ terminal: Tmux) throws {
        try terminal.run(
            """
            cd "$XDG_STATE_HOME"; stty -g >before; \(Tmux.quoted(Program.runtop)) demo; echo st''atus $?; \
            stty -g >after; cmp before after && echo termi''nal as it was
            """)
        try terminal.wait(for: "40 jobs")
        try terminal.press("/", "k", "a", "f", "k", "a", "Enter")
        try terminal.wait(for: "1 shown")
        try terminal.until("the runs of the job are on the screen") {
            $0.firstMatch(of: /ingest_orders_kafka +[▁▂▃▄▅▆▇█]/) == nil ? nil : true
        }
        try terminal.press("e")
        try terminal.wait(for: "ingest_orders_kafka exited with status")
    }

    private func quit(_ terminal: Tmux) throws {
        try terminal.press("q")
        try terminal.wait(for: "1 shown")
        try terminal.press("q")
        let end = try terminal.wait(for: "terminal as it was")
        #expect(end.contains("status 0"), "\(end)")
    }

    @Test("P shows the text in $PAGER with its arguments, in a private file that is then removed; ^C goes to the pager")
    func pager() throws {
        let folder = try TemporaryFolder()
        let report = folder.file("report").path
        // A shell that ignores ^C, as a pager does, and prints what it receives.
        let pager = try script(
            """
            trap 'echo interru''pted' INT
            stat -c %a "$3" >'\(report)'; dirname "$3" >>'\(report)'
            echo "one=$1 two=$2"; grep -c 'exited with status' "$3"; echo stty=$(stty -a | grep -o '.icanon')
            while ! read -r line; do :; done
            echo "got $line"; read -r line
            """, in: folder)
        let terminal = try Tmux(environment: ["PAGER": "'\(pager)' \"a b\" c\\ d"])
        try trace(terminal)
        try terminal.press("P")
        let shown = try terminal.wait(for: "one=a b two=c d")
        #expect(!shown.contains("40 jobs"))
        #expect(try terminal.wait(for: "stty=").contains("stty= icanon"), "the shell's own modes")
        try terminal.press("C-c")
        try terminal.wait(for: "interrupted")
        try terminal.press("h", "i", "Enter")
        try terminal.wait(for: "got hi")
        try terminal.press("Enter")
        try terminal.wait(for: "ingest_orders_kafka exited with status")
        let lines = try String(contentsOfFile: report, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.first == "600")
        #expect(lines.count == 2 && !FileManager.default.fileExists(atPath: lines[1]))
        try quit(terminal)
    }

    @Test(
        "after a change of size the screen has the new size, and ^Z stops the editor and runtop as one job"
    )
    func editor() throws {
        let folder = try TemporaryFolder()
        let editor = try script("echo editing; while :; do read -r line && break; done", in: folder)
        let terminal = try Tmux(environment: ["VISUAL": "", "EDITOR": editor])
        try trace(terminal)
        try terminal.press("E")
        try terminal.wait(for: "editing")
        try terminal.resize(columns: 120, rows: 30)
        try terminal.press("C-z")
        try terminal.wait(for: "topped")
        try terminal.run("fg")
        try terminal.press("Enter")
        try terminal.until("the trace on a screen of 120x30") { screen in
            screen.contains("exited with status") && screen.contains("? help") ? screen : nil
        }
        // The shell continued its command line when the job stopped.
        try terminal.press("q")
        try terminal.wait(for: "1 shown")
        try terminal.press("q")
        try terminal.wait(for: "terminal as it was")
        // Input is discarded until the shell has the terminal again.
        _ = try eventually("the modes are as before") {
            try terminal.run("stty -g | cmp - before && echo mo''des as before")
            return try terminal.screen().contains("modes as before") ? true : nil
        }
    }

    @Test("after a program is killed in its own terminal modes, the dashboard is restored, and reports it")
    func killed() throws {
        let folder = try TemporaryFolder()
        let pager = try script(
            "stty raw -echo; printf '\\033[?1000h\\033[2J'; echo raw; sleep 0.2; kill -KILL $$", in: folder)
        let terminal = try Tmux(environment: ["PAGER": pager])
        try trace(terminal)
        try terminal.press("P")
        let after = try terminal.wait(for: "viewer was ended by signal 9")
        #expect(after.contains("exited with status"))
        try quit(terminal)
    }

    @Test("for a missing program there is a message, and nothing else changes")
    func missing() throws {
        let terminal = try Tmux(environment: ["PAGER": "no-such-pager -x"])
        try trace(terminal)
        try terminal.press("P")
        try terminal.wait(for: "PAGER names “no-such-pager”, which is not a program in PATH")
        try quit(terminal)
    }

    @Test(
        "when the dashboard must end while a program has the terminal, both do, and the terminal is as it was; also when it is killed",
        arguments: [SIGTERM, SIGKILL])
    func ended(_ signal: Int32) throws {
        let folder = try TemporaryFolder()
        let pager = try script("echo pag''ing $$; sleep 600 & wait", in: folder)
        let terminal = try Tmux(environment: ["PAGER": pager])
        try trace(terminal)
        let (_, dashboard) = try terminal.processes()
        try terminal.press("P")
        let shown = try terminal.wait(for: "paging ")
        let pid = try #require(shown.firstMatch(of: /paging (\d+)/).flatMap { pid_t($0.1) })
        kill(dashboard, signal)
        try terminal.wait(for: "terminal as it was")
        _ = try eventually("the pager is gone") { Tmux.isAlive(pid) ? nil : true }
        guard signal != SIGKILL else { return }
        let left = try FileManager.default.contentsOfDirectory(atPath: terminal.stateFolder.path)
        #expect(!left.contains { $0.hasPrefix("runtop-") }, "the text was in a file")
    }

    // MARK: Words of a command

    @Test(
        "a command is split like in a shell, and no other feature of a shell applies",
        arguments: [
            ("less", ["less"]), ("  less  -R ", ["less", "-R"]), ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
            ("a b\\ c", ["a", "b c"]), ("a ''", ["a", ""]), ("a \"\\\"\\x\"", ["a", "\"\\x"]),
            ("a$(b);c|d", ["a$(b);c|d"]),
            ("", []), ("x'y'z", ["xyz"]), ("a 'b", nil), ("a \"b", nil), ("a\\", nil),
        ] as [(String, [String]?)])
    func words(_ command: String, _ words: [String]?) {
        #expect(ShellWords.split(command) == words)
    }

    @Test("an unset variable means the default program, and an unclosed quote is an error")
    func choices() throws {
        let folder = try TemporaryFolder()
        _ = try script("", in: folder, "less")
        let environment = ["PATH": folder.url.path, "TMPDIR": folder.url.path, "PAGER": " "]
        let handed = try HandedText(
            "x", name: "a.txt", variables: ["PAGER"], standard: "less", environment: environment)
        #expect(handed.path == folder.file("less").path)
        #expect(handed.arguments.first == "less")
        #expect(try String(contentsOfFile: handed.arguments[1], encoding: .utf8) == "x")
        handed.remove()
        #expect(!FileManager.default.fileExists(atPath: handed.arguments[1]))
        #expect(throws: HandedText.Failure(reason: "PAGER is “less 'x”: a quote in it is not closed.")) {
            try HandedText(
                "x", name: "a", variables: ["PAGER"], standard: "less",
                environment: environment.merging(["PAGER": "less 'x"]) { $1 })
        }
    }
}
