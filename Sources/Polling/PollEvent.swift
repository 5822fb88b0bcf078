import Foundation
import Runs

/// What the poller is doing.
package enum PollerPhase: Sendable, Equatable {
    /// Polling has not started yet.
    case starting
    /// A cycle is in progress. `done` of its `of` requests so far were answered or failed.
    case polling(since: Date, done: Int, of: Int)
    /// The last cycle succeeded; the next one begins at `next`.
    case waiting(next: Date)
    /// The service does not answer, or asked for fewer requests; the next attempt is at `next`.
    case backingOff(next: Date, reason: BackoffReason)
    /// The operator paused, and some requests are still in flight.
    case pausing
    case paused
}

/// Why the poller waits longer than its interval.
package enum BackoffReason: Sendable, Equatable {
    /// 429: the service asked for fewer requests.
    case rateLimited
    /// The circuit breaker is open: `cycles` cycles in a row got no answer. One request per interval, the probe, tests
    /// whether the service answers again.
    case breakerOpen(cycles: Int)
    /// The service does not accept the credentials, or they cannot sign a request. One attempt per minute tests whether that
    /// has changed.
    case credentials
}

/// What the poller reports, in chronological order.
package enum PollEvent: Sendable, Equatable {
    case phase(PollerPhase)
    /// The jobs to watch: always the whole list.
    case jobsListed([Job], at: Date)
    /// The request for the list of jobs failed; the previous list stays.
    case jobListFailed(RequestFailure, at: Date)
    /// The answer for one chunk. A job of the chunk without a run here has no data.
    case runs([JobRun], of: [JobID], at: Date)
    /// An incomplete answer has no run of these jobs: their known runs stay, and are stale.
    case runsMissing(reason: String, of: [JobID], at: Date)
    /// The lists of a cycle show no changes for these jobs: their known runs are as current as an answer at that time.
    case confirmed([JobID], at: Date)
    /// New or changed runs from a list, in no order. A recorder stores them like those of ``runs(_:of:at:)``. Rows are not
    /// made of them: a job whose row they change is requested at once. The board treats them as past runs.
    case runsFound([JobRun], by: RunsSource, at: Date)
    /// The progress of the backfill; a recorder stores it, so that the next session continues from there.
    case backfill(BackfillProgress)
    /// One chunk failed, or was not sent because the chunks before it failed. Other chunks continue.
    case runsFailed(RequestFailure, of: [JobID], at: Date)
    case cycleEnded(CycleReport)
    /// The tasks of a run; `note` says that some are missing or unreadable, and why.
    case tasksListed([TaskRun], of: RunID, at: Date, note: String? = nil)
    case tasksFailed(RequestFailure, of: RunID, at: Date)
    /// The result of an inspection.
    case inspected(Inspection, InspectionResult, at: Date)
    /// The workspace's display name.
    case workspaceNamed(String)
}

/// Where runs come from that no row requested.
package enum RunsSource: Sendable, Equatable {
    /// The lists of new and of active runs at the start of a cycle.
    case sweep
    /// The past runs that were missed.
    case backfill
}

/// A past period: the runs created in it.
package struct PastWindow: Sendable, Hashable {
    package var since: Date
    /// `nil` for the time at which the backfill starts the period.
    package var until: Date?

    package init(since: Date, until: Date? = nil) {
        (self.since, self.until) = (since, until)
    }
}

/// The progress of the backfill. It fills in the newest of several periods first, each from its end backwards.
package struct BackfillProgress: Sendable, Hashable {
    /// The current period, or the last one.
    package var since: Date
    package var until: Date
    /// All runs created in this period from this time on were reported; those from `since` to here are missing.
    package var reached: Date
    /// `done` is the length of the parts that are filled in, `whole` that of all periods.
    package var done: Duration
    package var whole: Duration
    /// The missing parts of all periods, the newest first: what another session would have to request.
    package var left: [PastWindow]
    /// Why the backfill has ended early; `nil` if it has not.
    package var stopped: String?

    package init(
        since: Date, until: Date, reached: Date, done: Duration, whole: Duration, left: [PastWindow] = [],
        stopped: String? = nil
    ) {
        (self.since, self.until, self.reached) = (since, until, reached)
        (self.done, self.whole, self.left, self.stopped) = (done, whole, left, stopped)
    }

    /// Whether all periods are filled in.
    package var isOver: Bool { done >= whole }
}

/// What the operator should know about a cycle, besides failed requests.
package struct CycleReport: Sendable, Equatable {
    /// How many items and fields could not be read, plus the runs of jobs that were not requested.
    package var flaws: Int
    /// What was wrong with the first of them.
    package var firstFlaw: String?
    /// Other notes: incomplete lists, jobs that this cycle did not request.
    package var notes: [String]

    package init(flaws: Int = 0, firstFlaw: String? = nil, notes: [String] = []) {
        self.flaws = flaws
        self.firstFlaw = firstFlaw
        self.notes = notes
    }
}

/// A command of the operator to the poller.
package enum PollCommand: Sendable, Equatable {
    /// Starts no cycle and sends no more requests of this one; requests in flight finish.
    case pause
    /// Polls again, and starts a cycle at once.
    case resume
    /// Starts a cycle at once, including the list of jobs, unless one is in progress or the service asked to wait. While
    /// paused: this one cycle only.
    case refreshNow
    case setInterval(PollingInterval)
    /// Fills in past periods besides those of the settings: for a history that is opened later.
    case fillIn([PastWindow])
    /// Requests the tasks and the details of one run once, and the tasks of its job if they are unknown.
    case listTasks(of: RunID)
    case inspect(Inspection)
}
