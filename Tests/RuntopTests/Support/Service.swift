import Foundation
import Testing

/// `runtop simulate` in its own process, on its own port.
final class Service {
    private let process: ChildProcess
    private var isStopped = false
    private let folder: TemporaryFolder
    /// The variables in its output, which clients need to connect.
    let environment: [String: String]
    /// Its URL, and the port in it.
    let address: String
    let port: Int
    /// The OCI configuration file; its keys and tokens are in the same folder.
    let configFile: URL
    /// All its output when it starts.
    let printed: String

    convenience init(_ arguments: String..., port: Int = 0) throws { try self.init(arguments: arguments, port: port) }

    /// - Parameter state: the folder of its identity; by default a new one.
    init(arguments: [String], port: Int = 0, state: URL? = nil) throws {
        folder = try TemporaryFolder()
        let output = folder.file("output")
        process = try ChildProcess(
            Program.runtop, ["simulate", "--port", "\(port)", "--host", TLSProxy.host] + arguments,
            environment: Program.inherited.merging([
                "TMPDIR": folder.url.path, "XDG_STATE_HOME": state?.path ?? folder.url.path,
            ]) { _, ours in ours }, output: output,
            errors: folder.file("errors"))
        printed = try eventually("the service prints where it listens") {
            let printed = try String(contentsOf: output, encoding: .utf8)
            return printed.contains("print(job.key, job.name)") ? printed : nil
        }
        var found: [String: String] = [:]
        for line in printed.split(separator: "\n") where line.hasPrefix("export ") {
            let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = parts[1].trimmingCharacters(in: ["'"]) }
        }
        environment = found
        address = try #require(found["AIDP_ENDPOINT"])
        self.port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
        configFile = URL(filePath: try #require(found["OCI_CLI_CONFIG_FILE"]))
    }

    /// The folder of its keys and tokens.
    var identityFolder: URL { configFile.deletingLastPathComponent() }

    /// The names of the files that it left in its temporary folder.
    func temporaryFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter {
            !["output", "errors", "runtop"].contains($0)
        }
    }

    deinit { stop() }

    /// Kills it, so that it cannot remove its key.
    func crash() {
        isStopped = true
        kill(process.id, SIGKILL)
        _ = process.wait()
    }

    /// Stops the process, so that it accepts connections but does not answer.
    func freeze() { kill(process.id, SIGSTOP) }
    /// Continues the process after ``freeze()``.
    func thaw() { kill(process.id, SIGCONT) }

    func stop() {
        guard !isStopped else { return }
        isStopped = true
        process.terminate()
        // A stopped process gets the signal when it continues.
        thaw()
        _ = process.wait()
    }

    /// Runs `runtop` with this service.
    func runtop(_ arguments: String...) throws -> Program.Ended { try runtop(arguments) }

    func runtop(_ arguments: [String], changing changes: [String: String] = [:]) throws -> Program.Ended {
        try Program.run(Program.runtop, arguments, environment: environment.merging(changes) { _, ours in ours })
    }
}
