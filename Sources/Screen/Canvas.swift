/// The size of a screen in rows and columns.
package struct Size: Sendable, Hashable {
    package var rows: Int
    package var columns: Int

    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }
}

/// A cell's position on the screen; the top left is (0, 0).
package struct Position: Sendable, Hashable {
    package var row: Int
    package var column: Int

    package init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}

/// A part of the screen: a range of rows and a range of columns.
package struct Rectangle: Sendable, Hashable {
    package var rows: Range<Int>
    package var columns: Range<Int>

    package init(rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
    }

    package var size: Size { Size(rows: rows.count, columns: columns.count) }
    package var top: Int { rows.lowerBound }
    package var left: Int { columns.lowerBound }

    /// The rectangle without `left` columns at its left and `right` at its right; without any column if it has fewer.
    package func inset(left: Int, right: Int = 0) -> Rectangle {
        let start = columns.lowerBound + left
        return Rectangle(rows: rows, columns: start..<max(columns.upperBound - right, start))
    }

    /// The rectangle without `count` columns at each side.
    package func inset(by count: Int) -> Rectangle { inset(left: count, right: count) }
}

/// One cell of a ``Canvas``.
package struct Cell: Sendable, Hashable {
    /// The number of columns of the cell's cluster, counted from this cell.
    package enum Width: UInt8, Sendable, Hashable {
        /// The right half of the wide cluster in the cell before.
        case rightHalf = 0
        case single = 1
        /// The left half of a wide cluster.
        case wide = 2
    }

    /// The cluster that begins here; empty in the right half of a wide one.
    package let text: String
    package let width: Width
    package internal(set) var style: Style

    /// Not `package`: only a canvas creates cells, and only from safe text.
    init(text: String, width: Width, style: Style) {
        self.text = text
        self.width = width
        self.style = style
    }

    static func blank(_ style: Style) -> Cell {
        Cell(text: " ", width: .single, style: style)
    }

    /// The byte of a cell that holds one printable ASCII character; `nil` for any other cell.
    package var ascii: UInt8? {
        let bytes = text.utf8
        guard bytes.count == 1, let byte = bytes.first else { return nil }
        return byte
    }
}

/// The screen as a value: a grid of styled cells that accepts only ``SafeText``.
///
/// Writing never fails: text outside the canvas is ignored, and text that crosses an edge is cut there. A space replaces a
/// wide cluster that is cut in half.
package struct Canvas: Sendable, Equatable {
    /// The position of a text in a field that is wider than the text.
    package enum Alignment: Sendable {
        case leading, trailing
    }

    package let size: Size

    /// The position of the terminal's cursor, as in an input line; `nil` hides it.
    package var cursor: Position?

    /// The cells row by row, each row from left to right.
    private var cells: [Cell]

    /// A blank canvas. Rows and columns are clamped to 0…10,000.
    package init(size: Size, style: Style = .plain) {
        self.size = Size(rows: min(max(0, size.rows), 10_000), columns: min(max(0, size.columns), 10_000))
        cells = Array(repeating: .blank(style), count: self.size.rows * self.size.columns)
    }

    /// The cell at a position; a plain blank outside the canvas.
    package subscript(row: Int, column: Int) -> Cell {
        guard contains(row: row), (0..<size.columns).contains(column) else { return .blank(.plain) }
        return cells[row * size.columns + column]
    }

    /// The cells of a row; empty outside the canvas.
    package subscript(row row: Int) -> ArraySlice<Cell> {
        guard contains(row: row) else { return [] }
        return cells[(row * size.columns)..<((row + 1) * size.columns)]
    }

    /// Writes `text` to the right from a position. With a `width`, the text gets a field of that many columns: longer text
    /// is cut and ends in "…", shorter text is padded. The escapes of unsafe characters are drawn in reverse.
    package mutating func write(
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

    /// Fills columns of a row with blanks.
    package mutating func fill(row: Int, columns: Range<Int>, style: Style = .plain) {
        let columns = columns.clamped(to: 0..<size.columns)
        guard contains(row: row), !columns.isEmpty else { return }
        splitWideCells(row: row, at: columns)
        for column in columns { cells[row * size.columns + column] = .blank(style) }
    }

    /// Changes the style of columns of a row and keeps their text.
    package mutating func restyle(row: Int, columns: Range<Int>, _ transform: (Style) -> Style) {
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
        // A wide cluster that the last column cuts in half becomes a space.
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

    /// Replaces the outer half of each wide cluster that crosses an end of `columns` by a space.
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
    /// The text of a row, including all spaces.
    package func text(row: Int) -> String {
        self[row: row].reduce(into: "") { $0 += $1.text }
    }

    /// The text of all rows, without trailing spaces.
    package var description: String {
        (0..<size.rows).map { row in
            let text = text(row: row)
            let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex
            return String(text[..<end])
        }.joined(separator: "\n")
    }
}
