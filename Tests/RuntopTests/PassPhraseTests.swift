import Foundation
import TestThreads
import Testing

/// An encrypted key that nobody has written the pass phrase of: it is asked for on the terminal.
@Suite("The pass phrase at the prompt", .blocking)
struct PassPhraseTests {
    /// A terminal in a tenancy whose key is encrypted, and knows no such key.
    private func terminal(_ service: Service) throws -> Tmux {
        try Tmux(
            columns: 150,
            environment: service.environment.merging([
                "OCI_CLI_KEY_FILE": KeyFixture.file(KeyFixture.encrypted).path,
                "OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "1",
                "OCI_CLI_FINGERPRINT": KeyFixture.fingerprint,
            ]) { $1 })
    }

    @Test("may be mistyped, is not echoed, waits through ^Z, and opens the board", arguments: ["runs", "watch"])
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
        // It opens the key, which the service does not know.
        let end = try terminal.wait(for: "401 NotAuthenticated")
        #expect(!end.contains("horse"), "\(end)")
    }

    @Test("can be declined by ^C, with the echo back")
    func declined() throws {
        let service = try Service("--jobs", "2")
        let terminal = try terminal(service)
        try terminal.run("\(Tmux.quoted(Program.runtop)); echo st''atus $?; stty -a | grep -c ' echo '")
        try terminal.wait(for: "Pass phrase of the key file")
        try terminal.press("C-c")
        let end = try terminal.wait(for: "status 130")
        #expect(!end.contains("crashed") && !end.contains("was ended"), "\(end)")
        _ = try eventually("the echo is back") {
            try terminal.screen().split(separator: "\n").contains("1") ? true : nil
        }
    }
}
