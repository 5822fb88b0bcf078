import AIDP

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

    /// `recordCount`, from the operation's reference page.
    package static let recordCounts = 1...10
    /// `limit`, from the operation's reference page.
    package static let limits = 1...25
    static let jobListIntervals: ClosedRange<Duration> = .seconds(10) ... .seconds(86_400)
    static let concurrencies = 1...32
    static let budgets = 1...60_000

    package var scope: Scope
    package var interval: PollingInterval
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
    /// Whether lists of new and of active runs may say which jobs of a workspace to ask for; else every job is asked for in
    /// turn.
    package var usesSweep = true
    /// The stretches of the past that are filled in, in the budget's spare time; empty for none.
    package var backfill: [PastWindow] = []

    /// - Parameter sortOrder: `nil` for the service's own default: names ascending, all else descending.
    package init(
        scope: Scope, interval: PollingInterval = .seconds(15), recordCount: Int = 5, limit: Int = 25,
        sortBy: RecentJobRunsRequest.SortBy = .timeCreated, sortOrder: SortOrder? = nil,
        jobListInterval: Duration = .seconds(300), concurrency: Int = 4, requestsPerMinute: Int = 240
    ) {
        self.scope = scope
        self.interval = interval
        self.recordCount = recordCount.clamped(to: Self.recordCounts)
        self.limit = limit.clamped(to: Self.limits)
        self.sortBy = sortBy
        self.sortOrder = sortOrder ?? (sortBy == .displayName ? .ascending : .descending)
        self.jobListInterval = jobListInterval.clamped(to: Self.jobListIntervals)
        self.concurrency = concurrency.clamped(to: Self.concurrencies)
        self.requestsPerMinute = requestsPerMinute.clamped(to: Self.budgets)
    }

    /// Jobs per request: as many as fit one page with all their runs, and at least one.
    package var jobsPerRequest: Int { max(1, limit / recordCount) }

    /// Requests that may be sent at once on top of the budget's steady pace: enough for the first pass over 500 jobs and
    /// the list of them.
    package var burst: Int { (500 + jobsPerRequest - 1) / jobsPerRequest + 1 }
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

/// How often the poller asks, from the beginning of one cycle to that of the next: 2 s to 1 h.
package struct PollingInterval: Hashable, Sendable, CustomStringConvertible {
    package static let shortest = Duration.seconds(2)
    package static let longest = Duration.seconds(3_600)

    package let duration: Duration

    /// A duration, kept within 2 s and 1 h.
    package init(_ duration: Duration) { self.duration = min(max(duration, Self.shortest), Self.longest) }

    /// So many seconds, kept within 2 s and 1 h.
    package static func seconds(_ seconds: Int) -> PollingInterval { PollingInterval(.seconds(seconds)) }

    /// Reads `15`, `15s`, `5m` or `1h`; `nil` for anything else, and for what is not within 2 s and 1 h.
    package init?(_ text: String) {
        guard let duration = Duration(shortText: text), (Self.shortest...Self.longest).contains(duration) else {
            return nil
        }
        self.duration = duration
    }

    /// Which way the keyboard changes it.
    package enum Step: Sendable { case down, up }

    /// The next of the usual intervals, downwards or upwards; the last one stays.
    package func stepped(_ step: Step) -> PollingInterval {
        let usual = [2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600].map(Duration.seconds)
        let next = step == .down ? usual.last { $0 < duration } : usual.first { $0 > duration }
        return PollingInterval(next ?? duration)
    }

    /// `15s`, `5m`, `1h`; seconds where it is not a whole number of minutes.
    package var description: String {
        let seconds = duration.components.seconds
        if seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        if seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}

extension Duration {
    /// Reads a number of at most four digits with a unit: `15s`, `5m`, `1h`; seconds without one. `nil` for anything else.
    package init?(shortText text: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.count <= 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let count = Int(digits)
        else { return nil }
        self = .seconds(count * (unit ?? 1))
    }
}
