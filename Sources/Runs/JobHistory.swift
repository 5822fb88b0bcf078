import Foundation

/// The runs of one job as far back as they are known, oldest first, each once.
package struct JobHistory: Hashable, Sendable {
    package private(set) var runs: [PastRun] = []
    /// When the runs before them started that were not kept, in seconds since 1970, the oldest first.
    private(set) var earlierStarts: [UInt32] = []

    /// The longest waits of those, in seconds, the longest first.
    private(set) var earlierLongWaits: [Double] = []

    /// A wait is remembered as long from then on, in seconds.
    private static let longWait = 600.0
    private static let mostLongWaits = 8

    /// The most runs of a job that a board keeps. A hundred runs tell what is usual; more say what was usual once.
    package static let mostRunsOnBoard = 120
    /// The most starts of a job without a schedule that are of use: what is usual on which day of the week is learned from
    /// weeks.
    package static let mostStarts = Rhythm.mostStarts

    /// The most runs of a job that are of use: of one without a schedule the more, whose rhythm takes weeks to show.
    package static func mostRuns(of job: Job) -> Int { job.schedule == nil ? mostStarts : mostRunsOnBoard }

    package init() {}

    /// Of several runs with one key, the last counts.
    package init(_ runs: some Sequence<PastRun>) { learn(runs) }

    package var isEmpty: Bool { runs.isEmpty }

    /// Adds runs, or replaces those with the same key; the newest `most` are kept, of the others when they started.
    package mutating func learn(_ newer: some Sequence<PastRun>, keeping most: Int = .max) {
        var byKey: [String: PastRun] = [:]
        for run in newer { byKey[run.key] = run }
        // Most of what is learned is known already, and stays in its place.
        for place in runs.indices.reversed() where !byKey.isEmpty {
            guard let run = byKey[runs[place].key], run.moment == runs[place].moment else { continue }
            let cause = runs[place].cause
            runs[place] = run
            // An answer does not name the cause that the history found in an error trace.
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
        // In larger steps, so that a busy job does not move them all with every run.
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

    /// The moments at which the job started by itself, in seconds since 1970, the oldest first: those of runs that nobody says
    /// were started by hand.
    var ownStarts: [Double] {
        let own = runs.filter { $0.launch != .manual }
        return earlierStarts.map(Double.init) + own.compactMap { $0.moment?.timeIntervalSince1970 }
    }

    /// Whether people start the job, and nothing else does.
    var isManual: Bool { !runs.isEmpty && runs.allSatisfy { $0.launch == .manual } }

    /// The runs that may still change, oldest first.
    ///
    /// An answer holds ten runs at most. A run that was active when ten newer ones had been created, and one of those had
    /// started, may have ended without being seen again: it is not counted.
    package var activeRuns: [PastRun] {
        let active = runs.indices.filter { runs[$0].status.isActive }
        return active.filter { place in
            let newer = runs[(place + 1)...]
            return newer.count < 10 || !newer.contains { $0.started != nil || $0.status.isConclusive }
        }.map { runs[$0] }
    }

    /// The runs as they would have been known at a moment: those created by then; one that had not ended by then is active,
    /// and waits until its start.
    package func asOf(_ moment: Date) -> JobHistory {
        var known = self
        known.runs = runs.compactMap { run in
            guard let created = run.moment, created <= moment else { return nil }
            if let ended = run.ended, ended <= moment { return run }
            // One that is over and does not say when was over as soon as it was seen.
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
    /// In whole seconds since 1970; `nil` outside of what 32 bits hold, which is until 2106.
    fileprivate var secondsSince1970: UInt32? { UInt32(exactly: timeIntervalSince1970.rounded(.down)) }
}

/// A job as it was last seen.
package struct RememberedJob: Sendable {
    package var job: Job
    /// When an answer last contained its runs; when it was last listed, if none did.
    package var lastSeen: Date
    /// Its newest runs, newest first, with all their fields.
    package var newest: [JobRun]

    package init(job: Job, lastSeen: Date, newest: [JobRun]) {
        (self.job, self.lastSeen, self.newest) = (job, lastSeen, newest)
    }
}
