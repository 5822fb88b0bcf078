import Screen

/// What part of a long text is in sight, and what is searched for in it: as in `less`.
struct Pager: Hashable, Sendable {
    /// A row of the text on the screen: a line, and which of its rows when it is wrapped.
    struct Position: Hashable, Sendable, Comparable {
        var line = 0
        var row = 0

        static func < (left: Position, right: Position) -> Bool {
            left.line == right.line ? left.row < right.row : left.line < right.line
        }
    }

    /// A match of the search: a line and its columns.
    struct Match: Hashable, Sendable {
        let line: Int
        let columns: Range<Int>
    }

    /// The first row in sight.
    var top = Position()
    /// The line of the last row in sight, as of the last `arrange()`.
    var lastLine = 0
    /// The first column in sight, when lines are not wrapped.
    var left = 0
    var wraps = false
    /// What is searched for; empty for nothing.
    var needle: SafeText = ""
    var match: Match?

    /// A search in lower case finds any case; one with a capital finds exactly that.
    var ignoresCase: Bool { !needle.plainText.contains(where: \.isUppercase) }

    /// Moves by rows of the screen, never past the last page.
    mutating func scroll(by rows: Int, in layout: PagerLayout) {
        top = min(layout.position(top, movedBy: rows), layout.lastTop)
    }

    /// Shows a line near the top of the screen.
    mutating func show(line: Int, in layout: PagerLayout) { show(Position(line: line), in: layout) }

    private mutating func show(_ place: Position, in layout: PagerLayout) {
        let context = min(layout.size.rows / 4, 3)
        top = min(layout.position(place, movedBy: -context), layout.lastTop)
    }

    /// Moves the match with its line when lines come or go above it.
    mutating func shiftMatch(by lines: Int, within range: Range<Int>) {
        guard let match, range.contains(match.line) else { return }
        self.match = Match(line: match.line + lines, columns: match.columns)
    }

    /// Keeps the top within the text.
    mutating func clamp(to layout: PagerLayout) { top = min(layout.position(top, movedBy: 0), layout.lastTop) }

    /// The last row in sight.
    func bottom(in layout: PagerLayout) -> Position { layout.position(top, movedBy: max(layout.size.rows - 1, 0)) }

    /// The lines in sight and how many there are: `12-36/480`.
    func linesInSight(of count: Int) -> SafeText { "\(top.line + 1)-\(lastLine + 1)/\(count)" }

    /// Goes to the next match after the current one, or before it.
    ///
    /// - Returns: whether the search wrapped around the end, or `nil` when nothing matches.
    mutating func findNext(backwards: Bool = false, in layout: PagerLayout) -> Bool? {
        let text = layout.text
        guard !needle.isEmpty, text.count > 0 else { return nil }
        let count = text.count
        let start = min(match?.line ?? top.line, count - 1)
        for step in 0...count {
            let line = ((backwards ? start - step : start + step) % count + count) % count
            var columns = text[line].text.columnRanges(of: needle, ignoringCase: ignoresCase)
            if step == 0, let match {
                columns.removeAll {
                    backwards ? $0.lowerBound >= match.columns.lowerBound : $0.lowerBound <= match.columns.lowerBound
                }
            }
            guard let found = backwards ? columns.last : columns.first else { continue }
            match = Match(line: line, columns: found)
            reveal(in: layout)
            return backwards ? start - step < 0 : start + step >= count
        }
        return nil
    }

    /// Brings the match in sight.
    private mutating func reveal(in layout: PagerLayout) {
        guard let match else { return }
        let place = layout.position(of: match)
        if place < top || place > bottom(in: layout) { show(place, in: layout) }
        guard !layout.wraps(match.line) else { return }
        if match.columns.lowerBound < left || match.columns.upperBound > left + layout.size.columns {
            left = max(match.columns.lowerBound - layout.size.columns / 2, 0)
        }
        if match.columns.upperBound <= layout.size.columns { left = 0 }
    }
}

/// A line of a text on the screen, and how it looks.
struct DocumentLine: Hashable, Sendable {
    let text: SafeText
    var role: Role = .text
    /// How many columns at its start are a label.
    var labelColumns = 0
    /// Whether it wraps even where the other lines do not.
    var wraps = false
    /// Columns that mean something else than the line.
    var spans: [RoleSpan] = []
}

/// Columns of a line, and what they mean.
struct RoleSpan: Hashable, Sendable {
    let columns: Range<Int>
    let role: Role
}

/// A text to read: some lines, and an error trace below them.
///
/// The trace's lines are not copied into others: it may have many thousands, and the lines above are made every second.
struct Document: Hashable, Sendable {
    private let lines: [DocumentLine]
    private let trace: ErrorTrace

    init(_ lines: [DocumentLine] = [], trace: ErrorTrace = ErrorTrace(nil)) {
        self.lines = lines
        self.trace = trace
    }

    var count: Int { lines.count + trace.lines.count }

    subscript(line: Int) -> DocumentLine {
        guard line >= lines.count else { return lines[line] }
        let isCause = line - lines.count == trace.rootCause
        return DocumentLine(
            text: trace.lines[line - lines.count], role: isCause ? .broken : .text, wraps: isCause)
    }
}

/// A text laid out for a screen of some size.
struct PagerLayout {
    let text: Document
    let size: Size
    let wraps: Bool

    init(_ text: Document, size: Size, wraps: Bool) {
        self.text = text
        self.size = size
        self.wraps = wraps
    }

    /// A row in sight: which line, the column its text begins at, and the text.
    struct Row {
        let line: Int
        let column: Int
        let text: SafeText
    }

    /// Whether a line wraps.
    func wraps(_ line: Int) -> Bool { wraps || text[line].wraps }

    /// The rows of a line on the screen: one, unless it is wrapped.
    private func rows(of line: Int) -> [SafeText] {
        let line = text[line]
        guard wraps || line.wraps, line.text.width > size.columns else { return [line.text] }
        return line.text.wrapped(to: max(size.columns, 1))
    }

    /// The row a match begins in.
    func position(of match: Pager.Match) -> Pager.Position {
        var end = 0
        let row = rows(of: match.line).firstIndex { row in
            end += row.width
            return match.columns.lowerBound < end
        }
        return Pager.Position(line: match.line, row: row ?? 0)
    }

    /// A position some rows further down, or up; kept within the text.
    func position(_ start: Pager.Position, movedBy distance: Int) -> Pager.Position {
        guard text.count > 0 else { return Pager.Position() }
        var position = Pager.Position(line: min(max(start.line, 0), text.count - 1), row: start.row)
        position.row = min(position.row, rows(of: position.line).count - 1)
        var left = distance
        while left > 0 {
            let below = rows(of: position.line).count - 1 - position.row
            if left <= below { return Pager.Position(line: position.line, row: position.row + left) }
            guard position.line + 1 < text.count else {
                return Pager.Position(line: position.line, row: position.row + below)
            }
            left -= below + 1
            position = Pager.Position(line: position.line + 1)
        }
        while left < 0 {
            if -left <= position.row { return Pager.Position(line: position.line, row: position.row + left) }
            guard position.line > 0 else { return Pager.Position() }
            left += position.row + 1
            position = Pager.Position(line: position.line - 1, row: rows(of: position.line - 1).count - 1)
        }
        return position
    }

    /// The top of the last page.
    var lastTop: Pager.Position {
        guard text.count > 0 else { return Pager.Position() }
        let last = text.count - 1
        let end = Pager.Position(line: last, row: rows(of: last).count - 1)
        return position(end, movedBy: -max(size.rows - 1, 0))
    }

    /// The rows in sight from a position on.
    func rows(from top: Pager.Position, left: Int) -> [Row] {
        var visible: [Row] = []
        var position = min(self.position(top, movedBy: 0), lastTop)
        while visible.count < size.rows, position.line < text.count {
            let rows = rows(of: position.line)
            let wraps = wraps(position.line)
            var column = wraps ? rows.prefix(position.row).reduce(0) { $0 + $1.width } : left
            for row in rows.dropFirst(position.row) where visible.count < size.rows {
                visible.append(
                    Row(line: position.line, column: column, text: wraps ? row : row.dropping(columns: left)))
                column += row.width
            }
            position = Pager.Position(line: position.line + 1)
        }
        return visible
    }

    /// How far the text can be scrolled sideways.
    var lastLeft: Int {
        let longest = (0..<text.count).lazy.filter { !wraps($0) }.map { text[$0].text.width }.max() ?? 0
        return max(longest - size.columns, 0)
    }
}
