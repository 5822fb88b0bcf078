import Foundation

/// What the table of a job's runs can be sorted by.
package enum RunSortKey: String, Hashable, Sendable, CaseIterable {
    /// Newest first: the default.
    case created
    case status
    case duration
    case wait
    case trigger
    case who
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
        // The board keeps runs newest first; Swift's sort is stable, so equal ranks stay so.
        runs.map { (run: $0, rank: rank($0)) }.sorted { $0.rank < $1.rank }.map(\.run)
    }
}
