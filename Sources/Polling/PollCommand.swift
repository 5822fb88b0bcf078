import Runs

/// What an operator may ask of the poller.
package enum PollCommand: Sendable, Equatable {
    /// Start no cycle and send nothing more of this one; what is under way ends by itself.
    case pause
    /// Poll again, beginning with a cycle at once.
    case resume
    /// A cycle at once, the list of jobs included, unless one is under way or the service said when to come back.
    /// While paused: this one cycle.
    case refreshNow
    /// Another interval, kept within 2 s and 1 h.
    case setInterval(Duration)
    /// The tasks of one run, asked for once.
    case listTasks(of: RunID)
}
