import Foundation
import Runs

/// What was seen of jobs and their runs, kept. Nothing above it knows how: SQLite behind it today, a server one day.
package protocol HistoryStore: Sendable {
    /// Writes what a cycle brought, in one transaction. Either all of it is kept, or an error is thrown.
    func record(_ cycle: SeenCycle) async throws(HistoryError)

    /// The jobs of a place as they were last seen, each with up to so many of its newest runs: what a board shows at its
    /// start. Jobs that nothing has named since a day before the newest sighting of the place are left out.
    func board(of place: Place, newestRuns: Int) async throws(HistoryError) -> [RememberedJob]

    /// Up to so many of the newest runs of each job of a place, newest first; `nil` for all jobs and all runs.
    ///
    /// - Parameter createdBy: runs that were created later are left out.
    func pastRuns(
        of place: Place, jobs: [String]?, mostRuns: Int?, createdBy: Date?
    ) async throws(HistoryError) -> [JobID: [PastRun]]

    /// The places known, each with its name.
    func places() async throws(HistoryError) -> [(place: Place, name: String)]

    /// All jobs of a place, by their keys' order.
    func jobs(of place: Place) async throws(HistoryError) -> [Job]

    /// Hands out the runs of a place, job by job and oldest first, a batch at a time, as they were when it began.
    ///
    /// - Returns: how many there were.
    func forEachRun(
        of selection: RunSelection, _ body: @escaping @Sendable ([JobRun]) throws -> Void
    ) async throws -> Int

    /// The statuses that a run was seen in, oldest first; empty for a run that is not known.
    func statusChanges(of run: RunID) async throws(HistoryError) -> [StatusChange]

    func statistics() async throws(HistoryError) -> HistoryStatistics

    /// What of a place's past is still to be asked for.
    func pastLeft(of place: Place) async throws(HistoryError) -> PastLeft

    /// How long runs are kept.
    var retention: Duration { get }

    /// Removes the runs that are older than a moment, and the jobs that nothing has named since.
    func prune(before moment: Date) async throws(HistoryError) -> PruneResult
}

extension HistoryStore {
    /// Writes cycle after cycle, each in a transaction of its own, until there is no next one.
    package func record(each next: () throws -> SeenCycle?) async throws {
        while let cycle = try next() {
            if let error = await failure(ofRecording: cycle) { throw error }
        }
    }

    /// The optimizer of Swift 6.3.1 crashes on a loop that itself waits for a function with a typed error.
    private func failure(ofRecording cycle: SeenCycle) async -> HistoryError? {
        do throws(HistoryError) {
            try await record(cycle)
            return nil
        } catch {
            return error
        }
    }

    /// Up to so many of the newest runs of each job of a place, newest first; `nil` for all jobs and all runs.
    package func pastRuns(
        of place: Place, jobs: [String]?, mostRuns: Int?
    ) async throws(HistoryError) -> [JobID: [PastRun]] {
        try await pastRuns(of: place, jobs: jobs, mostRuns: mostRuns, createdBy: nil)
    }
}

/// What one cycle of polling brought, or a part of a file: written in one transaction.
package struct SeenCycle: Sendable {
    package var place: Place
    /// The display name of the place, where it is known.
    package var placeName: String?
    /// When the list of jobs was seen, and the runs of the jobs that are not in `answered`.
    package var at: Date
    /// The whole list of jobs, if the cycle brought one.
    package var jobs: [Job]?
    /// The jobs whose runs were answered, by their keys, and when. A job without any run may be among them.
    package var answered: [String: Date]
    /// The runs of its answers, whole. Of several with one key, the last counts.
    package var runs: [JobRun]
    /// Whether the runs come from a file: when they were seen is not known, and they may be older than what is kept.
    package var isImported: Bool
    /// What of the past is left once these runs are kept, if that has changed.
    package var pastLeft: [ClosedRange<Date>]?

    package init(
        place: Place, at: Date, placeName: String? = nil, jobs: [Job]? = nil, answered: [String: Date] = [:],
        runs: [JobRun] = [], isImported: Bool = false, pastLeft: [ClosedRange<Date>]? = nil
    ) {
        (self.place, self.at, self.placeName, self.jobs) = (place, at, placeName, jobs)
        (self.answered, self.runs, self.isImported, self.pastLeft) = (answered, runs, isImported, pastLeft)
    }
}

/// What of a place's past is still to be asked for.
package struct PastLeft: Hashable, Sendable {
    /// The stretches that are left, by the moments at which runs were created; `nil` for a place of which nobody has decided.
    package var stretches: [ClosedRange<Date>]?
    /// When something of the place was last seen.
    package var lastSeen: Date?

    package init(stretches: [ClosedRange<Date>]? = nil, lastSeen: Date? = nil) {
        (self.stretches, self.lastSeen) = (stretches, lastSeen)
    }
}

/// Which runs to read.
package struct RunSelection: Hashable, Sendable {
    package var place: Place
    /// The key of the only job; `nil` for all.
    package var job: String?
    /// The oldest moment (created, else started, else ended).
    package var since: Date?

    package init(place: Place, job: String? = nil, since: Date? = nil) {
        (self.place, self.job, self.since) = (place, job, since)
    }
}

/// A status that a run was in, and when it was first seen in it.
package struct StatusChange: Hashable, Sendable {
    package var status: RunStatus
    package var seen: Date

    package init(_ status: RunStatus, seen: Date) { (self.status, self.seen) = (status, seen) }
}

/// What a history holds.
package struct HistoryStatistics: Hashable, Sendable {
    package struct OfPlace: Hashable, Sendable {
        package var place: Place
        package var name: String
        package var jobs = 0
        package var runs = 0
        /// When its oldest run was created, and its newest.
        package var first: Date?
        package var last: Date?
    }

    package var places: [OfPlace] = []
    /// The size of the files on disk.
    package var bytes: Int64 = 0
    /// Different error traces, and the bytes they take, compressed.
    package var traces = 0
    package var traceBytes: Int64 = 0

    package init() {}

    package var jobs: Int { places.reduce(0) { $0 + $1.jobs } }
    package var runs: Int { places.reduce(0) { $0 + $1.runs } }
    package var first: Date? { places.compactMap(\.first).min() }
    package var last: Date? { places.compactMap(\.last).max() }
}

/// What pruning removed.
package struct PruneResult: Hashable, Sendable {
    package var runs = 0
    package var jobs = 0
    /// The size of the file before and after.
    package var bytesBefore: Int64 = 0
    package var bytesAfter: Int64 = 0

    package init() {}
}

/// What a program does with the file of a history.
package enum HistoryAccess: Hashable, Sendable {
    /// It keeps a history: a file that is not there is made, a damaged one is set aside.
    case keeps
    /// It changes what is there.
    case changes
    /// It reads, and neither makes nor changes a file.
    case reads
}

/// Why the history cannot be read or written, in a sentence, and what to do about it.
package struct HistoryError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// There is no file.
        case missing
        /// The file is no longer a database.
        case damaged
        /// A newer runtop wrote it, or another program.
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
