import Foundation
import Runs
import Screen

/// The causes of all failures known: one row a cause, the jobs that are broken now first.
struct CausesView: Hashable, Sendable {
    var cursor = TableCursor<String>()
    var order = CauseOrder(.jobs)
    /// What the rows shown contain.
    var filter = ""
    /// All causes in order; `nil` before they were gathered.
    private(set) var groups: [CauseGroup]?
    /// The causes shown, in order.
    private(set) var rows: [CauseGroup] = []

    /// Puts the rows in order; gathers the causes anew where the board has changed.
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

/// Where the table of jobs of one cause goes back to.
struct CausesReturn: Hashable, Sendable {
    let view: CausesView
    let filter: JobFilter
    let cursor: TableCursor<JobID>
    let isSettled: Bool
}

/// Signatures of causes known as texts, each made once: the past of thousands of jobs repeats a few texts.
struct SignatureMemo: Hashable, Sendable {
    /// So many texts are kept; then it starts anew.
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

/// Whether the failures of the jobs in sight are new for them, each found out once.
struct RecurrenceMemo: Hashable, Sendable {
    private struct Known: Hashable, Sendable {
        let history: JobHistory
        let run: RunID
        let recurrence: CauseRecurrence?
    }

    /// So many jobs are kept; then it starts anew.
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
