import Screen

/// The visible part of a long text, and the search in it: as in `less`.
struct Pager: Hashable, Sendable {
    /// A row of the text on the screen: a line, and the row within it if it is wrapped.
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

    /// The marked lines: from the first marked line to the current one.
    struct Marking: Hashable, Sendable {
        var anchor: Int
        var cursor: Int

        var lines: ClosedRange<Int> { min(anchor, cursor)...max(anchor, cursor) }
    }

    /// The first visible row.
    var top = Position()
    /// The line of the last visible row, from the last `arrange()`.
    var lastLine = 0
    /// The first visible column, if lines are not wrapped.
    var left = 0
    var wraps = false
    /// Whether the lines of a trace have numbers; `nil` for the default, which depends on the width.
    var numbers: Bool?
    var folds = FoldState()
    /// `nil` if nothing is marked.
    var marking: Marking?
    /// `nil` before the first search.
    var search: TextSearch?
    var match: Match?
    /// The direction of the match to go to when enough of the text has been searched.
    var wantsMatch: Direction?

    enum Direction: Hashable, Sendable { case before, after }

    init(wraps: Bool = false) { self.wraps = wraps }

    /// Scrolls by rows of the screen, at most to the last page.
    mutating func scroll(by rows: Int, in layout: PagerLayout) {
        top = min(layout.position(top, movedBy: rows), layout.lastTop)
    }

    /// Shows a line near the top of the screen.
    mutating func show(line: Int, in layout: PagerLayout) { show(Position(line: line), in: layout) }

    private mutating func show(_ place: Position, in layout: PagerLayout) {
        let context = min(layout.size.rows / 4, 3)
        top = min(layout.position(place, movedBy: -context), layout.lastTop)
    }

    /// Moves the match and the marked lines with their lines when lines are added or removed above them.
    mutating func shift(by lines: Int, within range: Range<Int>) {
        func moved(_ line: Int) -> Int { range.contains(line) ? line + lines : line }
        match = match.map { Match(line: moved($0.line), columns: $0.columns) }
        marking = marking.map { Marking(anchor: moved($0.anchor), cursor: moved($0.cursor)) }
    }

    /// Clamps the scroll position and the marked lines to the text.
    mutating func clamp(to layout: PagerLayout) {
        top = min(layout.position(top, movedBy: 0), layout.lastTop)
        let last = max(layout.text.count - 1, 0)
        marking = marking.map { Marking(anchor: min($0.anchor, last), cursor: min($0.cursor, last)) }
    }

    /// The last visible row.
    func bottom(in layout: PagerLayout) -> Position { layout.position(top, movedBy: max(layout.size.rows - 1, 0)) }

    /// The visible lines and the number of all lines: `12-36/480`.
    func linesInSight(of count: Int) -> SafeText { "\(top.line + 1)-\(lastLine + 1)/\(count)" }

    /// Scrolls to the match, and opens its fold.
    mutating func reveal(in layout: PagerLayout) {
        guard let match else { return }
        var layout = layout
        if let fold = layout.closedFold(at: match.line) {
            folds.open(fold)
            layout = PagerLayout(layout.text, size: layout.size, pager: self)
        }
        if marking != nil { marking?.cursor = match.line }
        let place = layout.position(of: match)
        if place < top || place > bottom(in: layout) { show(place, in: layout) }
        guard !layout.wraps(match.line) else { return }
        let columns = layout.columns(of: match.line)
        if match.columns.lowerBound < left || match.columns.upperBound > left + columns {
            left = max(match.columns.lowerBound - columns / 2, 0)
        }
        if match.columns.upperBound <= columns { left = 0 }
    }

    /// Scrolls by the smallest distance that makes a line visible.
    mutating func bringInSight(_ line: Int, in layout: PagerLayout) {
        let line = layout.visible(line)
        if line < top.line || line == top.line && top.row > 0 {
            top = Position(line: line)
        } else if line > bottom(in: layout).line {
            top = layout.position(Position(line: line), movedBy: -max(layout.size.rows - 1, 0))
        }
        top = min(top, layout.lastTop)
    }
}
