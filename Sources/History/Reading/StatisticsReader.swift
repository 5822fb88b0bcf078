import Foundation
import GRDB
import Runs

/// Reads the statistics of a history in one transaction.
struct StatisticsReader {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func places() throws -> [(number: Int64, place: Place, name: String)] {
        try Row.fetchAll(database, sql: "SELECT id, instance, workspace, name FROM place ORDER BY id").map { row in
            let place = Place(
                instanceID: StoredText.text(row[1]) ?? "", workspaceKey: StoredText.text(row[2]) ?? "")
            return (row[0], place, StoredText.text(row[3]) ?? place.workspaceKey)
        }
    }

    /// Reads the periods of a place's past that are left, which `CycleWriter` writes.
    func pastLeft(of place: Place) throws -> PastLeft {
        let arguments: StatementArguments = [
            StoredText.value(place.instanceID), StoredText.value(place.workspaceKey),
        ]
        let find = "SELECT id FROM place WHERE instance = ? AND workspace = ?"
        guard let number = try Int64.fetchOne(database, sql: find, arguments: arguments) else { return PastLeft() }
        let text = try String.fetchOne(
            database, sql: "SELECT value FROM property WHERE name = ?", arguments: ["past \(number)"])
        let stretches = text.map { text in
            text.split(separator: "\n").compactMap { line -> ClosedRange<Date>? in
                let ends = line.split(separator: " ").compactMap { Milliseconds.date(Int64($0)) }
                return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
            }
        }
        let seen = try Int64.fetchOne(
            database,
            sql: "SELECT max(named, ifnull(answered, 0)) AS seen FROM sighting JOIN job ON job.id = sighting.job "
                + "WHERE place = ? ORDER BY seen DESC LIMIT 1", arguments: [number])
        return PastLeft(stretches: stretches, lastSeen: Milliseconds.date(seen))
    }

    func statistics() throws -> HistoryStatistics {
        var statistics = HistoryStatistics()
        statistics.places = try places().map { number, place, name in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*), sum(runs), min(first), max(last) FROM (
                        SELECT (SELECT count(*) FROM run INDEXED BY run_by_key WHERE job = job.id) AS runs,
                               (SELECT min(moment) FROM run WHERE job = job.id) AS first,
                               (SELECT max(moment) FROM run WHERE job = job.id) AS last
                        FROM job WHERE place = ?)
                    """, arguments: [number])
            return HistoryStatistics.OfPlace(
                place: place, name: name, jobs: row?[0] ?? 0, runs: row?[1] ?? 0, first: Milliseconds.date(row?[2]),
                last: Milliseconds.date(row?[3]))
        }
        let traces = try Row.fetchOne(
            database, sql: "SELECT count(text), ifnull(sum(length(CAST(text AS BLOB))), 0) FROM trace")
        (statistics.traces, statistics.traceBytes) = (traces?[0] ?? 0, traces?[1] ?? 0)
        return statistics
    }
}
