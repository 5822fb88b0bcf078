import Foundation

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
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (descriptor, file) in [(Int32(1), output), (2, errors)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, file.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        // The threads of tests block all signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var id = pid_t()
        let failure = posix_spawnp(&id, program, &actions, &attributes, &argv, &envp)
        guard failure == 0 else { throw NotStarted(program: program, reason: String(cString: strerror(failure))) }
        self.id = id
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
