import Runs
import Screen

/// A column of a table: its title, its widths, and its cells.
struct Column<Row, SortKey> {
    let title: SafeText
    /// The smallest useful width.
    let minimum: Int
    /// The width below which another column is omitted instead.
    let comfortable: Int
    /// The largest useful width.
    let ideal: Int
    /// The order in which columns are omitted on a narrow screen: the highest first; 0 is never omitted.
    let givesWay: Int
    /// The order in which columns grow; by default the most important grow first.
    var grows: Int?
    var alignment: Canvas.Alignment = .leading
    /// The sort key whose direction the title shows.
    var sortKey: SortKey?
    /// The cell of a row, for a width.
    let cell: (Row, Int) -> StyledText
}

/// A visible column, with its position.
struct PlacedColumn<Row, SortKey> {
    let column: Column<Row, SortKey>
    let start: Int
    let width: Int
}

/// Distributes the width of the screen among columns, with a space between them.
enum TableLayout {
    static func place<Row, SortKey>(
        _ columns: [Column<Row, SortKey>], in range: Range<Int>
    ) -> [PlacedColumn<Row, SortKey>] {
        var shown = columns
        while total(shown.map(\.comfortable)) > range.count, let first = firstToGo(shown) { shown.remove(at: first) }
        let isTight = total(shown.map(\.comfortable)) > range.count
        var widths = shown.map { isTight ? $0.minimum : $0.comfortable }
        var spare = max(range.count - total(widths), 0)
        func growth(_ index: Int) -> Int { shown[index].grows ?? shown[index].givesWay }
        for index in shown.indices.reversed().sorted(by: { growth($0) < growth($1) }) {
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

    private static func firstToGo<Row, SortKey>(_ columns: [Column<Row, SortKey>]) -> Int? {
        columns.indices.filter { columns[$0].givesWay > 0 }.max { columns[$0].givesWay < columns[$1].givesWay }
    }
}

/// A row of a table, with the state for its marks.
struct TableRow<Value> {
    let value: Value
    let isSelected: Bool
    /// Whether the last refresh of the row failed.
    let isStale: Bool
    /// Whether the row shows its last known state: the answers no longer contain it.
    let isLastSeen: Bool
    /// Whether the user has marked the row.
    var isMarked = false
}

/// A table: column titles, and rows with marks before them.
struct Table<Row, SortKey: TitledSortKey> {
    /// The columns before the cells: the mark of the selection, and the mark of a row that is not current.
    private static var marks: Int { 2 }

    let columns: [Column<Row, SortKey>]
    let order: Order<SortKey>
    let appearance: Appearance

    /// Draws the visible rows, and the titles if there is an area for them.
    func draw(_ rows: [TableRow<Row>], in area: Rectangle, titles: Rectangle?, on canvas: inout Canvas) {
        let placed = TableLayout.place(columns, in: area.columns.dropFirst(Self.marks))
        if let titles { draw(titlesOf: placed, in: titles, on: &canvas) }
        for (number, row) in zip(area.rows, rows) {
            draw(row, placed, in: Rectangle(rows: number..<number + 1, columns: area.columns), on: &canvas)
        }
    }

    /// The sorted column has an arrow: up if the first row is the smallest, the earliest or A, down if it is the largest or
    /// the newest.
    private func draw(titlesOf columns: [PlacedColumn<Row, SortKey>], in line: Rectangle, on canvas: inout Canvas) {
        let style = appearance.theme.style(.columnTitle)
        canvas.fill(row: line.top, columns: line.columns, style: style)
        for placed in columns {
            var title = placed.column.title
            if placed.column.sortKey == order.key {
                title += order.isAscending ? appearance.glyphs.ascending : appearance.glyphs.descending
            }
            canvas.write(
                StyledText(title, style), row: line.top, column: placed.start, width: placed.width,
                alignment: placed.column.alignment)
        }
    }

    private func draw(
        _ row: TableRow<Row>, _ columns: [PlacedColumn<Row, SortKey>], in line: Rectangle, on canvas: inout Canvas
    ) {
        let theme = appearance.theme
        func restyled(_ style: Style) -> Style {
            let style = row.isStale ? theme.stale(style) : style
            return row.isSelected ? theme.selected(style) : style
        }
        canvas.fill(row: line.top, columns: line.columns, style: restyled(theme.style(.text)))
        if row.isSelected || row.isMarked {
            canvas.write(
                row.isMarked ? "*" : appearance.glyphs.selected, row: line.top, column: line.left,
                style: restyled(theme.style(.title)))
        }
        if row.isStale || row.isLastSeen {
            canvas.write(
                appearance.glyphs.stale, row: line.top, column: line.left + 1, style: restyled(theme.style(.stale)))
        }
        for placed in columns {
            canvas.write(
                placed.column.cell(row.value, placed.width), row: line.top, column: placed.start, width: placed.width,
                alignment: placed.column.alignment, restyle: restyled)
        }
    }
}

/// The line above the runs of a job: its name, why it is late, and the position of the selected run if not all are visible.
struct RunTitle {
    let name: SafeText
    let lateness: SafeText?
    let position: SafeText?
    let appearance: Appearance

    func draw(in area: Rectangle, on canvas: inout Canvas) {
        let field = area.inset(left: 2, right: 1)
        let position = StyledText([appearance.styled(position.map { "  " + $0 } ?? "", .quiet)])
        canvas.write(
            position, row: field.top, column: field.left, width: field.size.columns, alignment: .trailing)
        let title = StyledText([
            appearance.styled(name, .title), appearance.styled(lateness.map { "  " + $0 } ?? "", .late),
        ])
        canvas.write(title, row: field.top, column: field.left, width: field.size.columns - position.width)
    }
}

/// A column to sort by.
protocol TitledSortKey: Hashable, Sendable {
    /// The name of the column: its title, if it has one.
    var title: SafeText { get }
    /// Whether the smallest, the earliest or A comes first unless the order is reversed.
    var isAscending: Bool { get }
}

extension Order where SortKey: TitledSortKey {
    /// Whether the first row has the smallest value.
    var isAscending: Bool { key.isAscending != isReversed }
}

/// A text in one style.
typealias Span = (text: SafeText, style: Style)

/// A text in several styles: the content of a cell.
struct StyledText {
    private(set) var spans: [Span]

    init(_ text: SafeText, _ style: Style) { spans = [(text, style)] }

    init(_ spans: [Span]) { self.spans = spans }

    /// Joins spans with a separator.
    init(_ spans: [Span], separator: Span) {
        self.spans = Array(spans.map { [$0] }.joined(separator: [separator]))
    }

    var width: Int { spans.reduce(0) { $0 + $1.text.width } }
}

extension Canvas {
    /// Writes spans one after another into a field, and cuts what does not fit.
    mutating func write(
        _ text: StyledText, row: Int, column: Int, width: Int, alignment: Canvas.Alignment = .leading,
        restyle: (Style) -> Style = { $0 }
    ) {
        var column = alignment == .trailing ? column + max(width - text.width, 0) : column
        var left = alignment == .trailing ? min(width, text.width) : width
        for (text, style) in text.spans where left > 0 {
            write(text.truncated(to: left), row: row, column: column, style: restyle(style))
            column += min(text.width, left)
            left -= text.width
        }
    }
}
