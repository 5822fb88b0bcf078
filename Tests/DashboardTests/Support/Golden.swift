import Foundation
import Screen
import Testing

/// A screen as a text file: what it says, then how each cell looks.
///
/// To accept a changed screen: `RUNTOP_RECORD=1 swift test --filter DashboardTests`, then read the difference.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden")

    static func check(_ canvas: Canvas, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        check(text: text(of: canvas), name, sourceLocation: sourceLocation)
    }

    /// Compares a text with the one accepted under a name.
    static func check(text drawn: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let file = folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["RUNTOP_RECORD"] != nil {
            try? FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? Data(drawn.utf8).write(to: file)
            return
        }
        let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        if expected != drawn {
            Issue.record(
                "The screen or text \(name) is not as it was accepted.\n\(difference(expected, drawn))",
                sourceLocation: sourceLocation)
        }
    }

    /// The rows, a map of styles with a letter for each, and what the letters mean.
    static func text(of canvas: Canvas) -> String {
        var letters: [Style: Character] = [.plain: " "]
        var legend: [String] = []
        var alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".makeIterator()
        let map = (0..<canvas.size.rows).map { row in
            let letters = (0..<canvas.size.columns).map { column -> Character in
                let style = canvas[row, column].style
                if let letter = letters[style] { return letter }
                let letter = alphabet.next() ?? "?"
                letters[style] = letter
                legend.append("\(letter) \(describe(style))")
                return letter
            }
            return trimmed(String(letters))
        }
        let rows = (0..<canvas.size.rows).map { trimmed(canvas.text(row: $0)) }
        let cursor = canvas.cursor.map { ["cursor \($0.row) \($0.column)"] } ?? []
        let parts = ["\(canvas.size.columns)x\(canvas.size.rows)"] + cursor + rows + ["--- styles"] + map + legend
        return parts.joined(separator: "\n") + "\n"
    }

    private static func trimmed(_ row: String) -> String { String(row.reversed().drop { $0 == " " }.reversed()) }

    private static func describe(_ style: Style) -> String {
        var words: [String] = []
        if style.foreground != .terminalDefault { words.append("\(style.foreground)") }
        if style.background != .terminalDefault { words.append("on \(style.background)") }
        let attributes: [(Style.Attributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
        ]
        words += attributes.filter { style.attributes.contains($0.0) }.map(\.1)
        return words.joined(separator: " ")
    }

    private static func difference(_ expected: String, _ drawn: String) -> String {
        let expected = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let drawn = drawn.split(separator: "\n", omittingEmptySubsequences: false)
        let count = max(expected.count, drawn.count)
        let rows = (0..<count).compactMap { row -> String? in
            let was = row < expected.count ? expected[row] : ""
            let now = row < drawn.count ? drawn[row] : ""
            return was == now ? nil : "\(row): - \(was)\n\(row): + \(now)"
        }
        return rows.prefix(12).joined(separator: "\n")
    }
}
