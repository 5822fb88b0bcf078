import Foundation
import TestThreads
import Testing

/// Whatever runtop leaves behind, and whatever it is told to write: nothing in it is secret.
@Suite("Secrets", .blocking)
struct SecretsTests {
    private static let passPhrase = "correct horse"

    /// One way to use runtop, and how the service behaves.
    struct Use: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        var fault: String?
        /// With the encrypted key, which this pass phrase opens or does not.
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

    @Test("are in no log, no error, no report of the doctor and no recorded exchange", arguments: uses)
    func nowhere(_ use: Use) throws {
        let arguments = ["--jobs", "2", "--token-lifetime", "5m"] + (use.fault.map { ["--fault", $0] } ?? [])
        let service = try Service(arguments: arguments)
        let config = try #require(service.environment["OCI_CLI_CONFIG_FILE"])
        let identity = URL(filePath: config).deletingLastPathComponent()
        if use.passPhrase != nil {
            let keys = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "OCIAuthTests/Fixtures/keys/rsa-pbes2-aes256.pem")
            try Data(contentsOf: keys).write(to: identity.appending(path: "key.pem"))
        }
        let folder = try TemporaryFolder()
        let variables = ["OCI_CLI_PASSPHRASE": use.passPhrase ?? "", "OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "1"]
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
            // Whatever else looks like a token.
            #expect(text.firstMatch(of: /eyJ[A-Za-z0-9_-]{10,}/) == nil, "\(text.prefix(2_000))")
        }
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

    @Test("are in no core dump: the system is told to leave none")
    func coreDump() throws {
        let service = try Service("--jobs", "2", "--fault", "hang")
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            Program.runtop, ["runs"], environment: Program.inherited.merging(service.environment) { _, ours in ours },
            output: folder.file("output"), errors: folder.file("errors"))
        defer { _ = process.wait() }
        defer { process.terminate() }
        let limit = try eventually("its limits say so") { () -> String? in
            let limits = try String(contentsOf: URL(filePath: "/proc/\(process.id)/limits"), encoding: .utf8)
            let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            let words = line?.split(separator: " ") ?? []
            return words.count > 5 && words[4] == "0" && words[5] == "0" ? words.joined(separator: " ") : nil
        }
        #expect(limit.contains("core"))
    }
}
