import Foundation
import Runs
import Screen

/// The causes of all known failures, one per row; those of jobs that are broken now come first.
struct CausesView: Hashable, Sendable {
    var cursor = TableCursor<String>()
    var order = CauseOrder(.jobs)
    /// The words that each row must contain.
    var filter = ""
    /// All causes in order; `nil` before they are collected.
    private(set) var groups: [CauseGroup]?
    /// The causes that match the filter, in order.
    private(set) var rows: [CauseGroup] = []

    /// Sorts and filters the rows; collects the causes again if the board has changed.
    mutating func arrange(_ board: JobBoard, hasChanged: Bool, signatures: inout SignatureMemo) {
        let groups =
            hasChanged || groups == nil
            ? CauseGroup.groups(of: board.entries.values) { signatures.signature(of: $0) } : groups ?? []
        let sorted = order.sorted(groups)
        self.groups = sorted
        let words = filter.split(whereSeparator: \.isWhitespace)
        rows = sorted.filter { group in
            words.allSatisfy { word in
                [group.text, group.signature].contains { $0.range(of: word, options: .caseInsensitive) != nil }
            }
        }
        cursor.follow(rows.map(\.id))
    }

    var selected: CauseGroup? {
        let id = cursor.selected(of: rows.map(\.id))
        return rows.first { $0.id == id }
    }
}

/// The table of causes to return to from the jobs of one cause.
struct CausesReturn: Hashable, Sendable {
    let view: CausesView
    let filter: JobFilter
    let cursor: TableCursor<JobID>
    let isSettled: Bool
}

/// A cache of signatures of causes that are known as texts: the history of thousands of jobs repeats a few texts.
struct SignatureMemo: Hashable, Sendable {
    /// The size at which the cache is emptied.
    private static let most = 20_000
    private var known: [String: String] = [:]

    mutating func signature(of text: String) -> String {
        if let signature = known[text] { return signature }
        if known.count >= Self.most { known = [:] }
        let signature = FailureCause.signature(of: text)
        known[text] = signature
        return signature
    }

    /// Whether a failed run's job has failed for the same cause before.
    mutating func recurrence(of run: JobRun, in entry: JobEntry) -> CauseRecurrence? {
        guard let cause = entry.cause(of: run) else { return nil }
        return CauseRecurrence(ofRun: run.id.key, signature: cause.signature, among: entry.history.runs) {
            $0.cause.map { signature(of: $0) }
        }
    }
}

/// A cache of whether the failures of the visible jobs are new for them.
struct RecurrenceMemo: Hashable, Sendable {
    private struct Known: Hashable, Sendable {
        let history: JobHistory
        let run: RunID
        let recurrence: CauseRecurrence?
    }

    /// The number of jobs at which the cache is emptied.
    private static let most = 1_000
    private var known: [JobID: Known] = [:]

    subscript(job: JobID) -> CauseRecurrence? { known[job]?.recurrence }

    mutating func update(with entry: JobEntry, signatures: inout SignatureMemo) {
        guard let run = entry.latestConclusive, entry.currentCause != nil else {
            known[entry.id] = nil
            return
        }
        if let known = known[entry.id], known.run == run.id, known.history == entry.history { return }
        if known.count >= Self.most { known = [:] }
        known[entry.id] = Known(
            history: entry.history, run: run.id, recurrence: signatures.recurrence(of: run, in: entry))
    }
}
