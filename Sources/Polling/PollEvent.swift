import AIDP
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
    /// The service, or the way to it, asks for patience; the next try is then.
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
    /// The service does not accept who we are, or we cannot say it: one request a minute finds out whether that changed.
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
    /// The answer to a request for these is not whole and says nothing of them: what is known of them stays, and is old.
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

/// One cycle, when it is over.
package struct CycleReport: Sendable, Equatable {
    package var began: Date
    package var duration: Duration
    /// Calls made, each page its own.
    package var requests: Int
    /// Attempts beyond the first of those calls.
    package var retries: Int
    /// One for each request that failed; those given up without being sent do not count.
    package var errors: [ServiceError]
    /// Statuses that changed, and new runs.
    package var changes: Int
    /// Items and fields that could not be read, and runs of no job that was asked for.
    package var flaws: Int
    /// What was wrong with the first of them.
    package var firstFlaw: String?
    /// What else an operator should know: lists that are not whole, jobs not asked for this time.
    package var notes: [String]
    /// The interval in effect from here: longer than the one set for a while after a 429.
    package var interval: Duration

    package init(
        began: Date, duration: Duration = .zero, requests: Int = 0, retries: Int = 0, errors: [ServiceError] = [],
        changes: Int = 0, flaws: Int = 0, firstFlaw: String? = nil, notes: [String] = [],
        interval: Duration = .seconds(15)
    ) {
        self.began = began
        self.duration = duration
        self.requests = requests
        self.retries = retries
        self.errors = errors
        self.changes = changes
        self.flaws = flaws
        self.firstFlaw = firstFlaw
        self.notes = notes
        self.interval = interval
    }
}
