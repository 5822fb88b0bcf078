import Foundation
import TestSupport
import Testing

/// A session token that expires while the dashboard runs, and is refreshed by another program.
@Suite("A session on a running dashboard", .blocking)
struct SessionTests {
    @Test("when the session expires the rows stay, and requests continue when its file is replaced")
    func endsAndComesBack() throws {
        let service = try Service("--jobs", "12", "--token-lifetime", "40s")
        let token = service.identityFolder.appending(path: "token")
        let terminal = try Tmux(columns: 110, rows: 24, environment: service.environment)
        try terminal.run(
            "\(Tmux.quoted(Program.runtop)) --profile SESSION --interval 2s; echo st''atus $?")
        try terminal.wait(for: "session ends in")
        let before = try terminal.wait(for: "12 jobs")

        // A copy of the session is refreshed while it is valid, and replaces the session after it has expired.
        let folder = try TemporaryFolder()
        let copy = folder.file("token")
        let first = try Data(contentsOf: token)
        try first.write(to: copy)
        let text = try String(contentsOf: service.configFile, encoding: .utf8).replacing(token.path, with: copy.path)
        try Data(text.utf8).write(to: folder.file("config"))
        func refresh() throws {
            let refreshed = try service.runtop([
                "runs", "--profile", "SESSION", "--refresh-session", "--config-file", folder.file("config").path,
            ])
            #expect(refreshed.status == 0, "\(refreshed.errors)")
        }
        _ = try eventually("the copy is refreshed") { () -> Bool? in
            try refresh()
            return try Data(contentsOf: copy) == first ? nil : true
        }
        let ended = try terminal.wait(for: "session ended")
        #expect(ended.contains("12 jobs"))
        try terminal.wait(for: "oci session authenticate --profile-name SESSION")
        try refresh()
        try Data(contentsOf: copy).write(to: token)
        let back = try terminal.until("the dashboard has fresh rows") { screen in
            screen.contains("session ended") || screen.contains("oci session") || screen.contains("stale")
                ? nil : screen
        }
        #expect(back.contains("12 jobs"))
        #expect(back.contains("every 2s"))
        #expect(before.contains("12 jobs"))
        try terminal.press("q")
        try terminal.wait(for: "status 0")
    }
}
