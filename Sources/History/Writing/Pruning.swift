import Foundation
import GRDB

/// Removes runs that are too old, and the oldest ones if the file is too large. Each batch is one transaction.
struct Pruning: Sendable {
    /// Runs before this time are removed.
    let moment: Date
    /// The maximum size of the rows in bytes; `nil` for no limit.
    let mostBytes: Int64?

    /// How often a store prunes automatically, in seconds.
    static let interval: TimeInterval = 3_600
    /// The number of runs that one transaction removes, which takes some milliseconds.
    private static let batch = 1_000

    /// Claims the pruning of this hour.
    ///
    /// - Returns: false if another process has claimed it.
    static func claim(in database: Database, at now: Date) throws -> Bool {
        let now = Milliseconds.of(now) ?? 0
        let last = try Int64.fetchOne(database, sql: "SELECT value FROM property WHERE name = 'pruned'")
        // A time in the future means that the clock was set back.
        if let last, last <= now, now - last < Int64(interval * 1_000) { return false }
        try database.execute(
            sql: "INSERT OR REPLACE INTO property (name, value) VALUES ('pruned', ?)", arguments: [now])
        return true
    }

    /// The result of one batch, and whether there may be more to remove.
    struct Removed: Sendable {
        var runs = 0
        var jobs = 0
        var isMore = false
    }

    /// Removes one batch.
    func step(in database: Database) throws -> Removed {
        let oldest = Milliseconds.of(moment) ?? 0
        let end = try endOfRuns(in: database, atLeast: oldest)
        var left = Self.batch
        for job in try Int64.fetchAll(database, sql: "SELECT id FROM job") where left > 0 {
            left -= try removeRuns(of: job, before: end, most: left, in: database)
        }
        if left < Self.batch { return Removed(runs: Self.batch - left, isMore: true) }
        try database.execute(
            sql: """
                DELETE FROM job WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.job = job.id)
                    AND ifnull((SELECT named FROM sighting WHERE sighting.job = job.id), first_seen) < ?
                """, arguments: [oldest])
        let jobs = database.changesCount
        try database.execute(sql: "DELETE FROM sighting WHERE job NOT IN (SELECT id FROM job)")
        return Removed(jobs: jobs)
    }

    /// Runs before this time are removed. While the file is too large, each step removes a fiftieth of its time span.
    private func endOfRuns(in database: Database, atLeast end: Int64) throws -> Int64 {
        guard let mostBytes, try Self.usedBytes(database) > mostBytes else { return end }
        let span = try Row.fetchOne(
            database,
            sql: """
                SELECT min(first), max(last) FROM (
                    SELECT (SELECT min(moment) FROM run WHERE job = job.id) AS first,
                           (SELECT max(moment) FROM run WHERE job = job.id) AS last FROM job)
                """)
        guard let first = span?[0] as Int64?, let last = span?[1] as Int64? else { return end }
        return max(end, first + max((last - first) / 50, 1))
    }

    private func removeRuns(of job: Int64, before end: Int64, most: Int, in database: Database) throws -> Int {
        let find = try database.cachedStatement(
            sql: "SELECT key, trace FROM run WHERE job = ? AND moment < ? ORDER BY moment, key LIMIT ?")
        let rows = try Row.fetchAll(find, arguments: [job, end, most])
        var traces: Set<Int64> = []
        for row in rows {
            let key: DatabaseValue = row[0]
            for table in ["status_change", "run"] {
                try database.cachedStatement(sql: "DELETE FROM \(table) WHERE job = ? AND key = ?")
                    .execute(arguments: [job, key])
            }
            if let trace = row[1] as Int64? { traces.insert(trace) }
        }
        try Self.removeUnused(traces, in: database)
        return rows.count
    }

    /// Removes the given traces if no run uses them any more.
    static func removeUnused(_ traces: Set<Int64>, in database: Database) throws {
        let remove = try database.cachedStatement(
            sql: "DELETE FROM trace WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM run WHERE trace = ?1)")
        for trace in traces { try remove.execute(arguments: [trace]) }
    }

    private static func usedBytes(_ database: Database) throws -> Int64 {
        let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        return (pages - free) * (try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }

    /// Returns some free pages to the system, if there are more than the next cycles need.
    ///
    /// - Returns: whether there are more pages to return.
    func shrink(_ database: Database) throws -> Bool {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        guard free > max(pages / 50, 64) else { return false }
        try database.execute(sql: "PRAGMA incremental_vacuum(512)")
        return try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 < free
    }
}
