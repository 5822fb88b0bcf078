import Foundation
import GRDB
import Runs

/// The journal of actions. Each row is written before the request and updated after it.
extension SQLiteHistory: ActionJournal {
    package func keep(_ record: ActionRecord) async throws {
        let pool = try await pool()
        try await withDatabase { () async throws in
            try await pool.write { database in try ActionRow.write(record, to: database) }
        }
    }

    package func newestActions(_ most: Int) async throws -> [ActionRecord] {
        try await read { try ActionRow.newest(most, in: $0) }
    }
}

enum ActionRow {
    private static let columns = """
        token, begun, ended, system_user, principal, instance, workspace, place_name, job, job_name, run, verb, details, \
        known_status, known_updated, outcome, answer, request_id, started_run
        """

    static func write(_ record: ActionRecord, to database: Database) throws {
        let target = record.action.target
        let values: [DatabaseValue] = [
            StoredText.value(record.id), Milliseconds.of(record.begun)?.databaseValue ?? 0.databaseValue,
            Milliseconds.of(record.ended)?.databaseValue ?? .null, StoredText.value(record.actor.systemUser),
            StoredText.value(record.actor.principal), StoredText.value(target.place.instanceID),
            StoredText.value(target.place.workspaceKey), StoredText.value(record.placeName),
            StoredText.key(target.job.key), StoredText.value(target.jobName),
            target.run.map { StoredText.key($0.key) } ?? .null, StoredText.value(record.action.word),
            StoredText.value(record.action.storedDetails), StoredText.value(target.known?.status.wireValue),
            Milliseconds.of(target.known?.updated)?.databaseValue ?? .null, StoredText.value(record.outcome.rawValue),
            StoredText.value(record.answer), StoredText.value(record.requestID),
            record.startedRun.map { StoredText.key($0) } ?? .null,
        ]
        let places = values.map { _ in "?" }.joined(separator: ", ")
        try database.execute(
            sql: "INSERT OR REPLACE INTO action (\(columns)) VALUES (\(places))",
            arguments: StatementArguments(values))
    }

    /// At most `most` records, newest first. Leaves out rows with an unknown verb or outcome, which a newer version of
    /// runtop wrote.
    static func newest(_ most: Int, in database: Database) throws -> [ActionRecord] {
        // A program that only reads does not migrate an older file.
        guard try database.tableExists("action") else { return [] }
        return try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM action ORDER BY begun DESC, token LIMIT ?", arguments: [most]
        ).compactMap(record)
    }

    private static func record(_ row: Row) -> ActionRecord? {
        func text(_ index: Int) -> String? { StoredText.text(row[index]) }
        guard let token = text(0), let begun = Milliseconds.date(row[1]),
            let outcome = ActionRecord.Outcome(rawValue: text(15) ?? ""),
            let verb = RunAction.Verb(stored: text(11) ?? "", details: text(12) ?? "")
        else { return nil }
        let place = Place(instanceID: text(5) ?? "", workspaceKey: text(6) ?? "")
        let job = JobID(place: place, key: text(8) ?? "")
        let known = text(13).map {
            ActionTarget.KnownRun(status: RunStatus(wireValue: $0), updated: Milliseconds.date(row[14]))
        }
        let target = ActionTarget(
            job: job, jobName: text(9) ?? job.key, run: text(10).map { RunID(job: job, key: $0) }, known: known)
        return ActionRecord(
            id: token, action: RunAction(verb, of: target), begun: begun,
            actor: .init(systemUser: text(3) ?? "", principal: text(4) ?? ""), placeName: text(7) ?? "",
            outcome: outcome, answer: text(16) ?? "", ended: Milliseconds.date(row[2]), requestID: text(17),
            startedRun: text(18))
    }
}

extension RunAction {
    /// Separates the parts of `details`. People cannot type this character, but all others.
    fileprivate static let separator: Character = "\u{1E}"

    fileprivate var storedDetails: String {
        let parts: [String] =
            switch verb {
            case .repair(let repair): [repair.mode.rawValue] + repair.tasks
            case .trigger(let parameters): parameters.map { "\($0.name)=\($0.value)" }
            case .cancel: []
            }
        return parts.joined(separator: String(Self.separator))
    }
}

extension RunAction.Verb {
    fileprivate init?(stored word: String, details: String) {
        let parts = details.split(separator: RunAction.separator).map(String.init)
        switch word {
        case "repair":
            guard let mode = parts.first.flatMap(RunRepair.Mode.init) else { return nil }
            self = .repair(RunRepair(mode, tasks: Array(parts.dropFirst())))
        case "trigger": self = .trigger(parts.compactMap { RunParameter($0) })
        case "cancel": self = .cancel
        default: return nil
        }
    }
}

extension HistoryError: ReasonedError {
    package var reason: String { advice.isEmpty ? problem : "\(problem) \(advice)" }
}
