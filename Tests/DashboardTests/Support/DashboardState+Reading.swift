import Foundation
import Screen

@testable import Dashboard

/// What the screen says, as an operator reads it.
extension DashboardState {
    /// The frame, without putting anything in order for the next one.
    func drawn() -> Canvas {
        var state = self
        return state.frame()
    }

    /// The characters of the screen, row by row, without trailing spaces.
    func rows() -> [String] {
        let canvas = drawn()
        return (0..<canvas.size.rows).map { row in
            String(canvas.text(row: row).reversed().drop { $0 == " " }.reversed())
        }
    }

    func screenText() -> String { rows().joined(separator: "\n") }

    /// The last row: the keys that work here, a message, or a line being typed.
    var lastRow: String { rows().last ?? "" }

    /// The row below the header that has a text in it.
    func row(of text: String) -> String { rows().dropFirst(2).first { $0.contains(text) } ?? "" }

    /// The index of the first row that begins with a text.
    func rowIndex(of text: String) -> Int? { rows().firstIndex { $0.hasPrefix(text) } }

    // MARK: Tables

    /// Which screen this is, by its titles and by its name in the header.
    var screenShown: KeyContext {
        let rows = rows()
        if rows[1].contains(" help · ") { return .help }
        guard let titles = titlesRow else { return .run }
        return rows[titles].contains("CREATED") ? .runs : .jobs
    }

    /// The row of a table's titles: it is underlined from edge to edge.
    var titlesRow: Int? {
        let canvas = drawn()
        return (0..<canvas.size.rows).first { row in
            canvas[row: row].allSatisfy { $0.style.attributes.contains(.underline) }
        }
    }

    /// The titles of the columns, without the arrow of the order.
    var columnTitles: [String] {
        titlesRow.map { rows()[$0].split { " ▲▼".contains($0) }.map(String.init) } ?? []
    }

    /// The columns of the screen from the first character of one title to the last of another.
    func columns(from first: String, through last: String) -> Range<Int>? {
        guard let titles = titlesRow else { return nil }
        let text = rows()[titles]
        guard let start = text.range(of: first), let end = text.range(of: last) else { return nil }
        return text.distance(
            from: text.startIndex, to: start.lowerBound)..<text.distance(from: text.startIndex, to: end.upperBound)
    }

    /// The rows of a table that are in sight: below the header and the titles.
    var tableRows: [String] {
        let header = size.rows >= 10 ? 2 : 1
        return rows().dropFirst(titlesRow.map { $0 + 1 } ?? header).dropLast().filter { !$0.isEmpty }
    }

    /// The keys of the sample's jobs that are in sight, from top to bottom.
    var jobsOnScreen: [String] { tableRows.compactMap(Sample.jobKey(in:)) }

    /// The key of the job whose row is selected.
    var selectedJobOnScreen: String? { tableRows.first { $0.hasPrefix(">") }.flatMap(Sample.jobKey(in:)) }

    /// The row of the table, counted from the first in sight, that is selected.
    var selectedTableRow: Int? { tableRows.firstIndex { $0.hasPrefix(">") } }

    // MARK: Texts

    /// The first line in sight, the last one and how many there are, as the header says.
    var linesInSight: [Int] {
        guard let match = rows()[1].firstMatch(of: /(\d+)-(\d+)\/(\d+)$/) else { return [] }
        return [match.1, match.2, match.3].compactMap { Int($0) }
    }

    /// The texts on the screen that are drawn in reverse, row after row.
    func reversedText() -> String {
        let canvas = drawn()
        return (0..<canvas.size.rows).map { row in
            canvas[row: row].filter { $0.style.attributes.contains(.reverse) }.map(\.text).joined()
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The row that the current match of a search stands in.
    var matchedRowIndex: Int? {
        let canvas = drawn()
        return (2..<canvas.size.rows - 1).first { row in
            canvas[row: row].contains { $0.style.attributes.contains(.reverse) }
        }
    }

    /// What the row of the current match says.
    var matchedRow: String? { matchedRowIndex.map { rows()[$0] } }
}
