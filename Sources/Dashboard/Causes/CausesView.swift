import Foundation
import Runs
import Screen

/// The causes of all known failures, one per row; those of jobs that are broken now come first.
struct CausesView: Hashable, Sendable {
    var cursor = TableCursor<String>()
    var order = CauseOrder(.broken)
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
            ? signatures.gather { signature in CauseGroup.groups(of: board.entries.values, signatureOf: signature) }
            : groups ?? []
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
    /// How many other texts the cache keeps besides those of the last `gather`; with more it is emptied.
    private static let mostOthers = 1_000
    private var known: [String: String] = [:]
    private var gathered = 0

    mutating func signature(of text: String) -> String {
        if let signature = known[text] { return signature }
        if known.count >= gathered + Self.mostOthers { (known, gathered) = ([:], 0) }
        let signature = FailureCause.signature(of: text)
        known[text] = signature
        return signature
    }

    /// Calls `body`, which asks for the signatures of all known texts; removes other texts from the cache.
    mutating func gather<Result>(_ body: (_ signature: (String) -> String) -> Result) -> Result {
        let before = known
        known = [:]
        defer { gathered = known.count }
        return body { text in
            if let signature = known[text] { return signature }
            let signature = before[text] ?? FailureCause.signature(of: text)
            known[text] = signature
            return signature
        }
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

    private var known: [JobID: Known] = [:]

    subscript(job: JobID) -> CauseRecurrence? { known[job]?.recurrence }

    /// Updates the cache for the visible jobs, and removes all others.
    mutating func update(with inSight: some Sequence<JobEntry>, signatures: inout SignatureMemo) {
        let before = known
        known = [:]
        for entry in inSight {
            guard let run = entry.latestConclusive, entry.currentCause != nil else { continue }
            if let same = before[entry.id], same.run == run.id, same.history == entry.history {
                known[entry.id] = same
            } else {
                known[entry.id] = Known(
                    history: entry.history, run: run.id, recurrence: signatures.recurrence(of: run, in: entry))
            }
        }
    }
}
