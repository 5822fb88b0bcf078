import Foundation
import GRDB
import Runs

@testable import History

/// The folder of a test, which is removed with it, and the history in it.
final class HistoryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var path: String { url.appending(path: "history.db").path }

    /// The names of the files in it, sorted.
    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }

    func history(
        limits: SQLiteHistory.Limits = SQLiteHistory.Limits(), patience: TimeInterval = 0.2,
        access: HistoryAccess = .keeps,
        mostPages: Int? = nil, now: Date = Sample.now,
        failureCause: @escaping @Sendable (JobRun) -> String? = { _ in nil }
    ) -> SQLiteHistory {
        SQLiteHistory(
            file: HistoryFile(path: path, access: access, patience: patience, mostPages: mostPages), limits: limits,
            now: { now }, failureCause: failureCause)
    }

    /// The value that a query returns.
    func value<Value: DatabaseValueConvertible & Sendable>(_ sql: String, _ type: Value.Type = Value.self) throws
        -> Value?
    {
        try DatabaseQueue(path: path).read { try Value.fetchOne($0, sql: sql) }
    }
}

enum Sample {
    static let place = Place(instanceID: "ocid1.aidataplatform.oc1.iad.x", workspaceKey: "workspace-1")
    static let now = Date(timeIntervalSince1970: 1_777_639_000)

    static func job(_ key: String, name: String? = nil, schedule: JobSchedule? = nil, in place: Place = place) -> Job {
        Job(id: JobID(place: place, key: key), name: name, path: "/jobs/\(key)", schedule: schedule)
    }

    /// A run that began a number of seconds before ``now``, and took a minute if it has ended.
    static func run(
        _ key: String, _ status: RunStatus = .success, of job: String = "job-1", ago: Double = 600,
        in place: Place = place
    ) -> JobRun {
        var run = JobRun(id: RunID(job: JobID(place: place, key: job), key: key), status: status)
        run.name = "orders_\(key)"
        run.jobName = "orders"
        run.created = now.addingTimeInterval(-ago)
        run.started = now.addingTimeInterval(-ago + 1.25)
        if !status.isActive {
            run.ended = now.addingTimeInterval(-ago + 61.5)
            run.executionDuration = .milliseconds(60_250)
        }
        run.updated = run.ended ?? run.started
        run.launch = .scheduled
        run.createdBy = "ocid1.user.oc1..ada"
        run.createdByName = "Ada"
        run.runAs = "ocid1.user.oc1..ada"
        return run
    }

    static func cycle(_ runs: [JobRun], at moment: Date = now, imported: Bool = false) -> SeenCycle {
        SeenCycle(
            place: runs.first?.job.place ?? place, at: moment,
            answered: imported ? [:] : Dictionary(runs.map { ($0.job.key, moment) }) { first, _ in first },
            runs: runs, isImported: imported)
    }
}

extension SQLiteHistory {
    /// All runs of a place, by key.
    func runs(of place: Place = Sample.place) async throws -> [String: JobRun] {
        let board = try await board(of: place, newestRuns: 1_000)
        return Dictionary(board.flatMap(\.newest).map { ($0.id.key, $0) }) { first, _ in first }
    }
}
