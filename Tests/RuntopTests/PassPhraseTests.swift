import Foundation
import TestSupport
import Testing

/// An encrypted key whose pass phrase is not configured: runtop prompts for it on the terminal.
@Suite("The pass phrase at the prompt", .blocking)
struct PassPhraseTests {
    /// A terminal with an encrypted key that the service does not know.
    private func terminal(_ service: Service) throws -> Tmux {
        try Tmux(
            columns: 150,
            environment: service.environment.merging([
                "OCI_CLI_KEY_FILE": KeyFixture.file(KeyFixture.encrypted).path,
                "OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "1",
                "OCI_CLI_FINGERPRINT": KeyFixture.fingerprint,
            ]) { $1 })
    }

    @Test(
        "the prompt allows a second try, has no echo, survives ^Z, and decrypts the key", arguments: ["runs", "watch"])
    func typed(_ command: String) throws {
        let service = try Service("--jobs", "2")
        let terminal = try terminal(service)
        try terminal.run("set -m; \(Tmux.quoted(Program.runtop)) \(command)")
        try terminal.wait(for: "Pass phrase of the key file")
        try terminal.run("wrong horse")
        try terminal.wait(for: "Wrong pass phrase.")
        try terminal.press("C-z")
        try terminal.wait(for: "topped")
        try terminal.run("clear; fg")
        try terminal.wait(for: "Pass phrase of the key file")
        try terminal.run("correct horse")
        // The pass phrase decrypts the key, and the service rejects the key.
        let end = try terminal.wait(for: "401 NotAuthenticated")
        #expect(!end.contains("horse"), "\(end)")
    }

    @Test(
        "a signal from another process ends the prompt, and the terminal is restored",
        arguments: ["runs", "doctor"], [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130), (SIGQUIT, 131)] as [(Int32, Int)])
    func signalled(_ command: String, _ signal: (number: Int32, status: Int)) throws {
        let service = try Service("--jobs", "2")
        let terminal = try terminal(service)
        try terminal.run(
            """
            cd "$XDG_STATE_HOME"; ulimit -c 0; stty -g >before; \(Tmux.quoted(Program.runtop)) \(command)
            """)
        try terminal.wait(for: "Pass phrase of the key file")
        _ = try eventually("the echo is off") { try terminal.hasEcho() ? nil : true }
        let process = try terminal.child()
        kill(process, signal.number)
        _ = try eventually("it has ended") { Tmux.isAlive(process) ? nil : true }
        // On a separate line, because a shell drops the rest of a line whose program was interrupted.
        try terminal.run("echo st''atus $?; stty -g >after; cmp before after && echo termi''nal as it was")
        let end = try terminal.wait(for: "terminal as it was")
        #expect(end.contains("status \(signal.status)"), "\(end)")
    }

    @Test("a hang-up that is ignored, as with nohup, stays ignored")
    func ignored() throws {
        let service = try Service("--jobs", "2")
        let terminal = try terminal(service)
        try terminal.run("trap '' HUP; \(Tmux.quoted(Program.runtop)) runs")
        try terminal.wait(for: "Pass phrase of the key file")
        _ = try eventually("the echo is off") { try terminal.hasEcho() ? nil : true }
        kill(try terminal.child(), SIGHUP)
        try terminal.run("correct horse")
        try terminal.wait(for: "401 NotAuthenticated")
    }

    @Test("^C ends the prompt, and the echo is restored")
    func declined() throws {
        let service = try Service("--jobs", "2")
        let terminal = try terminal(service)
        try terminal.run("\(Tmux.quoted(Program.runtop)); echo st''atus $?; stty -a | grep -c ' echo '")
        try terminal.wait(for: "Pass phrase of the key file")
        try terminal.press("C-c")
        let end = try terminal.wait(for: "status 130")
        #expect(!end.contains("crashed"), "\(end)")
        #expect(!end.contains("was ended"), "\(end)")
        _ = try eventually("the echo is back") {
            try terminal.screen().split(separator: "\n").contains("1") ? true : nil
        }
    }
}
