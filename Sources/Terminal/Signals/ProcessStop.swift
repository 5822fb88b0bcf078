import Glibc

/// Job control: what `^Z` asks for.
public enum ProcessStop {
    /// Stops the whole process as an unhandled `^Z` would, and returns when it is continued. Where nobody could
    /// continue it (an orphaned process group, as under `tmux new runtop`) the kernel does not stop it.
    ///
    /// It stops once: a `^Z` on its way to another thread of ours is dropped first (a signal that is ignored is taken
    /// off every queue: POSIX, sigaction), or it would find no handler, and stop us a second time after the `fg`.
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

    /// Stops the whole process because another of its group has stopped, and returns when it is continued; at once where
    /// nobody could continue it.
    ///
    /// By SIGSTOP, for which no handler has to make room: a `^Z` right after the `fg` must find it in its place, or this
    /// process would stop before the one that has the terminal has given it back.
    static func stopAlong() {
        let parent = getppid()
        // What makes a process group an orphaned one (POSIX, 3.264), as far as this process decides it.
        guard getsid(parent) == getsid(0), getpgid(parent) != getpgrp() else { return }
        raise(SIGSTOP)
    }
}
