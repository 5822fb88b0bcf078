import Foundation

/// The sort keys of the table of jobs.
package enum JobSortKey: String, Hashable, Sendable, CaseIterable {
    /// The most urgent first: the default.
    case risk
    case status
    case name
    case started
    case duration
    /// The duration divided by the usual duration.
    case ratio
    case trigger
    case who
    /// When the next run should start, the earliest first.
    case nextStart = "next"
    /// When the job last succeeded, the longest ago first.
    case lastSuccess = "last-success"

    /// Whether the order changes with time while runs are active.
    package var changesWithTime: Bool { self == .duration || self == .ratio }
}

/// An order of rows: a sort key, and whether it is reversed.
package struct Order<SortKey: Hashable & Sendable>: Hashable, Sendable {
    package var key: SortKey
    package var isReversed: Bool

    package init(_ key: SortKey, isReversed: Bool = false) {
        self.key = key
        self.isReversed = isReversed
    }
}

package typealias JobOrder = Order<JobSortKey>

extension JobOrder {
    /// The entries in order. Equal rows are ordered by name, then by key, so that a refresh never reorders them.
    package func sorted(_ entries: [JobEntry], at now: Date) -> [JobEntry] {
        switch key {
        case .risk: arranged(entries) { $0.risk(at: now) }
        case .status: arranged(entries) { $0.leadingRun(at: now)?.status.severity ?? .max }
        case .name: arranged(entries) { _ in 0 }
        case .started:
            arranged(entries) { entry in
                let run = entry.leadingRun(at: now)
                return Ranked(0, newest: run?.started ?? run?.created)
            }
        case .duration: arranged(entries) { Descending($0.duration(at: now)) }
        case .ratio: arranged(entries) { Descending($0.ratio(at: now)) }
        case .trigger: arranged(entries) { $0.leadingRun(at: now)?.launch?.wireValue ?? "\u{10FFFF}" }
        case .who: arranged(entries) { $0.leadingRun(at: now)?.who ?? "\u{10FFFF}" }
        case .nextStart: arranged(entries) { $0.assessment(at: now).nextStart ?? .distantFuture }
        case .lastSuccess: arranged(entries) { $0.statistics.lastSuccess ?? .distantFuture }
        }
    }

    private func arranged<Rank: Comparable>(_ entries: [JobEntry], by rank: (JobEntry) -> Rank) -> [JobEntry] {
        // Sorts the indices instead of the entries, because an entry is large.
        let ranked = entries.indices.map { (index: $0, rank: rank(entries[$0]), name: entries[$0].name.lowercased()) }
        let sorted = ranked.sorted { left, right in
            if left.rank != right.rank { return left.rank < right.rank }
            if left.name != right.name { return left.name < right.name }
            return entries[left.index].job.id < entries[right.index].job.id
        }
        let ordered = sorted.map { entries[$0.index] }
        return isReversed ? ordered.reversed() : ordered
    }
}

extension JobEntry {
    /// The rank of the job, the most urgent first:
    /// 1. broken jobs, because only a success heals them: those that failed themselves before those with `UPSTREAM_FAILED`,
    /// because they are the cause; among equals the one that broke last, because nobody has seen it yet, while one that has
    /// been broken for days is known;
    /// 2. late jobs: first a stuck run (it holds up later runs), then a missed start (somebody must act), then a slow run
    /// (it may still end by itself); the newest of each first;
    /// 3. flapping jobs, then the others in the order of ``JobHealth``, the newest run first.
    fileprivate func risk(at now: Date) -> Ranked {
        let health = health(at: now)
        switch health {
        case .broken:
            let since = verdicts(at: now).first { $0.kind == .failing }?.from
            return Ranked(latestConclusive?.status == .upstreamFailed ? 1 : 0, newest: since ?? latest?.moment)
        case .late:
            guard let verdict = verdicts(at: now).first(where: \.kind.isLate) else { break }
            return Ranked(1 + verdict.kind.urgency, newest: verdict.from)
        default: break
        }
        return Ranked(10 + health.rawValue, newest: latest?.moment)
    }
}

/// A rank; equal ranks are ordered newest first.
private struct Ranked: Comparable {
    let rank: Int
    let newest: Date

    init(_ rank: Int, newest: Date?) {
        self.rank = rank
        self.newest = newest ?? .distantPast
    }

    static func < (left: Ranked, right: Ranked) -> Bool {
        left.rank == right.rank ? left.newest > right.newest : left.rank < right.rank
    }
}

/// Orders larger values first, and unknown values last.
struct Descending<Value: Comparable>: Comparable {
    let value: Value?

    init(_ value: Value?) { self.value = value }

    static func < (left: Descending, right: Descending) -> Bool {
        switch (left.value, right.value) {
        case (let left?, let right?): left > right
        case (.some, nil): true
        case (nil, _): false
        }
    }
}

extension JobEntry {
    /// How long the run that the row shows took, or has run so far.
    package func duration(at now: Date) -> Duration? { leadingRun(at: now)?.duration(at: moment(at: now)) }

    /// That duration divided by the usual one; 1 is usual.
    package func ratio(at now: Date) -> Double? {
        guard let usual = statistics.duration, let duration = duration(at: now) else { return nil }
        return usual.ratio(of: duration)
    }
}

/// The sort keys of the table of a job's runs.
package enum RunSortKey: String, Hashable, Sendable, CaseIterable {
    /// Newest first: the default.
    case created
    case status
    case duration
    case wait
    case trigger
    case who

    /// Whether the order changes with time while runs are active.
    package var changesWithTime: Bool { self == .duration || self == .wait }
}

package typealias RunOrder = Order<RunSortKey>

extension RunOrder {
    /// The runs in order; equal ones newest first.
    package func sorted(_ runs: [JobRun], at now: Date) -> [JobRun] {
        let sorted =
            switch key {
            case .created: arranged(runs) { _ in 0 }
            case .status: arranged(runs) { $0.status.severity }
            case .duration: arranged(runs) { Descending($0.duration(at: now)) }
            case .wait: arranged(runs) { Descending($0.queueWait(at: now)) }
            case .trigger: arranged(runs) { $0.launch?.wireValue ?? "\u{10FFFF}" }
            case .who: arranged(runs) { $0.who ?? "\u{10FFFF}" }
            }
        return isReversed ? sorted.reversed() : sorted
    }

    private func arranged<Rank: Comparable>(_ runs: [JobRun], by rank: (JobRun) -> Rank) -> [JobRun] {
        // The board keeps runs newest first, and Swift's sort is stable, so runs with equal ranks stay newest first.
        runs.map { (run: $0, rank: rank($0)) }.sorted { $0.rank < $1.rank }.map(\.run)
    }
}
