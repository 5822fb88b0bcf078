import Screen

/// A box with lines in the middle of the screen: the question before an action, or the form for its parameters.
struct ActionBox {
    let title: SafeText
    let lines: [(text: SafeText, role: Role)]
    /// The line of the cursor, and the column in it.
    var cursor: (line: Int, column: Int)?
    let appearance: Appearance

    /// The columns and rows for text in a box on the screen.
    static func room(in area: Rectangle) -> (width: Int, rows: Int) {
        (max(min(area.size.columns - 4, 72), 1), max(area.size.rows - 2, 1))
    }

    func draw(in area: Rectangle, on canvas: inout Canvas) {
        let theme = appearance.theme
        let box = appearance.glyphs.box
        let (width, rows) = Self.room(in: area)
        let frame = theme.style(.frame)
        let shown = Array(lines.suffix(rows))
        let top = area.top + max((area.size.rows - shown.count - 2) / 2, 0)
        let left = area.left + max((area.size.columns - width - 4) / 2, 0)
        let side = Array(repeating: box.horizontal, count: width + 2).joined()
        canvas.write(box.corners[0] + side + box.corners[1], row: top, column: left, style: frame)
        canvas.write((" " + title + " ").truncated(to: width), row: top, column: left + 1, style: theme.style(.title))
        for (row, line) in zip((top + 1)..., shown) {
            canvas.fill(row: row, columns: left..<left + width + 4, style: theme.style(.text))
            canvas.write(box.vertical, row: row, column: left, style: frame)
            canvas.write(box.vertical, row: row, column: left + width + 3, style: frame)
            canvas.write(line.text, row: row, column: left + 2, width: width, style: theme.style(line.role))
        }
        canvas.write(
            box.corners[3] + side + box.corners[2], row: top + shown.count + 1, column: left, style: frame)
        if let cursor {
            canvas.cursor = Position(
                row: top + 1 + cursor.line - (lines.count - shown.count),
                column: left + 2 + min(cursor.column, width - 1))
        }
    }
}
