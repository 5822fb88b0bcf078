import AIDPClient
import Foundation
import Runs

/// What the poller is doing.
public enum PollerPhase: Sendable, Equatable {
    /// Not begun yet.
    case starting
    /// A cycle is under way: requests answered or failed, of those it has so far.
    case polling(since: Date, done: Int, of: Int)
    /// All is well; the next cycle begins then.
    case waiting(next: Date)
    /// The service, or the way to it, asks for patience; the next try is then.
    case backingOff(next: Date, reason: BackoffReason)
    case paused
}

/// Why the poller waits longer than its interval.
public enum BackoffReason: Sendable, Equatable {
    /// 429: the service asked for fewer requests.
    case rateLimited
    /// The circuit breaker is open after a cycle in which nothing was answered: one request per interval, the probe, finds
    /// out whether that is over. `cycles` of them have failed in a row.
    case breakerOpen(cycles: Int)
    /// The service does not accept who we are, or we cannot say it: one request a minute finds out whether that changed.
    case credentials
}

/// What the poller has to tell, in the order it happened.
public enum PollEvent: Sendable, Equatable {
    case phase(PollerPhase)
    /// The jobs to watch; the whole list, every time.
    case jobsListed([Job], at: Date)
    /// The list could not be had; the one before stands.
    case jobListFailed(ServiceError, at: Date)
    /// One chunk was answered. A job without a run among these has no data.
    case runs([JobRun], of: [JobKey], at: Date)
    /// One chunk failed, or was given up without being sent because the ones before it failed; the others go on.
    case runsFailed(ServiceError, of: [JobKey], at: Date)
    case cycleEnded(CycleReport)
    case tasksListed([TaskRun], of: RunKey, at: Date)
    case tasksFailed(ServiceError, of: RunKey, at: Date)
}

/// One cycle, when it is over.
public struct CycleReport: Sendable, Equatable {
    public var began: Date
    public var duration: Duration
    /// Calls made, each page its own.
    public var requests: Int
    /// Attempts beyond the first of those calls.
    public var retries: Int
    /// One for each request that failed; those given up without being sent do not count.
    public var errors: [ServiceError]
    /// Statuses that changed, and new runs.
    public var changes: Int
    /// Items that could not be read.
    public var flaws: Int
    /// What else an operator should know: paging that stopped early, jobs not asked for this time.
    public var notes: [String]
    /// The interval in effect from here: longer than the one set for a while after a 429.
    public var interval: Duration

    public init(
        began: Date, duration: Duration = .zero, requests: Int = 0, retries: Int = 0, errors: [ServiceError] = [],
        changes: Int = 0, flaws: Int = 0, notes: [String] = [], interval: Duration = .seconds(15)
    ) {
        self.began = began
        self.duration = duration
        self.requests = requests
        self.retries = retries
        self.errors = errors
        self.changes = changes
        self.flaws = flaws
        self.notes = notes
        self.interval = interval
    }
}
