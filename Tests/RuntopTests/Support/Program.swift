import Foundation
import Terminal

/// The program under test, and other programs that a test runs.
enum Program {
    /// The path of runtop: `RUNTOP_BINARY` if it is set, or else the program that was built with the tests.
    static let runtop: String = {
        if let binary = ProcessInfo.processInfo.environment["RUNTOP_BINARY"] { return binary }
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "runtop").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return repositoryFile(".build/debug/runtop").path
    }()

    /// The exit status of a program, and its output.
    struct Ended {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs a program until it ends, without input and for at most ten minutes.
    static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Ended {
        let folder = try TemporaryFolder()
        let (output, errors) = (folder.file("output"), folder.file("errors"))
        let process = try ChildProcess(
            "timeout", ["600", path] + arguments, environment: inherited.merging(environment) { _, ours in ours },
            output: output, errors: errors)
        return Ended(
            status: process.wait(), output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// The environment of the tests, without the variables that point runtop to a real tenancy or settings file.
    static let inherited: [String: String] = {
        let excluded = [
            "OCI_", "AIDP_", "XDG_", "NO_COLOR", "TMUX", "SSL_CERT", "REQUESTS_CA", "HTTPS_PROXY", "https_proxy",
        ]
        return ProcessInfo.processInfo.environment
            .filter { name, _ in !excluded.contains { name.hasPrefix($0) } }
            .merging(["HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC"]) { _, ours in ours }
    }()
}

/// A running program.
///
/// It uses `posix_spawn`: `Foundation.Process` needs a run loop to notice the end, and the threads of tests have none.
struct ChildProcess {
    let id: pid_t

    struct NotStarted: Error { let program: String, reason: String }

    /// Starts a program without input; its output goes to files.
    init(_ program: String, _ arguments: [String], environment: [String: String], output: URL, errors: URL) throws {
        let files = [output, errors].map { open($0.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
        defer { for file in files { close(file) } }
        var new = NewProgram([program] + arguments, environment: environment)
        new.readsNothing = true
        new.descriptors = zip(files, [STDOUT_FILENO, STDERR_FILENO]).map { (ours: $0, its: $1) }
        do throws(NewProgram.Failure) {
            id = try new.start()
        } catch {
            throw NotStarted(program: program, reason: error.reason)
        }
    }

    /// Waits for its end.
    ///
    /// - Returns: its exit status, or 128 plus the number of the signal that ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    func terminate() { kill(id, SIGTERM) }
}
