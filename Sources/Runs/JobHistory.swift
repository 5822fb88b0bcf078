import Foundation

/// The runs of one job as far back as they are known, oldest first, each once.
package struct JobHistory: Hashable, Sendable {
    package private(set) var runs: [PastRun] = []

    package init() {}

    /// Of several runs with one key, the last counts.
    package init(_ runs: some Sequence<PastRun>) {
        self.runs = Self.ordered(runs)
    }

    package var isEmpty: Bool { runs.isEmpty }

    /// Adds runs, or replaces those with the same key.
    package mutating func learn(_ newer: some Sequence<PastRun>) {
        runs = Self.ordered(runs + Array(newer))
    }

    private static func ordered(_ runs: some Sequence<PastRun>) -> [PastRun] {
        var byKey: [String: PastRun] = [:]
        for run in runs { byKey[run.key] = run }
        return byKey.values.sorted { left, right in
            let (leftMoment, rightMoment) = (left.moment ?? .distantPast, right.moment ?? .distantPast)
            return leftMoment == rightMoment ? left.key < right.key : leftMoment < rightMoment
        }
    }
}
