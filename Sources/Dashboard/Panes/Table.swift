import Runs
import Screen

/// A column of a table: its title, how wide it should be, and what it shows of a row.
struct Column<Row, SortKey> {
    let title: SafeText
    /// The least width that still says something.
    let minimum: Int
    /// The width below which another column is left out instead.
    let comfortable: Int
    /// The width beyond which more is of no use.
    let ideal: Int
    /// The order in which columns are left out on a narrow screen: the highest goes first, 0 stays.
    let givesWay: Int
    /// The order in which columns grow where there is room; by default the most important grow first.
    var grows: Int?
    var alignment: Canvas.Alignment = .leading
    /// The sort key that the title shows the direction of.
    var sortKey: SortKey?
    /// What a row shows in a field of some width.
    let cell: (Row, Int) -> StyledText
}

/// A column that is shown, and where.
struct PlacedColumn<Row, SortKey> {
    let column: Column<Row, SortKey>
    let start: Int
    let width: Int
}

/// Divides the width of a screen among columns, with a space between them.
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

/// A row of a table, and what its marks say.
struct TableRow<Value> {
    let value: Value
    let isSelected: Bool
    /// Whether the newest attempt to refresh it failed.
    let isStale: Bool
    /// Whether it is shown as it was last seen: no answer contains it any more.
    let isLastSeen: Bool
    /// Whether the operator has marked it.
    var isMarked = false
}

/// A table: the titles of its columns, and rows with marks before them.
struct Table<Row, SortKey: TitledSortKey> {
    /// The columns of the screen before the cells: the mark of the selection, and that of a row that is not current.
    private static var marks: Int { 2 }

    let columns: [Column<Row, SortKey>]
    let order: Order<SortKey>
    let appearance: Appearance

    /// Draws the rows in sight, and the titles where there is a part of the screen for them.
    func draw(_ rows: [TableRow<Row>], in area: Rectangle, titles: Rectangle?, on canvas: inout Canvas) {
        let placed = TableLayout.place(columns, in: area.columns.dropFirst(Self.marks))
        if let titles { draw(titlesOf: placed, in: titles, on: &canvas) }
        for (number, row) in zip(area.rows, rows) {
            draw(row, placed, in: Rectangle(rows: number..<number + 1, columns: area.columns), on: &canvas)
        }
    }

    /// The column sorted by has an arrow: up where the smallest, the earliest or A stands first, down where the largest
    /// or the newest does.
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

/// The line above the runs of a job: its name, why it is late, and which run is selected where not all are in sight.
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
    /// What the column is called: its title, where it has one.
    var title: SafeText { get }
    /// Whether the smallest, the earliest or A stands first when the order is not reversed.
    var isAscending: Bool { get }
}

extension Order where SortKey: TitledSortKey {
    /// Whether the first row has the smallest value.
    var isAscending: Bool { key.isAscending != isReversed }
}

/// A text in one style.
typealias Span = (text: SafeText, style: Style)

/// A text in several styles: what a cell of a table holds.
struct StyledText {
    private(set) var spans: [Span]

    init(_ text: SafeText, _ style: Style) { spans = [(text, style)] }

    init(_ spans: [Span]) { self.spans = spans }

    /// Spans with a separator between each two.
    init(_ spans: [Span], separator: Span) {
        self.spans = Array(spans.map { [$0] }.joined(separator: [separator]))
    }

    var width: Int { spans.reduce(0) { $0 + $1.text.width } }
}

extension Canvas {
    /// Writes spans one after another into a field; what does not fit is cut.
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
