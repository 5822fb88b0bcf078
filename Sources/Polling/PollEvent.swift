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
    /// The lists of a cycle show nothing new of these jobs since their answers: what is known of them is as fresh as an
    /// answer of that moment.
    case confirmed([JobID], at: Date)
    /// Runs that a list contains and that are new or have changed, in no order. A recorder stores them like those of
    /// ``runs(_:of:at:)``. The rows are not made of them: a job whose row they change is asked for at once. To a board they
    /// are past runs.
    case runsFound([JobRun], by: RunsSource, at: Date)
    /// How far the past is filled in; a recorder stores it, so that the next session goes on from there.
    case backfill(BackfillProgress)
    /// One chunk failed, or was given up without being sent because the ones before it failed; the others go on.
    case runsFailed(RequestFailure, of: [JobID], at: Date)
    case cycleEnded(CycleReport)
    /// The tasks of a run; `note` says why these are not all of them, or that some could not be read.
    case tasksListed([TaskRun], of: RunID, at: Date, note: String? = nil)
    case tasksFailed(RequestFailure, of: RunID, at: Date)
    /// What came of an inspection.
    case inspected(Inspection, InspectionResult, at: Date)
    /// The workspace's display name.
    case workspaceNamed(String)
}

/// What listed runs that no row asked for.
package enum RunsSource: Sendable, Equatable {
    /// The lists of new and of active runs that a cycle begins with.
    case sweep
    /// The past that was missed.
    case backfill
}

/// A stretch of the past, by the moments at which runs were created.
package struct PastWindow: Sendable, Hashable {
    package var since: Date
    /// `nil` for the moment at which it is begun.
    package var until: Date?

    package init(since: Date, until: Date? = nil) {
        (self.since, self.until) = (since, until)
    }
}

/// How far the past is filled in. Of several stretches, the newest is filled in first, and each from its end backwards.
package struct BackfillProgress: Sendable, Hashable {
    /// The stretch that is being filled in, or was the last.
    package var since: Date
    package var until: Date
    /// All its runs created from here on were reported. What is left of it begins at `since` and ends here.
    package var reached: Date
    /// How much of all stretches is filled in, and how long they are together.
    package var done: Duration
    package var whole: Duration
    /// What is left of all stretches, the newest first: what another session would have to ask for.
    package var left: [PastWindow]
    /// Why nothing more is filled in, if so.
    package var stopped: String?

    package init(
        since: Date, until: Date, reached: Date, done: Duration, whole: Duration, left: [PastWindow] = [],
        stopped: String? = nil
    ) {
        (self.since, self.until, self.reached) = (since, until, reached)
        (self.done, self.whole, self.left, self.stopped) = (done, whole, left, stopped)
    }

    /// Whether all is filled in.
    package var isOver: Bool { done >= whole }
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
    /// Fill in stretches of the past, besides those of the settings: for a history that is opened meanwhile.
    case fillIn([PastWindow])
    /// The tasks of one run and its details, asked for once; and the tasks of its job, where they are not known.
    case listTasks(of: RunID)
    case inspect(Inspection)
}
