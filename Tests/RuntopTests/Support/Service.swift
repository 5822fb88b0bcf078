import Foundation
import Testing

/// `runtop simulate` as a process of its own, on a port of its own.
final class Service {
    private let process: ChildProcess
    private var isStopped = false
    private let folder: TemporaryFolder
    /// What it says to set to reach it.
    let environment: [String: String]
    /// All that it prints.
    let said: String

    convenience init(_ arguments: String..., port: Int = 0) throws { try self.init(arguments: arguments, port: port) }

    /// - Parameter state: where it keeps its identity; a folder of its own by default.
    init(arguments: [String], port: Int = 0, state: URL? = nil) throws {
        folder = try TemporaryFolder()
        let output = folder.file("output")
        process = try ChildProcess(
            Program.runtop, ["simulate", "--port", "\(port)", "--host", TLSProxy.host] + arguments,
            environment: Program.inherited.merging([
                "TMPDIR": folder.url.path, "XDG_STATE_HOME": state?.path ?? folder.url.path,
            ]) { _, ours in ours }, output: output,
            errors: folder.file("errors"))
        said = try eventually("the service says where it listens") {
            let said = try String(contentsOf: output, encoding: .utf8)
            return said.contains("print(job.id, job.name)") ? said : nil
        }
        var found: [String: String] = [:]
        for line in said.split(separator: "\n") where line.hasPrefix("export ") {
            let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = parts[1].trimmingCharacters(in: ["'"]) }
        }
        environment = found
    }

    /// The names of what it has put where temporary files go.
    func temporaryFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter {
            !["output", "errors", "runtop"].contains($0)
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
        // A frozen process takes the signal when it runs again.
        thaw()
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
