import Screen

/// A text laid out for a part of the screen. It creates only the lines that are needed.
struct PagerLayout {
    let text: Document
    let size: Size
    let wraps: Bool
    let folds: FoldState
    /// The width of the line numbers at the left of the trace.
    let gutter: Int

    /// The smallest width at which the lines of a trace have numbers by default.
    static let columnsForNumbers = 120

    init(_ text: Document, size: Size, wraps: Bool) { self.init(text, size: size, pager: Pager(wraps: wraps)) }

    init(_ text: Document, size: Size, pager: Pager) {
        (self.text, self.size, wraps, folds) = (text, size, pager.wraps, pager.folds)
        let isNumbered = pager.numbers ?? (size.columns >= Self.columnsForNumbers)
        gutter = isNumbered && text.numberColumns + 8 <= size.columns ? text.numberColumns : 0
    }

    /// A visible row: its line, the column at which its text begins, the text, and what is left of it.
    struct Row {
        let line: Int
        let column: Int
        let text: SafeText
        /// The columns left of the text.
        var gutter = 0
        /// The line number; empty below the first row of a line.
        var number: SafeText = ""
    }

    /// The number of columns for the text of a line.
    func columns(of line: Int) -> Int { max(size.columns - gutter(of: line), 1) }

    private func gutter(of line: Int) -> Int { text.traceLines.contains(line) ? gutter : 0 }

    /// Whether a line wraps.
    func wraps(_ line: Int) -> Bool { wraps || shown(line).wraps }

    /// The closed fold that contains a line.
    func closedFold(at line: Int) -> FrameFold? {
        guard let fold = text.fold(at: line), !folds.isOpen(fold) else { return nil }
        return fold
    }

    /// The line as shown: the first line of a closed fold shows the summary of the fold.
    func shown(_ line: Int) -> DocumentLine { closedFold(at: line).map { text.line(of: $0) } ?? text[line] }

    /// The line itself, or the first line of the closed fold that contains it.
    func visible(_ line: Int) -> Int {
        closedFold(at: line).map { $0.lines.lowerBound + text.traceStart } ?? line
    }

    /// The next visible line; `nil` at the end.
    func line(after line: Int) -> Int? {
        let next = closedFold(at: line).map { $0.lines.upperBound + text.traceStart } ?? line + 1
        return next < text.count ? next : nil
    }

    /// The previous visible line; `nil` at the start.
    func line(before line: Int) -> Int? { line > 0 ? visible(line - 1) : nil }

    /// The rows of a line on the screen: one, unless it is wrapped.
    private func rows(of line: Int) -> [SafeText] {
        let shown = shown(line)
        let columns = columns(of: line)
        guard wraps || shown.wraps, shown.text.width > columns else { return [shown.text] }
        return shown.text.wrapped(to: columns)
    }

    /// The row in which a match begins.
    func position(of match: Pager.Match) -> Pager.Position {
        var end = 0
        let row = rows(of: match.line).firstIndex { row in
            end += row.width
            return match.columns.lowerBound < end
        }
        return Pager.Position(line: match.line, row: row ?? 0)
    }

    /// The position `distance` rows further down (up if negative), clamped to the text.
    func position(_ start: Pager.Position, movedBy distance: Int) -> Pager.Position {
        guard text.count > 0 else { return Pager.Position() }
        let first = min(max(start.line, 0), text.count - 1)
        var position = Pager.Position(line: visible(first), row: visible(first) == first ? start.row : 0)
        position.row = min(position.row, rows(of: position.line).count - 1)
        var left = distance
        while left > 0 {
            let below = rows(of: position.line).count - 1 - position.row
            if left <= below { return Pager.Position(line: position.line, row: position.row + left) }
            guard let next = line(after: position.line) else {
                return Pager.Position(line: position.line, row: position.row + below)
            }
            left -= below + 1
            position = Pager.Position(line: next)
        }
        while left < 0 {
            if -left <= position.row { return Pager.Position(line: position.line, row: position.row + left) }
            guard let previous = line(before: position.line) else { return Pager.Position() }
            left += position.row + 1
            position = Pager.Position(line: previous, row: rows(of: previous).count - 1)
        }
        return position
    }

    /// The top of the last page.
    var lastTop: Pager.Position {
        guard text.count > 0 else { return Pager.Position() }
        let last = visible(text.count - 1)
        let end = Pager.Position(line: last, row: rows(of: last).count - 1)
        return position(end, movedBy: -max(size.rows - 1, 0))
    }

    /// The visible rows from a position on.
    func rows(from top: Pager.Position, left: Int) -> [Row] {
        var visible: [Row] = []
        var position: Pager.Position? = min(self.position(top, movedBy: 0), lastTop)
        while visible.count < size.rows, let here = position, here.line < text.count {
            let rows = rows(of: here.line)
            let wraps = wraps(here.line)
            var column = wraps ? rows.prefix(here.row).reduce(0) { $0 + $1.width } : left
            for (index, row) in rows.enumerated().dropFirst(here.row) where visible.count < size.rows {
                visible.append(
                    Row(
                        line: here.line, column: column, text: wraps ? row : row.dropping(columns: left),
                        gutter: gutter(of: here.line), number: index == 0 ? number(of: here.line) : ""))
                column += row.width
            }
            position = line(after: here.line).map { Pager.Position(line: $0) }
        }
        return visible
    }

    private func number(of line: Int) -> SafeText {
        guard gutter(of: line) > 0, closedFold(at: line) == nil, let number = text.number(of: line) else { return "" }
        return SafeText(String(number)).rightAligned(to: gutter - 1)
    }

    /// How far the lines that fit on the screen from a position on can be scrolled sideways.
    func lastLeft(from top: Pager.Position) -> Int {
        var line: Int? = text.count > 0 ? position(top, movedBy: 0).line : nil
        var longest = 0
        for _ in 0..<size.rows {
            guard let here = line else { break }
            if !wraps(here) { longest = max(longest, shown(here).text.width - columns(of: here)) }
            line = self.line(after: here)
        }
        return longest
    }
}
