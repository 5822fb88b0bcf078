import Glibc

/// Waits for the events of the parent: a signal, the terminal hanging up, the child announcing a crash, or a deadline.
struct Watch {
    private let notes: SignalNotes
    /// The terminal, watched only for a hang-up; -1, which `poll` ignores, after it.
    private var terminal: Int32
    /// The pipe on which the child announces a crash; -1 after that.
    private var announcements: Int32

    /// The events of one wait.
    struct Wake {
        var signals: [SignalNotes.Signal]
        /// Whether the terminal has just hung up.
        var hasHungUp: Bool
        /// The signal of a crash that the child has just announced; its report is not written yet.
        var crash: Int32?
    }

    /// Starts to handle the signals of this process.
    init(terminal: Int32, announcements: Int32) throws(SupervisorError) {
        (self.terminal, self.announcements) = (terminal, announcements)
        notes = try SignalNotes([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGTSTP, SIGCONT])
        // Setting the modes of a terminal from its background would stop this process.
        signal(SIGTTOU, SIG_IGN)
    }

    /// Waits for the next event; returns an empty `Wake` at the deadline.
    mutating func next(timeout milliseconds: Int32) -> Wake {
        var sources = [
            pollfd(fd: notes.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: terminal, events: 0, revents: 0),
            pollfd(fd: announcements, events: Int16(POLLIN), revents: 0),
        ]
        poll(&sources, nfds_t(sources.count), milliseconds)
        let hasHungUp = terminal >= 0 && Int32(sources[1].revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0
        if hasHungUp { terminal = -1 }
        var crash: Int32?
        if announcements >= 0, Int32(sources[2].revents) & POLLIN != 0 {
            var signal: UInt8 = 0
            if read(announcements, &signal, 1) == 1 { crash = Int32(signal) }
            announcements = -1
        }
        return Wake(signals: notes.take(), hasHungUp: hasHungUp, crash: crash)
    }
}
