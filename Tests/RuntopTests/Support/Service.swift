import Foundation
import Testing

/// `runtop simulate` as a process of its own, on a port of its own.
final class Service {
    private let process: ChildProcess
    private var isStopped = false
    private let folder: TemporaryFolder
    /// What to set to reach it.
    let environment: [String: String]

    convenience init(_ arguments: String..., port: Int = 0) throws { try self.init(arguments: arguments, port: port) }

    init(arguments: [String], port: Int = 0) throws {
        folder = try TemporaryFolder()
        let output = folder.file("output")
        process = try ChildProcess(
            Program.runtop, ["simulate", "--port", "\(port)"] + arguments,
            environment: Program.inherited.merging(["TMPDIR": folder.url.path]) { _, ours in ours }, output: output,
            errors: folder.file("errors"))
        environment = try eventually("the service says where it listens") {
            let said = try String(contentsOf: output, encoding: .utf8)
            guard said.contains("--workspace-key") else { return nil }
            var found: [String: String] = [:]
            for line in said.split(separator: "\n") where line.hasPrefix("export ") {
                let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
                if parts.count == 2 { found[String(parts[0])] = parts[1].trimmingCharacters(in: ["'"]) }
            }
            let words = said.split(whereSeparator: \.isWhitespace)
            guard let flag = words.firstIndex(of: "--workspace-key"), words.indices.contains(flag + 1) else {
                return nil
            }
            found["AIDP_WORKSPACE_KEY"] = String(words[flag + 1])
            return found
        }
    }

    deinit { stop() }

    /// Lets it die without a word: its key stays.
    func crash() {
        isStopped = true
        kill(process.id, SIGKILL)
        _ = process.wait()
    }

    /// Lets it answer nothing, and lets it answer again.
    func freeze() { kill(process.id, SIGSTOP) }
    func thaw() { kill(process.id, SIGCONT) }

    func stop() {
        guard !isStopped else { return }
        isStopped = true
        process.terminate()
        _ = process.wait()
    }

    /// Runs `runtop` against it.
    func runtop(_ arguments: String..., environment extra: [String: String] = [:]) throws -> Program.Ended {
        try runtop(arguments, changing: extra)
    }

    func runtop(_ arguments: [String], changing changes: [String: String] = [:]) throws -> Program.Ended {
        try Program.run(Program.runtop, arguments, environment: environment.merging(changes) { _, ours in ours })
    }
}
