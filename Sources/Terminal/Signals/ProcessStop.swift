import Glibc

/// Job control: stopping the process on `^Z`.
public enum ProcessStop {
    /// Stops the whole process as an unhandled `^Z` would, and returns when it is continued. If no shell can
    /// continue it (an orphaned process group, as under `tmux new runtop`), the kernel does not stop it.
    ///
    /// It stops once. A `^Z` that is pending for another thread is dropped first (ignoring a signal discards pending ones:
    /// POSIX, sigaction); otherwise it would stop the process a second time after the `fg`.
    public static func stopThisProcess() {
        var handler = sigaction()
        var action = sigaction()
        action.__sigaction_handler.sa_handler = SIG_IGN
        sigaction(SIGTSTP, &action, &handler)
        action.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(SIGTSTP, &action, nil)
        var stop = sigset_t()
        var before = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &stop, &before)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &before, nil)
        sigaction(SIGTSTP, &handler, nil)
    }

    /// Stops the whole process because another process of its group has stopped, and returns when it is continued; returns
    /// at once if no shell can continue it.
    ///
    /// It uses SIGSTOP, so that the handler of `^Z` stays installed. Without that handler a `^Z` right after the `fg` would
    /// stop this process before the dashboard has restored the terminal.
    static func stopAlong() {
        let parent = getppid()
        // The condition for an orphaned process group (POSIX, 3.264), as far as this process determines it.
        guard getsid(parent) == getsid(0), getpgid(parent) != getpgrp() else { return }
        raise(SIGSTOP)
    }
}
