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
