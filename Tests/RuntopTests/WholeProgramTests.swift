import Foundation
import TestSupport
import Testing

/// The real program in a real terminal: which screens follow which keys, and that the terminal is restored at the end.
@Suite("The whole program in a terminal", .blocking)
struct WholeProgramTests {
    /// Opens the demo. Afterwards the shell prints its exit status, and whether the terminal has its old settings.
    private func demo(_ terminal: Tmux) throws {
        // With the quotes, the typed line differs from the printed one, which the tests search for.
        try terminal.run(
            """
            cd "$XDG_STATE_HOME"; stty -g >before; \(Tmux.quoted(Program.runtop)) demo; echo st''atus $?; \
            stty -g >after; cmp before after && echo termi''nal as it was
            """)
        try terminal.wait(for: "40 jobs")
    }

    /// Opens the error trace of a job that always fails every other time.
    private func openTrace(_ terminal: Tmux) throws {
        try terminal.press("/", "k", "a", "f", "k", "a", "Enter")
        try terminal.wait(for: "1 shown")
        try terminal.until("the runs of the job are on the screen") {
            $0.firstMatch(of: /ingest_orders_kafka +[▁▂▃▄▅▆▇█]/) == nil ? nil : true
        }
        try terminal.press("e")
        try terminal.wait(for: "ingest_orders_kafka exited with status")
    }

    @Test("keys open the trace of the newest failure from the jobs, and go back")
    func rootCause() throws {
        let terminal = try Tmux()
        try demo(terminal)
        try terminal.wait(for: "broken")
        try openTrace(terminal)
        // Esc is pressed alone: Esc directly followed by another key would mean Alt and that key.
        try terminal.press("Escape")
        try terminal.wait(for: "REASON")
        try terminal.press("Enter")
        try terminal.wait(for: "CREATED")
        try terminal.press("q")
        try terminal.wait(for: "REASON")
        try terminal.press("q")
        let end = try terminal.wait(for: "terminal as it was")
        #expect(end.contains("status 0"))
    }

    @Test("the dashboard warns of a key that others can read, and so does standard error at the end")
    func warning() throws {
        let service = try Service("--jobs", "2")
        let key = service.identityFolder.appending(path: "key.pem").path
        try #require(chmod(key, 0o644) == 0)
        let terminal = try Tmux(columns: 200, environment: service.environment)
        try terminal.run("\(Tmux.quoted(Program.runtop)); echo st''atus $?")
        let board = try terminal.wait(for: "key.pem (mode 0644)")
        #expect(!board.contains("status"))
        try terminal.wait(for: "2 jobs")
        try terminal.press("q")
        let end = try terminal.wait(for: "status 0")
        #expect(end.contains("key.pem (mode 0644)"))
    }

    @Test("the demo with --token-lifetime signs in with a session, and shows when it ends")
    func shortSession() throws {
        let terminal = try Tmux(columns: 120)
        try terminal.run("\(Tmux.quoted(Program.runtop)) demo --jobs 2 --token-lifetime 30s")
        try terminal.wait(for: "session ends in")
        try terminal.wait(for: "2 jobs")
    }

    @Test("the demo ignores the user's settings for a tenancy")
    func demoIsSeparate() throws {
        let terminal = try Tmux(environment: [
            "AIDP_ENDPOINT": "http://example.com", "AIDP_INSTANCE_ID": "..", "OCI_CLI_AUTH": "magic",
            "OCI_CLI_CONFIG_FILE": "/nowhere", "OCI_CLI_PROFILE": "NOBODY", "OCI_CLI_REGION": "us/ashburn",
            "OCI_CLI_KEY_FILE": "/nowhere", "SSL_CERT_FILE": "/nowhere", "HTTPS_PROXY": "socks5://127.0.0.1:1",
        ])
        try demo(terminal)
    }

    @Test("a trace is saved to ~, the home directory of the environment")
    func home() throws {
        let folder = try TemporaryFolder()
        let terminal = try Tmux(environment: ["HOME": folder.url.path])
        try demo(terminal)
        try openTrace(terminal)
        try terminal.press("s", "C-u", "~", "/", "t", "Enter")
        _ = try eventually("the file is there") {
            FileManager.default.fileExists(atPath: folder.file("t").path) ? true : nil
        }
    }

    @Test("keys filter, show the help, sort and pause")
    func keys() throws {
        let terminal = try Tmux(columns: 200, rows: 60)
        try demo(terminal)
        try terminal.press("/", "g", "o", "l", "d")
        try terminal.wait(for: "filter gold")
        try terminal.press("Enter", "?")
        try terminal.wait(for: "Keys on this screen")
        try terminal.press("C-f")
        try terminal.wait(for: "UPSTREAM_FAILED")
        try terminal.press("q", "s", "j", "j", "Enter")
        try terminal.wait(for: "by JOB")
        try terminal.press("p")
        try terminal.wait(for: "PAUSED")
    }

    @Test("the screen follows every change of the size, from 20x5 up")
    func sizes() throws {
        let terminal = try Tmux(columns: 200, rows: 60)
        try demo(terminal)
        for (columns, rows) in [(80, 24), (20, 5), (19, 4), (40, 10), (200, 60), (20, 60), (200, 5)] {
            try terminal.resize(columns: columns, rows: rows)
            if columns < 20 || rows < 5 {
                try terminal.wait(for: "Too small")
            } else {
                let screen = try terminal.until("a screen of \(columns)x\(rows)") { screen in
                    let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                    return lines.count == rows && screen.contains("broken") && screen.contains("? help") ? screen : nil
                }
                #expect(screen.split(separator: "\n").allSatisfy { $0.count <= columns })
            }
        }
    }

    @Test(
        "the dashboard runs on terminals and in locales of many kinds",
        arguments: [
            ("xterm", "C.UTF-8"), ("xterm-256color", "C.UTF-8"), ("screen", "C.UTF-8"), ("linux", "C.UTF-8"),
            ("vt100", "C"),
            ("tmux-256color", "C"),
        ])
    func terminals(_ type: String, _ locale: String) throws {
        let terminal = try Tmux(environment: ["TERM_TO_USE": type, "LC_ALL": locale])
        try demo(terminal)
        let screen = try terminal.wait(for: "SUCCESS")
        if locale == "C" { #expect(screen.utf8.allSatisfy { $0 < 0x80 }) }
        try terminal.press("q")
        try terminal.wait(for: "terminal as it was")
    }

    @Test("with NO_COLOR there are no colours, and every status has its glyph and word")
    func noColor() throws {
        let terminal = try Tmux(environment: ["NO_COLOR": "1"])
        try demo(terminal)
        try terminal.wait(for: "SUCCESS")
        let styled = try terminal.screen(styled: true)
        let colours = styled.matches(of: /\e\[[0-9;]*\b(3[0-7]|4[0-7]|38|48|9[0-7]|10[0-7])[;m]/)
        #expect(colours.isEmpty)
        #expect(styled.contains("✗") || styled.contains("✓"))
    }

    @Test(
        "the terminal is restored however the dashboard ends",
        arguments: [
            (SIGTERM, "status 143"), (SIGSEGV, "SIGSEGV"), (SIGABRT, "SIGABRT"), (SIGTRAP, "SIGTRAP"),
            (SIGILL, "SIGILL"),
            (SIGKILL, "SIGKILL"),
        ])
    func deaths(_ signal: Int32, _ text: String) throws {
        let terminal = try Tmux()
        try demo(terminal)
        let (_, dashboard) = try terminal.processes()
        kill(dashboard, signal)
        let end = try terminal.wait(for: "terminal as it was")
        #expect(end.contains(text), "\(end)")
        #expect(!end.contains("Press space"))
        #expect(!end.contains("40 jobs"), "the alternate screen is left")
    }

    @Test("^C ends the dashboard, and the terminal is restored")
    func interrupt() throws {
        let terminal = try Tmux()
        try demo(terminal)
        try terminal.press("C-c")
        try terminal.wait(for: "terminal as it was")
    }

    @Test("^Z stops the dashboard, and fg brings it back")
    func suspend() throws {
        let terminal = try Tmux()
        try demo(terminal)
        try terminal.press("C-z")
        try terminal.wait(for: "topped")
        try terminal.run("fg")
        try terminal.wait(for: "40 jobs")
        try terminal.press("q")
        try terminal.wait(for: "$")
    }

    @Test("when the terminal is closed, runtop ends")
    func hangUp() throws {
        let terminal = try Tmux()
        try demo(terminal)
        let (parent, dashboard) = try terminal.processes()
        try terminal.hangUp()
        _ = try eventually("both processes gone") {
            Tmux.isAlive(parent) || Tmux.isAlive(dashboard) ? nil : true
        }
    }

    @Test(
        "when the service does not answer the rows stay, marked stale with the reason, and are fresh again when it answers"
    )
    func outage() throws {
        let service = try Service("--jobs", "12")
        let terminal = try Tmux(columns: 160, rows: 40, environment: service.environment)
        try terminal.run("\(Tmux.quoted(Program.runtop)) --interval 2s --timeout 2")
        let before = try terminal.wait(for: "12 jobs")
        #expect(!before.contains("stale"))
        service.freeze()
        let during = try terminal.wait(for: "backing off, next try")
        #expect(during.contains("12 jobs"), "\(during)")
        #expect(during.contains("stale"), "\(during)")
        #expect(during.contains("recentJobRuns: "), "\(during)")
        #expect(during.contains("Failing for"), "\(during)")
        service.thaw()
        try terminal.until("the dashboard is fresh again") { screen in
            screen.contains("every 2s") && !screen.contains("stale") && !screen.contains("Failing") ? true : nil
        }
        service.crash()
        let gone = try terminal.wait(for: "stale")
        #expect(gone.contains("12 jobs"), "\(gone)")
        #expect(gone.contains("recentJobRuns: "), "\(gone)")
    }
}
