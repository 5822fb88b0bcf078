import Foundation
import Runs

/// What the poller is doing.
package enum PollerPhase: Sendable, Equatable {
    /// Not begun yet.
    case starting
    /// A cycle is under way: requests answered or failed, of those it has so far.
    case polling(since: Date, done: Int, of: Int)
    /// All is well; the next cycle begins then.
    case waiting(next: Date)
    /// The service cannot answer now, or asked for fewer requests; the next try is then.
    case backingOff(next: Date, reason: BackoffReason)
    /// The operator paused; the requests under way are waited for.
    case pausing
    case paused
}

/// Why the poller waits longer than its interval.
package enum BackoffReason: Sendable, Equatable {
    /// 429: the service asked for fewer requests.
    case rateLimited
    /// The circuit breaker is open: nothing was answered in `cycles` cycles in a row. One request per interval, the probe,
    /// finds out whether that is over.
    case breakerOpen(cycles: Int)
    /// The service does not accept the credentials, or nothing can be signed with them: one request a minute finds out
    /// whether that changed.
    case credentials
}

/// What the poller reports, in the order it happened.
package enum PollEvent: Sendable, Equatable {
    case phase(PollerPhase)
    /// The jobs to watch; the whole list, every time.
    case jobsListed([Job], at: Date)
    /// The list failed; the one before stays.
    case jobListFailed(RequestFailure, at: Date)
    /// One chunk was answered. A job without a run among these has no data.
    case runs([JobRun], of: [JobID], at: Date)
    /// An incomplete answer has no run of these jobs: what is known of them stays, and is old.
    case runsMissing(reason: String, of: [JobID], at: Date)
    /// One chunk failed, or was given up without being sent because the ones before it failed; the others go on.
    case runsFailed(RequestFailure, of: [JobID], at: Date)
    case cycleEnded(CycleReport)
    /// The tasks of a run; `note` says why these are not all of them, or that some could not be read.
    case tasksListed([TaskRun], of: RunID, at: Date, note: String? = nil)
    case tasksFailed(RequestFailure, of: RunID, at: Date)
    /// The workspace's display name.
    case workspaceNamed(String)
}

/// What an operator should know of a cycle that is over, though no request failed.
package struct CycleReport: Sendable, Equatable {
    /// Items and fields that could not be read, and runs of no job that was asked for.
    package var flaws: Int
    /// What was wrong with the first of them.
    package var firstFlaw: String?
    /// What else to know: incomplete lists, jobs not asked for this time.
    package var notes: [String]

    package init(flaws: Int = 0, firstFlaw: String? = nil, notes: [String] = []) {
        self.flaws = flaws
        self.firstFlaw = firstFlaw
        self.notes = notes
    }
}

/// What an operator may ask of the poller.
package enum PollCommand: Sendable, Equatable {
    /// Start no cycle and send nothing more of this one; what is under way ends by itself.
    case pause
    /// Poll again, beginning with a cycle at once.
    case resume
    /// A cycle at once, the list of jobs included, unless one is under way or the service said when to come back.
    /// While paused: this one cycle.
    case refreshNow
    case setInterval(PollingInterval)
    /// The tasks of one run, asked for once.
    case listTasks(of: RunID)
}
