import Screen

/// What happens on a terminal.
public enum TerminalEvent: Sendable, Hashable {
    case key(Key)
    /// The window has another size now.
    case resized(Size)
    /// The program runs again after it was stopped. Clocks may have moved on.
    case resumed
    /// The terminal is gone; leave at once.
    case hangUp
    /// A signal asks the program to end: SIGINT (`^C`) or SIGTERM.
    case interrupt(signal: Int32)
}

/// Why a terminal cannot be used.
public enum TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Standard input or output is a file or a pipe.
    case notATerminal
    /// `TERM` names nothing terminfo knows.
    case unknownType(SafeText)
    /// The terminal cannot place its cursor.
    case unsuitable(SafeText)
    /// The system has no resources left to watch signals; the sentence says what to do.
    case outOfRoom(SafeText)

    public var description: String {
        switch self {
        case .notATerminal:
            "the dashboard needs a terminal on standard input and output; for a list, use: runtop runs"
        case .unknownType(let type) where type.isEmpty:
            "TERM is not set, so the kind of terminal is not known; try: TERM=xterm-256color runtop"
        case .unknownType(let type):
            "terminfo does not know the terminal \"\(type)\"; install ncurses-term, or try: TERM=xterm-256color runtop"
        case .unsuitable(let type):
            "the terminal \"\(type)\" cannot place its cursor, which a dashboard needs; for a list, use: runtop runs"
        case .outOfRoom(let sentence): sentence.description
        }
    }
}
