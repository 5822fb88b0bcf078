import Foundation
import Runs

/// Stores jobs and their runs. Its users do not depend on the storage, which is SQLite.
package protocol HistoryStore: Sendable {
    /// Writes the results of a cycle in one transaction. Throws if they could not be written; then nothing is stored.
    @discardableResult
    func record(_ cycle: SeenCycle) async throws(HistoryError) -> RecordedRuns

    /// The jobs of a place, each with at most `newestRuns` of its newest runs, for the board at its start. Leaves out
    /// jobs that were last seen more than a day before the most recently seen job of the place.
    func board(of place: Place, newestRuns: Int) async throws(HistoryError) -> [RememberedJob]

    /// At most `mostRuns` of the newest runs of each job, newest first. `nil` means all jobs or all runs.
    ///
    /// - Parameter createdBy: leaves out runs that were created after this time.
    func pastRuns(
        of place: Place, jobs: [String]?, mostRuns: Int?, createdBy: Date?
    ) async throws(HistoryError) -> [JobID: [PastRun]]

    /// The places in the history, each with its name.
    func places() async throws(HistoryError) -> [(place: Place, name: String)]

    /// All jobs of a place, sorted by key.
    func jobs(of place: Place) async throws(HistoryError) -> [Job]

    /// Passes the runs of the selection to `body` in batches, job by job and oldest first. Reads one snapshot.
    ///
    /// - Returns: the number of runs.
    func forEachRun(
        of selection: RunSelection, _ body: @escaping @Sendable ([JobRun]) throws -> Void
    ) async throws -> Int

    /// The statuses of a run, oldest first. Empty if the run is unknown.
    func statusChanges(of run: RunID) async throws(HistoryError) -> [StatusChange]

    func statistics() async throws(HistoryError) -> HistoryStatistics

    /// The periods of a place's past that have not been requested yet.
    func pastLeft(of place: Place) async throws(HistoryError) -> PastLeft

    /// How long runs are kept.
    var retention: Duration { get }

    /// Removes runs that are older than `moment`, and jobs that have no runs and have not been seen since.
    func prune(before moment: Date) async throws(HistoryError) -> PruneResult
}

extension HistoryStore {
    /// Writes cycles, each in its own transaction, until `next` returns nil.
    ///
    /// - Parameter written: called after each transaction.
    package func record(each next: () throws -> SeenCycle?, written: (RecordedRuns) -> Void) async throws {
        while let cycle = try next() {
            let recorded = try await recordUntyped(cycle)
            written(recorded)
        }
    }

    /// The optimizer of Swift 6.3.1 crashes on a loop that awaits a function with typed throws.
    @inline(never)
    private func recordUntyped(_ cycle: SeenCycle) async throws -> RecordedRuns { try await record(cycle) }

    /// At most `mostRuns` of the newest runs of each job, newest first. `nil` means all jobs or all runs.
    package func pastRuns(
        of place: Place, jobs: [String]?, mostRuns: Int?
    ) async throws(HistoryError) -> [JobID: [PastRun]] {
        try await pastRuns(of: place, jobs: jobs, mostRuns: mostRuns, createdBy: nil)
    }
}

/// The results of one polling cycle, or a part of an imported file. They are written in one transaction.
package struct SeenCycle: Sendable {
    package var place: Place
    /// The display name of the place, if known.
    package var placeName: String?
    /// When the list of jobs was received, and the runs of jobs that are not in `answered`.
    package var at: Date
    /// The whole list of jobs, if the cycle requested it.
    package var jobs: [Job]?
    /// The keys of the jobs whose runs were received, with the time. A job without runs can be among them.
    package var answered: [String: Date]
    /// All runs in the answers. If two have the same key, the last one is stored.
    package var runs: [JobRun]
    /// Whether the runs come from an imported file: it is unknown when they were seen, and stored runs may be newer.
    package var isImported: Bool
    /// The periods of the past that are left after these runs are stored; `nil` if unchanged.
    package var pastLeft: [ClosedRange<Date>]?

    package init(
        place: Place, at: Date, placeName: String? = nil, jobs: [Job]? = nil, answered: [String: Date] = [:],
        runs: [JobRun] = [], isImported: Bool = false, pastLeft: [ClosedRange<Date>]? = nil
    ) {
        (self.place, self.at, self.placeName, self.jobs) = (place, at, placeName, jobs)
        (self.answered, self.runs, self.isImported, self.pastLeft) = (answered, runs, isImported, pastLeft)
    }
}

/// How many runs of a cycle were new, and how many were known.
package struct RecordedRuns: Hashable, Sendable {
    /// The runs that were not stored before.
    package var new = 0
    /// The runs of which an earlier state was stored.
    package var changed = 0
    /// The runs that were stored already, in the same state or in a later one.
    package var known = 0

    package init(new: Int = 0, changed: Int = 0, known: Int = 0) {
        (self.new, self.changed, self.known) = (new, changed, known)
    }

    package static func += (sum: inout RecordedRuns, part: RecordedRuns) {
        sum.new += part.new
        sum.changed += part.changed
        sum.known += part.known
    }
}

/// The periods of a place's past that have not been requested yet.
package struct PastLeft: Hashable, Sendable {
    /// The periods that are left, by the creation times of runs; `nil` if they have not been determined yet.
    package var stretches: [ClosedRange<Date>]?
    /// When a job or run of the place was last seen.
    package var lastSeen: Date?

    package init(stretches: [ClosedRange<Date>]? = nil, lastSeen: Date? = nil) {
        (self.stretches, self.lastSeen) = (stretches, lastSeen)
    }
}

package struct RunSelection: Hashable, Sendable {
    package var place: Place
    /// The key of the only job; `nil` for all jobs.
    package var job: String?
    /// The time of the oldest run: when it was created, else started, else ended.
    package var since: Date?

    package init(place: Place, job: String? = nil, since: Date? = nil) {
        (self.place, self.job, self.since) = (place, job, since)
    }
}

/// A status of a run, and when the run was first seen with it.
package struct StatusChange: Hashable, Sendable {
    package var status: RunStatus
    package var seen: Date

    package init(_ status: RunStatus, seen: Date) { (self.status, self.seen) = (status, seen) }
}

/// The contents of a history.
package struct HistoryStatistics: Hashable, Sendable {
    package struct OfPlace: Hashable, Sendable {
        package var place: Place
        package var name: String
        package var jobs = 0
        package var runs = 0
        /// When the oldest and the newest run were created.
        package var first: Date?
        package var last: Date?
    }

    package var places: [OfPlace] = []
    /// The size of the files on disk, in bytes.
    package var bytes: Int64 = 0
    /// The number of different error traces, and their compressed size in bytes.
    package var traces = 0
    package var traceBytes: Int64 = 0

    package init() {}

    package var jobs: Int { places.reduce(0) { $0 + $1.jobs } }
    package var runs: Int { places.reduce(0) { $0 + $1.runs } }
    package var first: Date? { places.compactMap(\.first).min() }
    package var last: Date? { places.compactMap(\.last).max() }
}

/// The result of pruning.
package struct PruneResult: Hashable, Sendable {
    package var runs = 0
    package var jobs = 0
    /// The size of the file in bytes, before and after.
    package var bytesBefore: Int64 = 0
    package var bytesAfter: Int64 = 0

    package init() {}
}

/// How a program uses the history file.
package enum HistoryAccess: Hashable, Sendable {
    /// Writes it: creates a missing file, and sets a damaged one aside. Reads it also if it cannot be written.
    case keeps
    /// Changes an existing file.
    case changes
    /// Reads it, and does not create or change any file.
    case reads
}

/// Why the history cannot be read or written, and what to do, each in a sentence.
package struct HistoryError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The file does not exist.
        case missing
        /// The file is not a valid database.
        case damaged
        /// The file was not a valid database. It has another name now, and the next call uses a new file.
        case replaced
        /// A newer version of runtop wrote it, or another program.
        case foreign
        /// Another program holds a lock.
        case locked
        /// The file or its folder cannot be read or written.
        case inaccessible
    }

    package var kind: Kind
    package var problem: String
    package var advice: String

    package init(_ kind: Kind, _ problem: String, advice: String = "") {
        (self.kind, self.problem, self.advice) = (kind, problem, advice)
    }
}
