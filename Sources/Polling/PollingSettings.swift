import AIDP

/// Which jobs to watch, how often to request them, and how many to put in a request.
///
/// Every number is clamped to its range, so that no plan gets an impossible value.
package struct PollingSettings: Sendable, Equatable {
    /// Which jobs are watched.
    package enum Scope: Sendable, Equatable {
        /// The jobs with these keys, whether or not the workspace lists them.
        case keys([String])
        /// The jobs that the workspace lists; with a text, only those whose name contains it.
        case workspace(nameContains: String?)
    }

    /// The range of `recordCount`, from the operation's reference page.
    package static let recordCounts = 1...10
    /// The range of `limit`, from the operation's reference page.
    package static let limits = 1...25
    static let jobListIntervals: ClosedRange<Duration> = .seconds(10) ... .seconds(86_400)
    static let concurrencies = 1...32
    static let budgets = 1...60_000

    package var scope: Scope
    package var interval: PollingInterval
    /// Runs per job, 1…10.
    package var recordCount: Int { didSet { recordCount = recordCount.clamped(to: Self.recordCounts) } }
    /// Items per page, 1…25; a request contains as many jobs as fit one page.
    package var limit: Int { didSet { limit = limit.clamped(to: Self.limits) } }
    /// The order requested of the service. The board sorts by itself; the order may decide which runs the service sends.
    package var sortBy: RecentJobRunsRequest.SortBy
    package var sortOrder: SortOrder
    /// How long to use a list of the workspace's jobs before requesting it again, 10 s…1 day.
    package var jobListInterval: Duration {
        didSet { jobListInterval = jobListInterval.clamped(to: Self.jobListIntervals) }
    }
    /// The most parallel requests, 1…32.
    package var concurrency: Int { didSet { concurrency = concurrency.clamped(to: Self.concurrencies) } }
    /// The request budget: the average number of requests per minute, 1…60,000.
    package var requestsPerMinute: Int { didSet { requestsPerMinute = requestsPerMinute.clamped(to: Self.budgets) } }
    /// Whether lists of new and of active runs may decide which jobs to request; if not, every job is requested in turn.
    package var usesSweep = true
    /// The past periods to fill in with the budget's spare time; empty for none.
    package var backfill: [PastWindow] = []

    /// - Parameter sortOrder: `nil` for the service's own default: names ascending, everything else descending.
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

    /// Jobs per request: as many as fit one page with all their runs, at least one.
    package var jobsPerRequest: Int { max(1, limit / recordCount) }

    /// How many requests may be sent at once on top of the budget's steady rate: enough for the list of jobs and the first
    /// pass over 500 jobs.
    package var burst: Int { (500 + jobsPerRequest - 1) / jobsPerRequest + 1 }
}

extension PollingSettings {
    /// A note for the operator if the order is not newest first: the service does not document whether it sorts before it
    /// picks each job's `recordCount` runs.
    var orderNote: String? {
        guard sortBy != .timeCreated || sortOrder != .descending else { return nil }
        return
            "asked for by \(sortBy.rawValue) \(sortOrder.rawValue): the service may leave out the newest runs of a job"
    }
}

extension Comparable {
    /// The value in the range that is nearest to this one.
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}

/// The time from the start of one cycle to the start of the next: 2 s to 1 h.
package struct PollingInterval: Hashable, Sendable, CustomStringConvertible {
    package static let shortest = Duration.seconds(2)
    package static let longest = Duration.seconds(3_600)

    package let duration: Duration

    /// A duration, clamped to 2 s…1 h.
    package init(_ duration: Duration) { self.duration = min(max(duration, Self.shortest), Self.longest) }

    /// A number of seconds, clamped to 2 s…1 h.
    package static func seconds(_ seconds: Int) -> PollingInterval { PollingInterval(.seconds(seconds)) }

    /// Reads `15`, `15s`, `5m` or `1h`; `nil` for any other text, and for values outside 2 s…1 h.
    package init?(_ text: String) {
        guard let duration = Duration(shortText: text), (Self.shortest...Self.longest).contains(duration) else {
            return nil
        }
        self.duration = duration
    }

    /// The direction in which a key changes the interval.
    package enum Step: Sendable { case down, up }

    /// The next shorter or longer of the usual intervals; the interval itself if there is none.
    package func stepped(_ step: Step) -> PollingInterval {
        let usual = [2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600].map(Duration.seconds)
        let next = step == .down ? usual.last { $0 < duration } : usual.first { $0 > duration }
        return PollingInterval(next ?? duration)
    }

    /// `15s`, `5m`, `1h`; in seconds if it is not a whole number of minutes.
    package var description: String {
        let seconds = duration.components.seconds
        if seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        if seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}

extension Duration {
    /// Reads a number of at most four digits with an optional unit: `15s`, `5m`, `1h`; the default is seconds. Else `nil`.
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
