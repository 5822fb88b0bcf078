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
    /// The first column in sight, when lines are not wrapped.
    var left = 0
    var wraps = false
    /// What is searched for; empty for nothing.
    var needle: SafeText = ""
    var match: Match?

    /// A search in lower case finds any case; one with a capital finds exactly that.
    var ignoresCase: Bool { !needle.description.contains(where: \.isUppercase) }

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

    /// Goes to the next match after the current one, or before it.
    ///
    /// - Returns: whether the search wrapped around the end, or `nil` when nothing matches.
    mutating func findNext(backwards: Bool = false, in layout: PagerLayout) -> Bool? {
        guard !needle.isEmpty, !layout.lines.isEmpty else { return nil }
        let count = layout.lines.count
        let start = min(match?.line ?? top.line, count - 1)
        for step in 0...count {
            let line = ((backwards ? start - step : start + step) % count + count) % count
            var columns = layout.lines[line].columnRanges(of: needle, ignoringCase: ignoresCase)
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
        let bottom = layout.position(top, movedBy: max(layout.size.rows - 1, 0))
        if place < top || place > bottom { show(place, in: layout) }
        guard !layout.wraps(match.line) else { return }
        if match.columns.lowerBound < left || match.columns.upperBound > left + layout.size.columns {
            left = max(match.columns.lowerBound - layout.size.columns / 2, 0)
        }
        if match.columns.upperBound <= layout.size.columns { left = 0 }
    }
}

/// A text laid out for a screen of some size.
struct PagerLayout {
    let lines: [SafeText]
    let size: Size
    let wraps: Bool
    /// The lines that wrap even where the others do not.
    var alwaysWrapped: Set<Int> = []

    /// A row in sight: which line, the column its text begins at, and the text.
    struct Row {
        let line: Int
        let column: Int
        let text: SafeText
    }

    /// Whether a line wraps.
    func wraps(_ line: Int) -> Bool { wraps || alwaysWrapped.contains(line) }

    /// The rows of a line on the screen: one, unless it is wrapped.
    private func rows(of line: Int) -> [SafeText] {
        let text = lines[line]
        return wraps(line) && text.width > size.columns ? text.wrapped(to: max(size.columns, 1)) : [text]
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
        guard !lines.isEmpty else { return Pager.Position() }
        var position = Pager.Position(line: min(max(start.line, 0), lines.count - 1), row: start.row)
        position.row = min(position.row, rows(of: position.line).count - 1)
        var left = distance
        while left > 0 {
            let below = rows(of: position.line).count - 1 - position.row
            if left <= below { return Pager.Position(line: position.line, row: position.row + left) }
            guard position.line + 1 < lines.count else {
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
        guard let last = lines.indices.last else { return Pager.Position() }
        let end = Pager.Position(line: last, row: rows(of: last).count - 1)
        return position(end, movedBy: -max(size.rows - 1, 0))
    }

    /// The rows in sight from a position on.
    func rows(from top: Pager.Position, left: Int) -> [Row] {
        var visible: [Row] = []
        var position = min(self.position(top, movedBy: 0), lastTop)
        while visible.count < size.rows, position.line < lines.count {
            let rows = rows(of: position.line)
            let wraps = wraps(position.line)
            var column = wraps ? rows.prefix(position.row).reduce(0) { $0 + $1.width } : left
            for text in rows.dropFirst(position.row) where visible.count < size.rows {
                visible.append(
                    Row(line: position.line, column: column, text: wraps ? text : text.dropping(columns: left)))
                column += text.width
            }
            position = Pager.Position(line: position.line + 1)
        }
        return visible
    }

    /// How far the text can be scrolled sideways.
    var lastLeft: Int {
        let longest = lines.indices.lazy.filter { !wraps($0) }.map { lines[$0].width }.max() ?? 0
        return max(longest - size.columns, 0)
    }
}
