import Crypto
import Foundation
import GRDB
import Runs

/// Writes error traces and their causes. Stores each text once.
struct TraceWriter {
    let failureCause: @Sendable (JobRun) -> String?

    /// The row id of a run's trace and cause; `nil` if it has neither.
    ///
    /// A failure without a trace has a row if its message contains a cause.
    func number(for run: JobRun, in database: Database) throws -> Int64? {
        let hash: Data
        if let trace = run.errorTrace {
            hash = Self.hash("trace", trace)
        } else if run.status.isFailure, let message = run.stateMessage {
            hash = Self.hash("message", message)
        } else {
            return nil
        }
        let find = try database.cachedStatement(sql: "SELECT id FROM trace WHERE hash = ?")
        if let number = try Int64.fetchOne(find, arguments: [hash]) { return number }
        let cause = failureCause(run)
        if run.errorTrace == nil, cause == nil { return nil }
        try database.cachedStatement(sql: "INSERT INTO trace (hash, text, cause) VALUES (?, ?, ?)").execute(arguments: [
            hash, Self.stored(run.errorTrace), StoredText.value(cause),
        ])
        return database.lastInsertedRowID
    }

    /// Half of a SHA-256 digest, which is enough to identify a text.
    private static func hash(_ kind: String, _ text: String) -> Data {
        var hash = SHA256()
        hash.update(data: Data("\(kind)\n".utf8))
        hash.update(data: Data(text.utf8))
        return Data(hash.finalize().prefix(16))
    }

    /// Compressed data, or the text itself if it is short.
    private static func stored(_ text: String?) -> DatabaseValue {
        guard let text else { return .null }
        return Compression.compress(text)?.databaseValue ?? text.databaseValue
    }
}
