import GRDB
import Runs

/// A row of the table `run`.
struct RunRow {
    /// The fields of the run as the service sent them.
    struct Content: Equatable {
        /// When the run was created, else started, else ended, else first seen.
        var moment: Int64
        var status: Int64
        var created: Int64?
        var updated: Int64?
        var started: Int64?
        var ended: Int64?
        var execution: Int64?
        var launch: Int64?
        var name: DatabaseValue
        var jobName: Int64?
        var message: DatabaseValue
        var trace: Int64?
        var canceled: Bool?
        var createdBy: Int64?
        var createdByName: Int64?
        var runAs: Int64?
    }

    var key: DatabaseValue
    var content: Content
    /// When this content was first seen.
    var seen: Int64
    /// When the run was first seen, and the status that it had then.
    var firstSeen: Int64
    var firstStatus: Int64

    static let columns = """
        key, moment, status, created, updated, started, ended, execution, launch, name, job_name, message, trace, \
        canceled, created_by, created_by_name, run_as, seen, first_seen, first_status
        """

    /// Reads a row of `columns`.
    init(_ row: Row) {
        key = row[0]
        content = Content(
            moment: row[1], status: row[2], created: row[3], updated: row[4], started: row[5], ended: row[6],
            execution: row[7], launch: row[8], name: row[9], jobName: row[10], message: row[11], trace: row[12],
            canceled: row[13], createdBy: row[14], createdByName: row[15], runAs: row[16])
        (seen, firstSeen, firstStatus) = (row[17], row[18], row[19])
    }

    init(key: DatabaseValue, content: Content, seen: Int64, firstSeen: Int64, firstStatus: Int64) {
        (self.key, self.content, self.seen) = (key, content, seen)
        (self.firstSeen, self.firstStatus) = (firstSeen, firstStatus)
    }

    /// Inserts the row, or replaces the one with the same key.
    func write(job: Int64, to database: Database) throws {
        let sql = "INSERT OR REPLACE INTO run (job, \(Self.columns)) VALUES (?\(String(repeating: ",?", count: 20)))"
        try database.cachedStatement(sql: sql).execute(arguments: [
            job, key, content.moment, content.status, content.created, content.updated, content.started, content.ended,
            content.execution, content.launch, content.name, content.jobName, content.message, content.trace,
            content.canceled, content.createdBy, content.createdByName, content.runAs, seen, firstSeen, firstStatus,
        ])
    }
}

/// The stored form of a run's name: most names begin with the name of the job.
enum StoredName {
    private static let afterJobName: Character = "+"
    private static let whole: Character = "="

    static func value(_ name: String?, jobName: String?) -> DatabaseValue {
        guard let name else { return .null }
        // Compares bytes: Swift treats different Unicode sequences as equal.
        guard let jobName, !jobName.isEmpty, name.utf8.starts(with: jobName.utf8) else {
            return StoredText.value("\(whole)\(name)")
        }
        let rest = Substring(name.utf8.dropFirst(jobName.utf8.count))
        // If the job's name ends within a character, the name is stored whole.
        guard (jobName + rest).utf8.elementsEqual(name.utf8) else { return StoredText.value("\(whole)\(name)") }
        return StoredText.value("\(afterJobName)\(rest)")
    }

    static func name(_ value: DatabaseValue, jobName: String?) -> String? {
        guard let text = StoredText.text(value) else { return nil }
        let rest = String(decoding: text.utf8.dropFirst(), as: UTF8.self)
        return text.utf8.first == afterJobName.asciiValue ? (jobName ?? "") + rest : rest
    }
}
