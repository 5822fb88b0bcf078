import Foundation

/// The runs of one job as far back as they are known, oldest first, each once.
package struct JobHistory: Hashable, Sendable {
    package private(set) var runs: [PastRun] = []

    /// The most runs of a job that a board keeps. A hundred runs tell what is usual; more say what was usual once.
    package static let mostRunsOnBoard = 120

    package init() {}

    /// Of several runs with one key, the last counts.
    package init(_ runs: some Sequence<PastRun>) { learn(runs) }

    package var isEmpty: Bool { runs.isEmpty }

    /// Adds runs, or replaces those with the same key; the newest `most` are kept.
    package mutating func learn(_ newer: some Sequence<PastRun>, keeping most: Int = .max) {
        var byKey: [String: PastRun] = [:]
        for run in newer { byKey[run.key] = run }
        guard !byKey.isEmpty else { return }
        runs = (runs.filter { byKey[$0.key] == nil } + byKey.values).sorted(by: Self.isOlder)
        if runs.count > most { runs.removeFirst(runs.count - most) }
    }

    private static func isOlder(_ left: PastRun, _ right: PastRun) -> Bool {
        let (leftMoment, rightMoment) = (left.moment ?? .distantPast, right.moment ?? .distantPast)
        return leftMoment == rightMoment ? left.key < right.key : leftMoment < rightMoment
    }
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
