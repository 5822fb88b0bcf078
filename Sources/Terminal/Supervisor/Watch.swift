import Glibc

/// The parent's one place of rest: it sleeps until a signal comes, the terminal hangs up, or a deadline passes.
struct Watch {
    private let notes: SignalNotes
    /// Watched for nothing but its hanging up; -1, which `poll` passes over, once it has.
    private var terminal: Int32

    /// Takes over the signals of this process.
    init(terminal: Int32) throws(SupervisorError) {
        self.terminal = terminal
        notes = try SignalNotes([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGTSTP, SIGCONT])
        // Setting the modes of a terminal from its background would stop us.
        signal(SIGTTOU, SIG_IGN)
    }

    /// The signals that woke it, and whether the terminal has just hung up.
    mutating func next(timeout milliseconds: Int32) -> (signals: [SignalNotes.Signal], hasHungUp: Bool) {
        var sources = [
            pollfd(fd: notes.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: terminal, events: 0, revents: 0),
        ]
        poll(&sources, 2, milliseconds)
        let hasHungUp = terminal >= 0 && Int32(sources[1].revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0
        if hasHungUp { terminal = -1 }
        return (notes.take(), hasHungUp)
    }
}
