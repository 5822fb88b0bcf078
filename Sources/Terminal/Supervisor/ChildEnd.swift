import Glibc

/// A change of state of the child, decoded from the status that `waitpid` returns.
enum ChildState: Sendable, Hashable {
    case stopped
    /// It continues after a stop.
    case continued
    case ended(ChildEnd)

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
    /// Killed by its parent because it did not end after this signal.
    case killed(after: Int32)

    /// Signals that mean that the program itself crashed.
    static let crashes: Set<Int32> = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS]

    /// Whether the program itself failed.
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

    /// The message at the moment of a crash, before the report is written.
    static func crashMessage(signal: Int32, report: String) -> String {
        "runtop: the dashboard crashed (\(name(of: signal))). \(restored) The report is being written to \(report)"
    }

    /// The message after the end; `nil` after a normal one.
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
