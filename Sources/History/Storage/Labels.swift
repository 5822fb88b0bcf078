import GRDB
import Runs

/// The ids of the short texts that rows share. Use a copy during a transaction, and keep it only if the transaction
/// commits.
struct Labels: Sendable {
    private var numbers: [String: Int64] = [:]
    private var texts: [Int64: String] = [:]

    /// The id of a text. Inserts the text if it is new.
    mutating func number(of text: String?, in database: Database) throws -> Int64? {
        guard let text else { return nil }
        if let number = numbers[text] { return number }
        let value = StoredText.value(text)
        let find = try database.cachedStatement(sql: "SELECT id FROM label WHERE text = ?")
        if let number = try Int64.fetchOne(find, arguments: [value]) {
            remember(text, number)
            return number
        }
        try database.cachedStatement(sql: "INSERT INTO label (text) VALUES (?)").execute(arguments: [value])
        remember(text, database.lastInsertedRowID)
        return database.lastInsertedRowID
    }

    /// The text with this id.
    mutating func text(of number: Int64?, in database: Database) throws -> String? {
        guard let number else { return nil }
        if let text = texts[number] { return text }
        let find = try database.cachedStatement(sql: "SELECT text FROM label WHERE id = ?")
        guard let text = try DatabaseValue.fetchOne(find, arguments: [number]).flatMap(StoredText.text) else {
            return nil
        }
        remember(text, number)
        return text
    }

    mutating func status(_ number: Int64?, in database: Database) throws -> RunStatus {
        RunStatus(wireValue: try text(of: number, in: database))
    }

    private mutating func remember(_ text: String, _ number: Int64) {
        // There are few names. The limit protects the memory if a service sends a new name with every run.
        if numbers.count >= Self.most { (numbers, texts) = ([:], [:]) }
        (numbers[text], texts[number]) = (number, text)
    }

    private static let most = 5_000
}
