/// A screen as a value: a grid of styled cells, filled with ``SafeText`` and with nothing else.
///
/// Writing never fails: what lies off the canvas is not there, and what half fits is cut. A wide cluster is whole or
/// not there at all; where it is cut, a space is left.
public struct Canvas: Sendable, Equatable {
    /// Where a narrower text stands in its field.
    public enum Alignment: Sendable {
        case leading, trailing
    }

    public let size: Size

    /// Where the terminal's cursor is shown (an input line); nothing hides it.
    public var cursor: Position?

    /// Row after row.
    private var cells: [Cell]

    /// A blank canvas. A size below nothing is nothing, and no screen is larger than 10,000 either way.
    public init(size: Size, style: Style = .plain) {
        self.size = Size(rows: min(max(0, size.rows), 10_000), columns: min(max(0, size.columns), 10_000))
        cells = Array(repeating: .blank(style), count: self.size.rows * self.size.columns)
    }

    /// The cell at a place; off the canvas, a plain blank.
    public subscript(row: Int, column: Int) -> Cell {
        guard contains(row: row), (0..<size.columns).contains(column) else { return .blank(.plain) }
        return cells[row * size.columns + column]
    }

    /// The cells of a row; of one off the canvas, none.
    public subscript(row row: Int) -> ArraySlice<Cell> {
        guard contains(row: row) else { return [] }
        return cells[(row * size.columns)..<((row + 1) * size.columns)]
    }

    /// Writes `text` from a place on. With a `width` the text gets a field of so many columns: cut with "…" where it
    /// is too long, padded where it is too short. What stands for something unsafe is drawn in reverse.
    public mutating func write(
        _ text: SafeText, row: Int, column: Int, width: Int? = nil, alignment: Alignment = .leading,
        style: Style = .plain
    ) {
        guard contains(row: row) else { return }
        guard let width else {
            draw(text, row: row, column: column, style: style)
            return
        }
        let field = min(max(0, width), size.columns &+ max(0, 0 &- max(column, -20_000)))
        let shown = width > field ? text.slice(0..<field) : text.truncated(to: field)
        fill(row: row, columns: column..<clampedEnd(of: column, count: field), style: style)
        let indent = alignment == .leading ? 0 : field - shown.width
        draw(shown, row: row, column: clampedEnd(of: column, count: indent), style: style)
    }

    /// Blanks columns of a row.
    public mutating func fill(row: Int, columns: Range<Int>, style: Style = .plain) {
        let columns = columns.clamped(to: 0..<size.columns)
        guard contains(row: row), !columns.isEmpty else { return }
        splitWideCells(row: row, at: columns)
        for column in columns { cells[row * size.columns + column] = .blank(style) }
    }

    /// Changes how columns of a row look, and leaves what they say.
    public mutating func restyle(row: Int, columns: Range<Int>, _ transform: (Style) -> Style) {
        guard contains(row: row) else { return }
        for column in columns.clamped(to: 0..<size.columns) {
            let index = row * size.columns + column
            cells[index].style = transform(cells[index].style)
        }
    }

    private func contains(row: Int) -> Bool { row >= 0 && row < size.rows }

    private func clampedEnd(of column: Int, count: Int) -> Int {
        let (end, overflow) = column.addingReportingOverflow(count)
        return overflow ? Int.max : end
    }

    private mutating func draw(_ text: SafeText, row: Int, column: Int, style: Style) {
        guard column < size.columns else { return }
        let hidden = column < 0 ? min(text.width, 0 &- max(column, -Int.max)) : 0
        let start = max(0, column)
        // A wide cluster in the last column is cut in half by the slice, and so is a space.
        let visible = text.slice(hidden..<max(hidden, min(text.width, hidden + size.columns - start)))
        let columns = start..<(start + visible.width)
        guard !columns.isEmpty else { return }
        splitWideCells(row: row, at: columns)
        var index = row * size.columns + start
        for cluster in visible.clusters {
            let look = cluster.isEscape ? style.reversed : style
            let isWide = cluster.width == 2
            cells[index] = Cell(text: cluster.text, width: isWide ? .wide : .single, style: look)
            if isWide { cells[index + 1] = Cell(text: "", width: .rightHalf, style: look) }
            index += cluster.width
        }
    }

    /// Replaces by spaces what would be left of wide clusters that reach over the ends of `columns`.
    private mutating func splitWideCells(row: Int, at columns: Range<Int>) {
        let first = row * size.columns + columns.lowerBound
        if cells[first].width == .rightHalf { cells[first - 1] = .blank(cells[first - 1].style) }
        let end = row * size.columns + columns.upperBound
        if columns.upperBound < size.columns, cells[end].width == .rightHalf {
            cells[end] = .blank(cells[end].style)
        }
    }
}

extension Canvas: CustomStringConvertible {
    /// What a row says, with every space.
    public func text(row: Int) -> String {
        self[row: row].reduce(into: "") { $0 += $1.text }
    }

    /// What all rows say, without the spaces at their ends: a picture of the screen as text.
    public var description: String {
        (0..<size.rows).map { row in
            let text = text(row: row)
            let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex
            return String(text[..<end])
        }.joined(separator: "\n")
    }
}
