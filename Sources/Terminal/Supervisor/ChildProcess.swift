import Glibc
import Screen

/// A child process that runs this same program, in the same process group, on the same terminal.
struct ChildProcess {
    let id: pid_t

    /// Starts the child.
    ///
    /// - Parameter inherited: the descriptors that the child inherits, with their numbers in the child. All others except
    ///   standard input and output are closed in it.
    init(
        arguments: [String], environment: [String: String], inherited: [(ours: Int32, child: Int32)]
    ) throws(SupervisorError) {
        var program = NewProgram(arguments, environment: environment, path: Self.executable())
        program.descriptors = inherited.map { (ours: $0.ours, its: $0.child) }
        do throws(NewProgram.Failure) {
            id = try program.start()
        } catch {
            throw .cannotStart(SafeText(error.reason))
        }
    }

    func send(_ signal: Int32) {
        kill(id, signal)
    }

    /// The change of state since the last call; `nil` if there is none.
    func poll() -> ChildState? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG | WUNTRACED | WCONTINUED) == id else { return nil }
        return ChildState(waitStatus: status)
    }

    /// The path of this program, so that `ps` and `pgrep` show its name; the path in /proc if its file was replaced.
    private static func executable() -> String {
        let link = "/proc/self/exe"
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count)
        guard count > 0 else { return link }
        let path = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return access(path, X_OK) == 0 ? path : link
    }
}

/// A change of state of the child, decoded from the status of `waitpid`.
enum ChildState: Sendable, Hashable {
    case stopped
    /// Continued after a stop.
    case continued
    case ended(ChildEnd)

    /// Examples: 0x0300 is exit status 3, and 0x000B is the end by SIGSEGV.
    init(waitStatus status: Int32) {
        // The macros of <sys/wait.h>, which Swift does not import.
        let low = status & 0x7F
        if status == 0xFFFF {
            self = .continued
        } else if status & 0xFF == 0x7F {
            self = .stopped
        } else if low == 0 {
            self = .ended(.exited((status >> 8) & 0xFF))
        } else {
            self = .ended(.signalled(low))
        }
    }
}

/// How the child ended.
enum ChildEnd: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
    /// Killed by its parent, because it did not end after this signal.
    case killed(after: Int32)

    /// The signals of a crash of the program itself.
    static let crashes: Set<Int32> = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS]

    /// Whether the program crashed.
    var isCrash: Bool {
        if case .signalled(let signal) = self { Self.crashes.contains(signal) } else { false }
    }

    /// The exit status to pass on: the child's own; 70 for a crash (EX_SOFTWARE, sysexits.h); else 128 plus the signal,
    /// as in shells.
    var exitStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): isCrash ? 70 : 128 + signal
        case .killed(let signal): 128 + signal
        }
    }

    private static let restored = "Your terminal has been restored."

    /// The message when the child crashes, before the report is written.
    static func crashMessage(signal: Int32, report: String) -> String {
        "runtop: the dashboard crashed (\(name(of: signal))). \(restored) The report is being written to \(report)"
    }

    /// The message when the child has ended; `nil` after a normal end.
    ///
    /// - Parameter isCrashAnnounced: whether ``crashMessage(signal:report:)`` has been shown.
    func message(report: String?, isCrashAnnounced: Bool = false) -> String? {
        let restored = Self.restored
        switch self {
        case .exited:
            return nil
        case .signalled where isCrash && isCrashAnnounced:
            return "runtop: " + (report.map { "the report is complete. Report: \($0)." } ?? "it left no report.")
        case .signalled(let signal) where isCrash:
            let place = report.map { "Report: \($0)." } ?? "It left no report."
            return "runtop: the dashboard crashed (\(Self.name(of: signal))). \(place) \(restored)"
        case .signalled(let signal) where signal == SIGKILL:
            return "runtop: the dashboard was killed (SIGKILL), by somebody or because memory ran out. \(restored)"
        case .signalled(let signal):
            return "runtop: the dashboard was ended (\(Self.name(of: signal))). \(restored)"
        case .killed(let signal):
            return
                "runtop: the dashboard did not leave within 2 s of \(Self.name(of: signal)) and was killed. \(restored)"
        }
    }

    static func name(of signal: Int32) -> String {
        let names = [
            SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
            SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV",
            SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGSYS: "SIGSYS", SIGUSR1: "SIGUSR1",
            SIGUSR2: "SIGUSR2", SIGXCPU: "SIGXCPU",
        ]
        return names[signal] ?? "signal \(signal)"
    }
}
