import Dispatch
import Glibc

/// A program that has the terminal for itself: a process group of its own, in the terminal's foreground, so that `^C` and `^Z`
/// are for it alone.
struct ForegroundProgram: Sendable {
    /// Its process id, which is also that of its group.
    let id: pid_t

    /// How it ended, or that it stopped.
    enum Change: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
        /// `^Z` stopped it, or the kernel, because it used the terminal before that was handed to it.
        case stopped(Int32)
    }

    /// Starts a program and hands the terminal to it.
    ///
    /// - Parameter path: the program's file; `arguments` begins with its name.
    init(path: String, arguments: [String], environment: [String: String]) throws(NewProgram.Failure) {
        var program = NewProgram(arguments, environment: environment, path: path)
        // The dashboard's own standard error is the file of its crash report.
        program.descriptors = [(STDOUT_FILENO, STDERR_FILENO)]
        program.hasOwnGroup = true
        id = try program.start()
        giveTerminal()
    }

    /// Makes it the terminal's foreground group, and continues it if it has stopped.
    func giveTerminal() {
        Self.setForeground(id)
        kill(-id, SIGCONT)
    }

    /// Makes this process's own group the terminal's foreground again.
    static func takeTerminalBack() { setForeground(getpgrp()) }

    /// From a background group this would stop the process, unless SIGTTOU is blocked (POSIX, tcsetpgrp).
    private static func setForeground(_ group: pid_t) {
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        tcsetpgrp(STDIN_FILENO, group)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    /// Asks all its processes to end.
    func end() {
        kill(-id, SIGTERM)
        kill(-id, SIGCONT)
    }

    /// Waits, in another thread, until it ends or stops.
    func nextChange() async -> Change {
        let id = id
        return await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async { continuation.resume(returning: Self.wait(for: id)) }
        }
    }

    private static func wait(for id: pid_t) -> Change {
        var status: Int32 = 0
        while waitpid(id, &status, WUNTRACED) != id {
            // Somebody else has waited for it.
            guard errno == EINTR else { return .exited(0) }
        }
        if status & 0xFF == 0x7F { return .stopped((status >> 8) & 0xFF) }
        NewProgram.groupEnded(id)
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}
