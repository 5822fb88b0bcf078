import Foundation
import TestSupport
import Testing

/// `runtop simulate` from one start to the next.
@Suite("The embedded service alone", .blocking)
struct SimulateTests {
    private func identity(in state: TemporaryFolder) -> URL {
        state.url.appending(path: "runtop/simulator", directoryHint: .isDirectory)
    }

    private func mode(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    @Test("a second start uses the same user, keys and tokens, in private files, and leaves no other files")
    func keepsItsIdentity() throws {
        let (state, copy) = (try TemporaryFolder(), try TemporaryFolder())
        let folder = identity(in: state)
        let first = try Service(arguments: ["--jobs", "1"], state: state.url)
        #expect(first.configFile.path == folder.appending(path: "config").path)
        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let names = ["config", "key.pem", "session.pem", "resource.pem", "issuer.pem"]
        let kept = try names.map(text)
        // A session that continues while the service restarts: a copy of its token, since the restart writes a new one.
        try Data(text("token").utf8).write(to: copy.file("token"))
        let tokenPath = folder.appending(path: "token").path
        try Data(text("config").replacing(tokenPath, with: copy.file("token").path).utf8).write(to: copy.file("config"))
        first.stop()

        let second = try Service(arguments: ["--jobs", "1"], state: state.url)
        #expect(try names.map(text) == kept)
        #expect(try mode(folder) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count == 8, "\(files)")
        for file in files { #expect(try mode(file) == 0o600, "\(file)") }
        let session = try second.runtop(
            "runs", "--profile", "SESSION", "--config-file", copy.file("config").path, "--output", "jsonl")
        #expect(session.status == 0, "\(session.errors)")
        #expect(!session.output.isEmpty, "\(session.errors)")
        #expect(try second.temporaryFiles().isEmpty)
        // The user of another service is rejected.
        let stranger = try Service("--jobs", "1")
        let refused = try second.runtop(
            "runs", "--config-file", stranger.configFile.path)
        #expect(refused.status == 77, "\(refused.errors)")
    }

    @Test("an open dashboard continues when the service starts again")
    func restart() throws {
        let state = try TemporaryFolder()
        let service = try Service(arguments: ["--jobs", "3"], state: state.url)
        let terminal = try Tmux(columns: 160, environment: service.environment)
        try terminal.run("\(Tmux.quoted(Program.runtop)) --interval 2s --timeout 2")
        try terminal.wait(for: "3 jobs")
        service.crash()
        try terminal.wait(for: "stale")
        let again = try Service(arguments: ["--jobs", "3"], port: service.port, state: state.url)
        try terminal.until("the dashboard is fresh again") { screen in
            screen.contains("every 2s") && !screen.contains("stale") && !screen.contains("Failing") ? true : nil
        }
        #expect(again.environment == service.environment)
    }

    @Test("it prints what the other commands need, with the path of the program")
    func prints() throws {
        let service = try Service("--jobs", "1")
        #expect(service.printed.contains("\nexport AIDP_WORKSPACE_KEY="))
        #expect(service.printed.contains("\n\(Program.runtop)\n"), "\(service.printed)")
        #expect(service.printed.contains("# \(Program.runtop) --auth instance_principal"))
        let doctor = try service.runtop("doctor", "--output", "json")
        #expect(doctor.status != 64, "\(doctor.errors)")
        #expect(doctor.status < 3, "\(doctor.errors)")
    }

    @Test("a folder that others could change is rejected, with advice")
    func foreignFolder() throws {
        let (state, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
        try FileManager.default.createDirectory(
            at: state.url.appending(path: "runtop"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: identity(in: state).standardizedFileURL, withDestinationURL: elsewhere.url)
        let ended = try Program.run(
            Program.runtop, ["simulate", "--port", "0"], environment: ["XDG_STATE_HOME": state.url.path])
        #expect(ended.status == 74, "\(ended.errors)")
        #expect(ended.errors.contains("Set XDG_STATE_HOME"), "\(ended.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.url.path).isEmpty)
    }
}
