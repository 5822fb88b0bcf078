import Glibc

/// Job control: what `^Z` asks for.
enum ProcessStop {
    /// Stops the whole process as an unhandled `^Z` would, and returns when it is continued. Where nobody could
    /// continue it (an orphaned process group, as under `tmux new runtop`) the kernel does not stop it.
    static func stopThisProcess() {
        var handler = sigaction()
        var standard = sigaction()
        standard.__sigaction_handler.sa_handler = SIG_DFL
        var stop = sigset_t()
        var before = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        sigaction(SIGTSTP, &standard, &handler)
        pthread_sigmask(SIG_UNBLOCK, &stop, &before)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &before, nil)
        sigaction(SIGTSTP, &handler, nil)
    }
}
