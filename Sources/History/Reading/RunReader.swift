import Foundation
import GRDB
import Runs

/// Reads jobs and runs, in one transaction.
final class RunReader {
    private let database: Database
    private var labels = Labels()
    private var statuses: [Int64: RunStatus] = [:]
    private var traces: [Int64: String?] = [:]
    private var causes: [Int64: String?] = [:]

    init(_ database: Database) { self.database = database }

    /// A job last seen this many milliseconds before the most recently seen job of the place was probably deleted.
    private static let mostUnnamed: Int64 = 86_400_000
    private static let batch = 500

    func board(of place: Place, newestRuns: Int) throws -> [RememberedJob] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT job.id, job.key, job.name, path, cron, zone, paused, named, answered
                FROM job JOIN place ON place.id = job.place LEFT JOIN sighting ON sighting.job = job.id
                WHERE instance = ? AND workspace = ? ORDER BY job.key
                """, arguments: Self.arguments(place))
        let newest = rows.compactMap { $0[7] as Int64? }.max() ?? 0
        return try rows.compactMap { row -> RememberedJob? in
            let named: Int64 = row[7] ?? 0
            guard named >= newest - Self.mostUnnamed, let job = Self.job(row, in: place) else { return nil }
            let seen: Int64? = row[8]
            return RememberedJob(
                job: job, lastSeen: Milliseconds.date(seen ?? named) ?? .distantPast,
                newest: try self.newestRuns(newestRuns, of: row[0], job.id))
        }
    }

    private func newestRuns(_ most: Int, of number: Int64, _ job: JobID) throws -> [JobRun] {
        guard most > 0 else { return [] }
        let statement = try database.cachedStatement(
            sql: "SELECT \(RunRow.columns) FROM run WHERE job = ? ORDER BY moment DESC, key DESC LIMIT ?")
        let rows = try Row.fetchCursor(statement, arguments: [number, most])
        var runs: [JobRun] = []
        while let row = try rows.next() { runs.append(try run(RunRow(row), of: job)) }
        return runs
    }

    func pastRuns(of place: Place, jobs keys: [String]?, mostRuns: Int?, createdBy: Date?) throws -> [JobID: [PastRun]]
    {
        let statement = try database.cachedStatement(
            sql: """
                SELECT key, status, created, started, ended, execution, launch, trace
                FROM run WHERE job = ? AND moment <= ? ORDER BY moment DESC, key DESC LIMIT ?
                """)
        let latest = Milliseconds.of(createdBy) ?? Int64.max
        var runs: [JobID: [PastRun]] = [:]
        for (number, job) in try jobs(of: place, keys: keys) {
            let rows = try Row.fetchCursor(statement, arguments: [number, latest, mostRuns ?? -1])
            var past: [PastRun] = []
            while let row = try rows.next() { past.append(try pastRun(row)) }
            if !past.isEmpty { runs[job.id] = past }
        }
        return runs
    }

    private func pastRun(_ row: Row) throws -> PastRun {
        var run = PastRun(key: StoredText.text(row[0]) ?? "", status: try status(row[1]))
        (run.created, run.started, run.ended) = (
            Milliseconds.date(row[2]), Milliseconds.date(row[3]), Milliseconds.date(row[4])
        )
        run.executionDuration = (row[5] as Int64?).map { .milliseconds($0) }
        run.launch = Launch(wireValue: try labels.text(of: row[6], in: database))
        if run.status.isFailure, let trace = row[7] as Int64? { run.cause = try cause(trace) }
        return run
    }

    /// The jobs of a place with their row ids, sorted by key. `nil` for all keys.
    func jobs(of place: Place, keys: [String]? = nil) throws -> [(number: Int64, job: Job)] {
        let sql = """
            SELECT job.id, job.key, job.name, path, cron, zone, paused FROM job JOIN place ON place.id = job.place
            WHERE instance = ? AND workspace = ?
            """
        let rows: [Row]
        if let keys {
            let statement = try database.cachedStatement(sql: sql + " AND key = ?")
            rows = try keys.sorted().compactMap { key in
                try Row.fetchOne(statement, arguments: Self.arguments(place) + [StoredText.key(key)])
            }
        } else {
            rows = try Row.fetchAll(database, sql: sql, arguments: Self.arguments(place))
        }
        return rows.compactMap { row in Self.job(row, in: place).map { (row[0], $0) } }.sorted { $0.job.id < $1.job.id }
    }

    /// Passes the runs of a selection to `body` in batches.
    func forEachRun(of selection: RunSelection, _ body: ([JobRun]) throws -> Void) throws -> Int {
        let since = Milliseconds.of(selection.since) ?? Int64.min
        let statement = try database.cachedStatement(
            sql: "SELECT \(RunRow.columns) FROM run WHERE job = ? AND moment >= ? ORDER BY moment, key")
        var count = 0
        for (number, job) in try jobs(of: selection.place, keys: selection.job.map { [$0] }) {
            let rows = try Row.fetchCursor(statement, arguments: [number, since])
            var batch: [JobRun] = []
            while let row = try rows.next() {
                batch.append(try run(RunRow(row), of: job.id))
                count += 1
                guard batch.count == Self.batch else { continue }
                try body(batch)
                batch = []
                // The traces of the whole history would fill the memory.
                traces = [:]
            }
            if !batch.isEmpty { try body(batch) }
        }
        return count
    }

    func statusChanges(of run: RunID) throws -> [StatusChange] {
        guard let (number, _) = try jobs(of: run.job.place, keys: [run.job.key]).first else { return [] }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT first_seen AS seen, first_status FROM run WHERE job = ?1 AND key = ?2
                UNION ALL SELECT * FROM (
                    SELECT seen, status FROM status_change WHERE job = ?1 AND key = ?2 ORDER BY seen)
                """, arguments: [number, StoredText.key(run.key)])
        return try rows.map { row in
            StatusChange(try status(row[1]), seen: Milliseconds.date(row[0]) ?? .distantPast)
        }
    }

    private static func arguments(_ place: Place) -> StatementArguments {
        [StoredText.value(place.instanceID), StoredText.value(place.workspaceKey)]
    }

    private static func job(_ row: Row, in place: Place) -> Job? {
        guard let key = StoredText.text(row[1]) else { return nil }
        let schedule = StoredText.text(row[4]).map { expression in
            JobSchedule(
                quartzCronExpression: expression, timeZoneID: StoredText.text(row[5]), isPaused: row[6] ?? false)
        }
        return Job(
            id: JobID(place: place, key: key), name: StoredText.text(row[2]), path: StoredText.text(row[3]),
            schedule: schedule)
    }

    private func run(_ row: RunRow, of job: JobID) throws -> JobRun {
        let content = row.content
        var run = JobRun(
            id: RunID(job: job, key: StoredText.text(row.key) ?? ""), status: try status(content.status))
        run.jobName = try labels.text(of: content.jobName, in: database)
        run.name = StoredName.name(content.name, jobName: run.jobName)
        run.stateMessage = StoredText.text(content.message)
        run.errorTrace = try content.trace.flatMap(trace)
        run.isUserCanceledOrTimedOut = content.canceled
        (run.created, run.updated) = (Milliseconds.date(content.created), Milliseconds.date(content.updated))
        (run.started, run.ended) = (Milliseconds.date(content.started), Milliseconds.date(content.ended))
        run.executionDuration = content.execution.map { .milliseconds($0) }
        run.launch = Launch(wireValue: try labels.text(of: content.launch, in: database))
        run.createdBy = try labels.text(of: content.createdBy, in: database)
        run.createdByName = try labels.text(of: content.createdByName, in: database)
        run.runAs = try labels.text(of: content.runAs, in: database)
        return run
    }

    private func status(_ number: Int64) throws -> RunStatus {
        if let status = statuses[number] { return status }
        let status = try labels.status(number, in: database)
        statuses[number] = status
        return status
    }

    private func trace(_ number: Int64) throws -> String? {
        if let known = traces[number] { return known }
        let statement = try database.cachedStatement(sql: "SELECT text FROM trace WHERE id = ?")
        let value = try DatabaseValue.fetchOne(statement, arguments: [number]) ?? .null
        let text: String? =
            switch value.storage {
            case .blob(let data): Compression.text(data)
            default: StoredText.text(value)
            }
        traces[number] = text
        return text
    }

    private func cause(_ number: Int64) throws -> String? {
        if let known = causes[number] { return known }
        let statement = try database.cachedStatement(sql: "SELECT cause FROM trace WHERE id = ?")
        let cause = StoredText.text(try DatabaseValue.fetchOne(statement, arguments: [number]) ?? .null)
        causes[number] = cause
        return cause
    }
}
