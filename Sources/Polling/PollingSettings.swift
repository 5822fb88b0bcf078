import AIDP
import Runs

/// What to watch, how often, and how much of it a request may carry.
///
/// Every number is kept within its range, so that no plan is made of an impossible one.
package struct PollingSettings: Sendable, Equatable {
    /// Which jobs are watched.
    package enum Scope: Sendable, Equatable {
        /// These, whatever the workspace lists.
        case keys([String])
        /// Those the workspace lists, or the ones among them whose name contains a text.
        case workspace(nameContains: String?)
    }

    package static let intervals: ClosedRange<Duration> = .seconds(2) ... .seconds(3600)
    /// `recordCount`, from the operation's reference page.
    package static let recordCounts = 1...10
    /// `limit`, from the operation's reference page.
    package static let limits = 1...25
    static let jobListIntervals: ClosedRange<Duration> = .seconds(10) ... .seconds(86_400)
    static let concurrencies = 1...32
    static let budgets = 1...60_000

    package var scope: Scope
    /// From the beginning of one cycle to that of the next, 2 s…1 h.
    package var interval: Duration { didSet { interval = interval.clamped(to: Self.intervals) } }
    /// Runs per job, 1…10.
    package var recordCount: Int { didSet { recordCount = recordCount.clamped(to: Self.recordCounts) } }
    /// Items per page, 1…25; a request asks for as many jobs as fit one page.
    package var limit: Int { didSet { limit = limit.clamped(to: Self.limits) } }
    /// The order the service is asked for. The board sorts by itself; the order may decide which runs the service sends.
    package var sortBy: RecentJobRunsRequest.SortBy
    package var sortOrder: SortOrder
    /// How long a list of the workspace's jobs is used, 10 s…1 day.
    package var jobListInterval: Duration {
        didSet { jobListInterval = jobListInterval.clamped(to: Self.jobListIntervals) }
    }
    /// Requests under way at once, 1…32.
    package var concurrency: Int { didSet { concurrency = concurrency.clamped(to: Self.concurrencies) } }
    /// The request budget: what a minute may cost in the long run, 1…60,000.
    package var requestsPerMinute: Int { didSet { requestsPerMinute = requestsPerMinute.clamped(to: Self.budgets) } }

    /// - Parameter sortOrder: `nil` for the service's own default: names ascending, all else descending.
    package init(
        scope: Scope, interval: Duration = .seconds(15), recordCount: Int = 5, limit: Int = 25,
        sortBy: RecentJobRunsRequest.SortBy = .timeCreated, sortOrder: SortOrder? = nil,
        jobListInterval: Duration = .seconds(300), concurrency: Int = 4, requestsPerMinute: Int = 240
    ) {
        self.scope = scope
        self.interval = interval.clamped(to: Self.intervals)
        self.recordCount = recordCount.clamped(to: Self.recordCounts)
        self.limit = limit.clamped(to: Self.limits)
        self.sortBy = sortBy
        self.sortOrder = sortOrder ?? (sortBy == .displayName ? .ascending : .descending)
        self.jobListInterval = jobListInterval.clamped(to: Self.jobListIntervals)
        self.concurrency = concurrency.clamped(to: Self.concurrencies)
        self.requestsPerMinute = requestsPerMinute.clamped(to: Self.budgets)
    }

    /// Jobs per request: as many as fit one page with all their runs, and at least one.
    package var keysPerChunk: Int { max(1, limit / recordCount) }

    /// What may go at once on top of the budget's steady pace: the first pass over 500 jobs, with the list of them.
    package var burst: Int { (500 + keysPerChunk - 1) / keysPerChunk + 1 }
}

extension PollingSettings {
    /// What an operator should know of an order other than newest first: it is not documented whether the service sorts
    /// before it picks each job's `recordCount` runs.
    var orderNote: String? {
        guard sortBy != .timeCreated || sortOrder != .descending else { return nil }
        return
            "asked for by \(sortBy.rawValue) \(sortOrder.rawValue): the service may leave out the newest runs of a job"
    }
}

extension Comparable {
    /// The nearest value of a range.
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
