import Foundation
import TestSupport
import Testing

/// No secret is in anything that runtop writes.
@Suite("Secrets", .blocking)
struct SecretsTests {
    private static let passPhrase = "correct horse"

    /// One way to use runtop, and the faults of the service.
    struct Use: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        var fault: String?
        /// The pass phrase for an encrypted key, right or wrong; `nil` for a key that is not encrypted.
        var passPhrase: String?
        var testDescription: String { "\(arguments) \(fault ?? "") \(passPhrase ?? "")" }
    }

    private static let ways = [
        [], ["--profile", "SESSION"], ["--profile", "SESSION", "--refresh-session"], ["--auth", "instance_principal"],
        ["--auth", "resource_principal"],
    ]

    private static let uses =
        ways.flatMap { way in
            [nil, "wrong-key", "expired-token", "500"].map { Use(arguments: way, fault: $0) }
        } + [passPhrase, "wrong horse"].map { Use(arguments: [], passPhrase: $0) }

    @Test("no secret is in a log, an error, a report of the doctor or a recorded exchange", arguments: uses)
    func secretsAreNowhere(_ use: Use) throws {
        let arguments = ["--jobs", "2", "--token-lifetime", "5m"] + (use.fault.map { ["--fault", $0] } ?? [])
        let service = try Service(arguments: arguments)
        let identity = service.identityFolder
        let folder = try TemporaryFolder()
        var variables = ["OCI_CLI_PASSPHRASE": use.passPhrase ?? "", "OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "1"]
        if use.passPhrase != nil { variables.merge(try Self.encryptKey(in: identity)) { $1 } }
        let logs = [
            "--log-file", folder.file("log").path, "--log-level", "trace", "--debug-http", folder.file("http").path,
        ]
        let runs = try service.runtop(["runs", "--output", "json"] + logs + use.arguments, changing: variables)
        let doctor = try service.runtop(["doctor"] + use.arguments, changing: variables)
        let json = try service.runtop(["doctor", "--output", "json"] + use.arguments, changing: variables)
        var written = [runs, doctor, json].map { $0.output + $0.errors }
        let files = FileManager.default.enumerator(at: folder.url, includingPropertiesForKeys: nil)
        for case let file as URL in try #require(files) {
            written.append((try? String(contentsOf: file, encoding: .utf8)) ?? "")
        }
        #expect(written.joined().utf8.count > 500, "something was written")
        let secrets = try Self.secrets(in: identity) + [Self.passPhrase, "wrong horse", "PRIVATE KEY", "signature="]
        for text in written {
            for secret in secrets { #expect(!text.contains(secret), "\(secret.prefix(20))… in \(text.prefix(2_000))") }
            // All other text that looks like a token.
            #expect(text.firstMatch(of: /eyJ[A-Za-z0-9_-]{10,}/) == nil, "\(text.prefix(2_000))")
        }
    }

    /// Replaces the key with an encrypted one.
    ///
    /// - Returns: the environment variable with its fingerprint.
    private static func encryptKey(in folder: URL) throws -> [String: String] {
        try Data(contentsOf: KeyFixture.file(KeyFixture.encrypted)).write(to: folder.appending(path: "key.pem"))
        return ["OCI_CLI_FINGERPRINT": KeyFixture.fingerprint]
    }

    /// Every line of every key, and the tokens.
    private static func secrets(in folder: URL) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "config" }
        #expect(names.count >= 5)
        return try names.flatMap { name in
            try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
                .filter { !$0.hasPrefix("-----") && $0.count > 20 }.map(String.init)
        }
    }

    /// Which process is killed, and with which signal.
    struct Crash: Sendable, CustomTestStringConvertible {
        var isDashboard = true
        let signal: Int32
        /// Whether it signs in with an encrypted key and its pass phrase, or with a session.
        var hasPassPhrase = false
        var testDescription: String { "\(isDashboard ? "dashboard" : "parent") \(signal) \(hasPassPhrase)" }
    }

    @Test(
        "no secret is in a core dump or a crash report",
        arguments: [
            Crash(signal: SIGSEGV), Crash(signal: SIGABRT), Crash(signal: SIGSEGV, hasPassPhrase: true),
            Crash(isDashboard: false, signal: SIGSEGV, hasPassPhrase: true), Crash(isDashboard: false, signal: SIGQUIT),
        ])
    func crash(_ crash: Crash) throws {
        let service = try Service("--jobs", "2")
        let identity = service.identityFolder
        var variables = service.environment.merging(["OCI_CLI_PASSPHRASE": Self.passPhrase]) { $1 }
        if crash.hasPassPhrase {
            variables.merge(try Self.encryptKey(in: identity)) { $1 }
        } else {
            variables["OCI_CLI_PROFILE"] = "SESSION"
        }
        let terminal = try Tmux(columns: 160, environment: variables)
        // The system allows core dumps of any size; only runtop itself forbids them.
        try terminal.run("ulimit -c unlimited; cd \"$XDG_STATE_HOME\"; \(Tmux.quoted(Program.runtop))")
        // By then the key has been used, even if the service does not know it.
        try terminal.wait(for: crash.hasPassPhrase ? "not signed in" : "2 jobs")
        let processes = try terminal.processes()
        kill(crash.isDashboard ? processes.dashboard : processes.parent, crash.signal)
        _ = try eventually("both processes gone") {
            [processes.parent, processes.dashboard].contains(where: Tmux.isAlive) ? nil : true
        }
        let screen = try terminal.wait(for: crash.isDashboard ? "Report: " : "$")
        #expect(!screen.contains("Press space"), "\(screen)")
        var left = [screen]
        let files = try #require(
            FileManager.default.enumerator(at: terminal.stateFolder, includingPropertiesForKeys: nil))
        for case let file as URL in files {
            #expect(!file.lastPathComponent.hasPrefix("core"), "a core dump: \(file.path)")
            left.append((try? String(contentsOf: file, encoding: .utf8)) ?? "")
        }
        if crash.isDashboard { #expect(left.contains { $0.contains("Program crashed") }) }
        for secret in try Self.secrets(in: identity) + [Self.passPhrase] {
            #expect(!left.contains { $0.contains(secret) }, "\(secret.prefix(20))…")
        }
    }
}
