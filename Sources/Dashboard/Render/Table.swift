import Screen

/// A column of a table: its title, how wide it should be, and what it shows of a row.
///
/// To add a column, add one of these to `JobColumns` or `RunColumns`.
struct Column<Row> {
    let title: SafeText
    /// The least width that still says something.
    let minimum: Int
    /// The width below which another column is left out instead.
    let comfortable: Int
    /// The width beyond which more is of no use.
    let ideal: Int
    /// The order in which columns are left out on a narrow screen: the highest goes first, 0 stays.
    let givesWay: Int
    var alignment: Canvas.Alignment = .leading
    /// The sort key that the title shows the direction of.
    var sortKey: String?
    /// What a row shows in a field of some width.
    let cell: (Row, Int) -> StyledText
}

/// A column that is shown, and where.
struct PlacedColumn<Row> {
    let column: Column<Row>
    let start: Int
    let width: Int
}

/// Divides the width of a screen among columns, with a space between them.
enum TableLayout {
    static func place<Row>(_ columns: [Column<Row>], in range: Range<Int>) -> [PlacedColumn<Row>] {
        var shown = columns
        while total(shown.map(\.comfortable)) > range.count, let first = firstToGo(shown) { shown.remove(at: first) }
        let isTight = total(shown.map(\.comfortable)) > range.count
        var widths = shown.map { isTight ? $0.minimum : $0.comfortable }
        var spare = max(range.count - total(widths), 0)
        // The most important columns grow first, and the name before the status, which has short words.
        for index in shown.indices.reversed().sorted(by: { shown[$0].givesWay < shown[$1].givesWay }) {
            let growth = min(spare, max(shown[index].ideal - widths[index], 0))
            widths[index] += growth
            spare -= growth
        }
        var start = range.lowerBound
        return zip(shown, widths).map { column, width in
            defer { start += width + 1 }
            return PlacedColumn(column: column, start: start, width: width)
        }
    }

    private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + max(widths.count - 1, 0) }

    private static func firstToGo<Row>(_ columns: [Column<Row>]) -> Int? {
        columns.indices.filter { columns[$0].givesWay > 0 }.max { columns[$0].givesWay < columns[$1].givesWay }
    }
}

extension DashboardState {
    /// Draws the titles of a table. The column sorted by has an arrow: up where the smallest, the earliest or A stands
    /// first, down where the largest or the newest does.
    func drawTitles<Row>(
        _ columns: [PlacedColumn<Row>], sortedBy sortKey: String, ascending: Bool, row: Int, on canvas: inout Canvas
    ) {
        let style = appearance.theme.style(.columnTitle)
        canvas.fill(row: row, columns: 0..<size.columns, style: style)
        for placed in columns {
            var title = placed.column.title
            if placed.column.sortKey == sortKey {
                title += ascending ? appearance.glyphs.ascending : appearance.glyphs.descending
            }
            canvas.write(
                StyledText(title, style), row: row, column: placed.start, width: placed.width,
                alignment: placed.column.alignment)
        }
    }

    /// Draws a row of a table: the mark of the selection; the mark of a stale row, or of a run that is shown as it was
    /// last seen; the cells.
    func drawRow<Row>(
        _ value: Row, columns: [PlacedColumn<Row>], isSelected: Bool, isStale: Bool, isLastSeen: Bool,
        row: Int, on canvas: inout Canvas
    ) {
        let theme = appearance.theme
        func restyled(_ style: Style) -> Style {
            let style = isStale ? theme.staled(style) : style
            return isSelected ? theme.selected(style) : style
        }
        canvas.fill(row: row, columns: 0..<size.columns, style: restyled(theme.style(.text)))
        if isSelected {
            canvas.write(appearance.glyphs.selected, row: row, column: 0, style: restyled(theme.style(.title)))
        }
        if isStale || isLastSeen {
            canvas.write(appearance.glyphs.stale, row: row, column: 1, style: restyled(theme.style(.stale)))
        }
        for placed in columns {
            canvas.write(
                placed.column.cell(value, placed.width), row: row, column: placed.start, width: placed.width,
                alignment: placed.column.alignment, restyle: restyled)
        }
    }
}
