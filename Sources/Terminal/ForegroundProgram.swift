import Dispatch
import Glibc

/// A program that owns the terminal: it has its own process group in the terminal's foreground, so that `^C` and `^Z` affect
/// only this program.
struct ForegroundProgram: Sendable {
    /// The process id, which is also the id of its group.
    let id: pid_t

    /// The program ended or stopped.
    enum Change: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
        /// Stopped by `^Z`, or by the kernel because it used the terminal before it owned it.
        case stopped(Int32)
    }

    /// Starts a program and gives it the terminal.
    ///
    /// - Parameter path: the program's file; `arguments` starts with its name.
    init(path: String, arguments: [String], environment: [String: String]) throws(NewProgram.Failure) {
        var program = NewProgram(arguments, environment: environment, path: path)
        // The dashboard's own standard error is its crash report file.
        program.descriptors = [(STDOUT_FILENO, STDERR_FILENO)]
        program.hasOwnGroup = true
        id = try program.start()
        giveTerminal()
    }

    /// Makes the program's group the terminal's foreground group, and continues it if it has stopped.
    func giveTerminal() {
        Self.setForeground(id)
        kill(-id, SIGCONT)
    }

    /// Makes runtop's own group the terminal's foreground group again.
    static func takeTerminalBack() { setForeground(getpgrp()) }

    /// Blocks SIGTTOU, because otherwise this call would stop the process in a background group (POSIX, tcsetpgrp).
    private static func setForeground(_ group: pid_t) {
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        tcsetpgrp(STDIN_FILENO, group)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    /// Asks all processes of the program to end.
    func end() {
        kill(-id, SIGTERM)
        kill(-id, SIGCONT)
    }

    /// Waits, in another thread, until the program ends or stops.
    func nextChange() async -> Change {
        let id = id
        return await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async { continuation.resume(returning: Self.wait(for: id)) }
        }
    }

    private static func wait(for id: pid_t) -> Change {
        var status: Int32 = 0
        while waitpid(id, &status, WUNTRACED) != id {
            // Another thread has already waited for it.
            guard errno == EINTR else { return .exited(0) }
        }
        if status & 0xFF == 0x7F { return .stopped((status >> 8) & 0xFF) }
        NewProgram.groupEnded(id)
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}
