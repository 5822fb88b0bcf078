import Foundation
import GRDB
import Runs

/// Writes the results of a cycle, in a transaction of the caller.
struct CycleWriter: Sendable {
    let cycle: SeenCycle
    /// The runs of the cycle that may have changed.
    let runs: [JobRun]
    /// The labels that are known before the transaction.
    let labels: Labels
    let failureCause: @Sendable (JobRun) -> String?

    /// - Returns: the labels that are known after the transaction, and what was new.
    func write(to database: Database) throws -> (labels: Labels, runs: RecordedRuns) {
        var jobs = try JobWriter(cycle: cycle, database: database)
        try jobs.writeListed()
        var runWriter = RunWriter(
            database: database, labels: labels, traces: TraceWriter(failureCause: failureCause),
            at: Milliseconds.of(cycle.at) ?? 0, isImported: cycle.isImported)
        for run in runs {
            let key = run.job.key
            let job = try jobs.number(of: key, name: run.jobName)
            let seen = cycle.isImported ? run.lastMoment ?? cycle.at : cycle.answered[key] ?? cycle.at
            try runWriter.write(run, job: job, seen: Milliseconds.of(seen) ?? 0)
            if cycle.isImported { jobs.answered(key, at: seen) }
        }
        for (key, moment) in cycle.answered { jobs.answered(key, at: moment) }
        try jobs.writeSightings()
        try jobs.writePastLeft()
        return (runWriter.labels, runWriter.recorded)
    }
}

extension JobRun {
    /// The latest of the run's times.
    fileprivate var lastMoment: Date? { [created, updated, started, ended].compactMap(\.self).max() }
}

/// Writes the place and its jobs, and when they were seen.
private struct JobWriter {
    private let cycle: SeenCycle
    private let database: Database
    private let place: Int64
    /// The jobs of the place that are in the file.
    private var kept: [String: (number: Int64, job: Job)] = [:]
    private var named: Set<String> = []
    private var answered: [String: Date]

    init(cycle: SeenCycle, database: Database) throws {
        (self.cycle, self.database, answered) = (cycle, database, [:])
        place = try Self.number(of: cycle.place, name: cycle.placeName, in: database)
        let reader = RunReader(database)
        for (number, job) in try reader.jobs(of: cycle.place) { kept[job.id.key] = (number, job) }
    }

    private static func number(of place: Place, name: String?, in database: Database) throws -> Int64 {
        let (instance, workspace) = (StoredText.value(place.instanceID), StoredText.value(place.workspaceKey))
        let name = StoredText.value(name)
        let find = "SELECT id, name FROM place WHERE instance = ? AND workspace = ?"
        guard let row = try Row.fetchOne(database, sql: find, arguments: [instance, workspace]) else {
            try database.execute(
                sql: "INSERT INTO place (instance, workspace, name) VALUES (?, ?, ?)",
                arguments: [instance, workspace, name])
            return database.lastInsertedRowID
        }
        let (number, known): (Int64, DatabaseValue) = (row[0], row[1])
        if !name.isNull, name != known {
            try database.execute(sql: "UPDATE place SET name = ? WHERE id = ?", arguments: [name, number])
        }
        return number
    }

    /// Writes the periods of the past that are left.
    func writePastLeft() throws {
        guard let stretches = cycle.pastLeft else { return }
        let text = stretches.compactMap { stretch -> String? in
            guard let since = Milliseconds.of(stretch.lowerBound), let until = Milliseconds.of(stretch.upperBound)
            else {
                return nil
            }
            return "\(since) \(until)"
        }
        try database.execute(
            sql: "INSERT OR REPLACE INTO property (name, value) VALUES (?, ?)",
            arguments: ["past \(place)", text.joined(separator: "\n")])
    }

    /// Writes the jobs in the list that are new or changed.
    mutating func writeListed() throws {
        for job in cycle.jobs ?? [] {
            named.insert(job.id.key)
            guard let known = kept[job.id.key] else {
                try insert(job)
                continue
            }
            // A list that has only keys does not change the names and schedules.
            let saysNothing = job.name == nil && job.path == nil && job.schedule == nil
            guard !saysNothing, job != known.job else { continue }
            try database.cachedStatement(
                sql: "UPDATE job SET name = ?, path = ?, cron = ?, zone = ?, paused = ? WHERE id = ?"
            ).execute(arguments: StatementArguments(Self.values(of: job) + [known.number.databaseValue]))
            kept[job.id.key] = (known.number, job)
        }
    }

    private mutating func insert(_ job: Job) throws {
        let values =
            [place.databaseValue, StoredText.key(job.id.key), (Milliseconds.of(cycle.at) ?? 0).databaseValue]
            + Self.values(of: job)
        try database.cachedStatement(
            sql: """
                INSERT INTO job (place, key, first_seen, name, path, cron, zone, paused) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: StatementArguments(values))
        kept[job.id.key] = (database.lastInsertedRowID, job)
    }

    private static func values(of job: Job) -> [DatabaseValue] {
        [
            StoredText.value(job.name), StoredText.value(job.path),
            StoredText.value(job.schedule?.quartzCronExpression), StoredText.value(job.schedule?.timeZoneID),
            job.schedule?.isPaused.databaseValue ?? .null,
        ]
    }

    /// The row id of the job with this key. Inserts the job if it is new.
    ///
    /// - Parameter name: the job's name in its runs, which is used until a list has the name.
    mutating func number(of key: String, name: String? = nil) throws -> Int64 {
        if let known = kept[key] { return known.number }
        try insert(Job(id: JobID(place: cycle.place, key: key), name: name))
        return try number(of: key)
    }

    mutating func answered(_ key: String, at moment: Date) {
        answered[key] = answered[key].map { max($0, moment) } ?? moment
    }

    mutating func writeSightings() throws {
        let sql = """
            INSERT INTO sighting (job, named, answered) VALUES (?, ?, ?) ON CONFLICT (job) DO UPDATE SET
                named = max(named, excluded.named),
                answered = nullif(max(ifnull(answered, 0), ifnull(excluded.answered, 0)), 0)
            """
        let statement = try database.cachedStatement(sql: sql)
        let at = Milliseconds.of(cycle.at) ?? 0
        for key in named.union(answered.keys) {
            let moment = Milliseconds.of(answered[key])
            let namedAt = named.contains(key) || cycle.isImported ? at : moment ?? at
            try statement.execute(arguments: [try number(of: key), namedAt, moment])
        }
    }
}

/// Writes runs that are new or changed.
private struct RunWriter {
    let database: Database
    var labels: Labels
    let traces: TraceWriter
    /// When the results of the cycle were received.
    let at: Int64
    let isImported: Bool
    /// The runs that were passed to ``write(_:job:seen:)``.
    private(set) var recorded = RecordedRuns()

    init(database: Database, labels: Labels, traces: TraceWriter, at: Int64, isImported: Bool) {
        (self.database, self.labels, self.traces) = (database, labels, traces)
        (self.at, self.isImported) = (at, isImported)
    }

    mutating func write(_ run: JobRun, job: Int64, seen: Int64) throws {
        let key = StoredText.key(run.id.key)
        let find = try database.cachedStatement(
            sql: "SELECT \(RunRow.columns) FROM run WHERE job = ? AND key = ?")
        guard let kept = try Row.fetchOne(find, arguments: [job, key]).map({ RunRow($0) }) else {
            let content = try content(of: run, firstSeen: at)
            try RunRow(key: key, content: content, seen: seen, firstSeen: at, firstStatus: content.status)
                .write(job: job, to: database)
            recorded.new += 1
            return
        }
        recorded.known += 1
        let keptRevision = RunRevision(
            updated: kept.content.updated, seen: kept.seen,
            status: try labels.status(kept.content.status, in: database))
        let revision = RunRevision(
            updated: Milliseconds.of(run.updated), seen: seen, status: run.status, isImported: isImported)
        guard revision.replaces(keptRevision) else { return }
        let content = try content(of: run, firstSeen: kept.firstSeen)
        guard content != kept.content else { return }
        var row = kept
        (row.content, row.seen) = (content, seen)
        try row.write(job: job, to: database)
        recorded.known -= 1
        recorded.changed += 1
        if content.trace != kept.content.trace, let unused = kept.content.trace {
            try Pruning.removeUnused([unused], in: database)
        }
        guard content.status != kept.content.status else { return }
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO status_change (job, key, seen, status) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [job, key, seen, content.status])
    }

    private mutating func content(of run: JobRun, firstSeen: Int64) throws -> RunRow.Content {
        RunRow.Content(
            moment: Milliseconds.of(run.moment) ?? firstSeen,
            status: try labels.number(of: run.status.wireValue, in: database) ?? 0,
            created: Milliseconds.of(run.created), updated: Milliseconds.of(run.updated),
            started: Milliseconds.of(run.started), ended: Milliseconds.of(run.ended),
            execution: Milliseconds.of(run.executionDuration),
            launch: try labels.number(of: run.launch?.wireValue, in: database),
            name: StoredName.value(run.name, jobName: run.jobName),
            jobName: try labels.number(of: run.jobName, in: database),
            message: StoredText.value(run.stateMessage), trace: try traces.number(for: run, in: database),
            canceled: run.isUserCanceledOrTimedOut, createdBy: try labels.number(of: run.createdBy, in: database),
            createdByName: try labels.number(of: run.createdByName, in: database),
            runAs: try labels.number(of: run.runAs, in: database))
    }
}
