import CSignals
import Glibc
import Screen

/// The parent's one place of rest: it sleeps until a signal comes, the terminal hangs up, or a deadline passes.
struct Watch {
    struct Signal: Hashable {
        let number: Int32
        /// Whether the terminal sent it, and so to the whole process group, the child included.
        let isFromTerminal: Bool
    }

    /// A signal may come to any thread, so a handler notes it in this pipe; masks would hold for one thread only.
    private let notes: Int32
    /// Watched for nothing but its hanging up; -1, which `poll` passes over, once it has.
    private var terminal: Int32

    /// Takes over the signals of this process, also those a shell left ignored, as `nohup` does with SIGHUP.
    init(terminal: Int32) throws(SupervisorError) {
        self.terminal = terminal
        let pipe = try PrivatePipe()
        notes = pipe.readEnd
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGTSTP, SIGCONT] {
            note_signals(signal, pipe.writeEnd)
        }
        // Setting the modes of a terminal from its background would stop us.
        signal(SIGTTOU, SIG_IGN)
    }

    /// The signals that woke it, and whether the terminal has just hung up.
    mutating func next(timeout milliseconds: Int32) -> (signals: [Signal], hasHungUp: Bool) {
        var sources = [
            pollfd(fd: notes, events: Int16(POLLIN), revents: 0), pollfd(fd: terminal, events: 0, revents: 0),
        ]
        poll(&sources, 2, milliseconds)
        let hasHungUp = terminal >= 0 && Int32(sources[1].revents) & (POLLHUP | POLLERR | Int32(POLLNVAL)) != 0
        if hasHungUp { terminal = -1 }
        return (pending(), hasHungUp)
    }

    private func pending() -> [Signal] {
        var found: [Signal] = []
        var note = signal_note()
        let size = MemoryLayout<signal_note>.size
        while read(notes, &note, size) == size {
            found.append(Signal(number: Int32(note.signal), isFromTerminal: note.is_from_kernel != 0))
        }
        return found
    }
}

/// A pipe that no other program inherits.
struct PrivatePipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws(SupervisorError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotStart(SafeText(String(cString: strerror(errno)))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}
