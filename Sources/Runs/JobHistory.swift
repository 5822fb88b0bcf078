import Foundation

/// All known runs of one job, oldest first, each once.
package struct JobHistory: Hashable, Sendable {
    package private(set) var runs: [PastRun] = []
    /// When the older runs that were not kept started, in seconds since 1970, the oldest first.
    private(set) var earlierStarts: [UInt32] = []

    /// The longest waits of those runs, in seconds, the longest first.
    private(set) var earlierLongWaits: [Double] = []

    /// Waits longer than this are remembered, in seconds.
    private static let longWait = 600.0
    private static let mostLongWaits = 8

    /// The most runs of a job that a board keeps. A hundred runs show what is usual; older ones show what was usual before.
    package static let mostRunsOnBoard = 120
    /// The most starts that are used of a job without a schedule: several weeks show what is usual on each day of the week.
    package static let mostStarts = Rhythm.mostStarts

    /// The most runs that are used of a job: more for a job without a schedule, whose rhythm takes weeks to learn.
    package static func mostRuns(of job: Job) -> Int { job.schedule == nil ? mostStarts : mostRunsOnBoard }

    package init() {}

    /// Of several runs with the same key, the last counts.
    package init(_ runs: some Sequence<PastRun>) { learn(runs) }

    package var isEmpty: Bool { runs.isEmpty }

    /// Adds runs, and replaces those with the same key. Keeps the newest `most`, and only the start times of the others.
    package mutating func learn(_ newer: some Sequence<PastRun>, keeping most: Int = .max) {
        var byKey: [String: PastRun] = [:]
        for run in newer { byKey[run.key] = run }
        // Most of these runs are known already, and stay at their index.
        for place in runs.indices.reversed() where !byKey.isEmpty {
            guard let run = byKey[runs[place].key], run.moment == runs[place].moment else { continue }
            let cause = runs[place].cause
            runs[place] = run
            // An answer does not contain the cause that the history found in an error trace.
            if run.cause == nil, run.status.isFailure { runs[place].cause = cause }
            byKey[run.key] = nil
        }
        guard !byKey.isEmpty else { return }
        runs.removeAll { byKey[$0.key] != nil }
        runs += byKey.values
        runs.sort(by: Self.isOlder)
        guard runs.count > most else { return }
        let dropped = runs.prefix(runs.count - most)
        runs.removeFirst(dropped.count)
        let starts = dropped.filter { $0.launch != .manual }.compactMap { $0.moment?.secondsSince1970 }
        let known = earlierStarts.last ?? 0
        earlierStarts += starts.filter { $0 > known }
        // Trims in larger steps, so that a busy job does not move all values with every run.
        if earlierStarts.count > Self.mostStarts * 5 / 4 {
            earlierStarts.removeFirst(earlierStarts.count - Self.mostStarts)
        }
        let longest = earlierLongWaits + dropped.compactMap { $0.wait?.inSeconds }.filter { $0 > Self.longWait }
        earlierLongWaits = longest.sorted(by: >).prefix(Self.mostLongWaits).map(\.self)
    }

    private static func isOlder(_ left: PastRun, _ right: PastRun) -> Bool {
        let (leftMoment, rightMoment) = (left.moment ?? .distantPast, right.moment ?? .distantPast)
        return leftMoment == rightMoment ? left.key < right.key : leftMoment < rightMoment
    }

    /// The times at which the job started by itself, in seconds since 1970, the oldest first: without runs marked as manual.
    var ownStarts: [Double] {
        let own = runs.filter { $0.launch != .manual }
        return earlierStarts.map(Double.init) + own.compactMap { $0.moment?.timeIntervalSince1970 }
    }

    /// Whether people start the job, and nothing else does.
    var isManual: Bool { !runs.isEmpty && runs.allSatisfy { $0.launch == .manual } }

    /// The runs that may still change, oldest first.
    ///
    /// An answer contains at most ten runs. An active run with ten newer ones, one of which has started, may have ended
    /// without being seen, so it does not count.
    package var activeRuns: [PastRun] {
        let active = runs.indices.filter { runs[$0].status.isActive }
        return active.filter { place in
            let newer = runs[(place + 1)...]
            return newer.count < 10 || !newer.contains { $0.started != nil || $0.status.isConclusive }
        }.map { runs[$0] }
    }

    /// The runs as they were known at a past time: those created by then. A run that had not ended by then is active, and
    /// waits until its start.
    package func asOf(_ moment: Date) -> JobHistory {
        var known = self
        known.runs = runs.compactMap { run in
            guard let created = run.moment, created <= moment else { return nil }
            if let ended = run.ended, ended <= moment { return run }
            // A finished run without an end time counts as finished from its creation.
            if run.ended == nil, !run.status.isActive { return run }
            var then = run
            (then.ended, then.executionDuration, then.cause) = (nil, nil, nil)
            if let started = run.started, started <= moment {
                if !run.status.isActive || run.status.isWaiting { then.status = .running }
            } else {
                then.started = nil
                if !run.status.isWaiting { then.status = .queued }
            }
            return then
        }
        return known
    }
}

extension Date {
    /// In whole seconds since 1970; `nil` if they do not fit in 32 bits, which end in 2106.
    fileprivate var secondsSince1970: UInt32? { UInt32(exactly: timeIntervalSince1970.rounded(.down)) }
}

/// A job in its last known state.
package struct RememberedJob: Sendable {
    package var job: Job
    /// When an answer last contained its runs; if none did, when the job was last listed.
    package var lastSeen: Date
    /// The newest runs, newest first, with all fields.
    package var newest: [JobRun]
    /// Why the failed runs among them failed, by the key of the run, as far as this was found in advance.
    package var causes: [String: FailureCause] = [:]

    package init(job: Job, lastSeen: Date, newest: [JobRun]) {
        (self.job, self.lastSeen, self.newest) = (job, lastSeen, newest)
    }
}
