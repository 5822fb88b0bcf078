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

    /// The state with everything in its place, as it is before a frame is drawn.
    func arranged() -> DashboardState {
        var state = self
        state.arrange()
        return state
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
    var lastRow: String {
        guard overlay == nil, let notice, size.rows >= 10 else { return rows().last ?? "" }
        // A long message takes up to three rows.
        let count = min(notice.text.wrappedAtSpaces(to: size.columns - 2).count, 3)
        return " " + rows().suffix(count).map { $0.trimmingSpaces }.joined(separator: " ")
    }

    /// The row below the header that has a text in it.
    func row(of text: String) -> String { rows().dropFirst(2).first { $0.contains(text) } ?? "" }

    /// The index of the first row that begins with a text.
    func rowIndex(of text: String) -> Int? { rows().firstIndex { $0.hasPrefix(text) } }

    // MARK: Tables

    /// Which screen this is, by its titles and by its name in the header.
    var screenShown: KeyContext {
        let canvas = drawn()
        if canvas.text(row: 1).contains(" help · ") { return .help }
        if canvas.text(row: 1).firstMatch(of: /\ \ job .* · \d+-\d+\/\d+ *$/) != nil { return .job }
        guard let titles = Self.titlesRow(of: canvas) else { return .run }
        return canvas.text(row: titles).contains("CREATED") ? .runs : .jobs
    }

    /// The row of a table's titles: it is underlined, from edge to edge or up to a page beside the table.
    var titlesRow: Int? { Self.titlesRow(of: drawn()) }

    private static func titlesRow(of canvas: Canvas) -> Int? {
        (0..<canvas.size.rows).first { row in
            canvas[row: row].prefix(20).allSatisfy { $0.style.attributes.contains(.underline) }
        }
    }

    /// The titles as they stand on the screen; empty where there are none.
    private var titlesText: String {
        let canvas = drawn()
        return Self.titlesRow(of: canvas).map { canvas.text(row: $0) } ?? ""
    }

    /// The titles of the columns, without the arrow of the order.
    var columnTitles: [String] {
        titlesText.replacing("LAST OK", with: "LAST_OK").replacing("DURATIONS MEDIAN    P90", with: "DURATIONS").split {
            " ▲▼".contains($0)
        }.map(String.init)
    }

    /// The columns of the screen from the first character of one title to the last of another.
    func columns(from first: String, through last: String) -> Range<Int>? {
        let text = titlesText
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
