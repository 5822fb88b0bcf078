/// Which row of a table is selected, and which rows are in sight. It follows what is selected, not its row number.
struct TableCursor<ID: Hashable & Sendable>: Hashable, Sendable {
    private(set) var selection: ID?
    /// Where the selection stands among the rows.
    private(set) var index = 0
    /// The first row in sight.
    private(set) var top = 0

    init(selection: ID? = nil) { self.selection = selection }

    /// Takes the rows after a change: the selection moves with its row; when that is gone, what stands in its place
    /// is selected.
    mutating func follow(_ rows: [ID]) {
        guard !rows.isEmpty else {
            index = 0
            return
        }
        if let selection, let found = rows.firstIndex(of: selection) {
            index = found
        } else {
            select(min(index, rows.count - 1), of: rows)
        }
    }

    /// Selects a row by its number, kept within the table.
    mutating func select(_ row: Int, of rows: [ID]) {
        guard !rows.isEmpty else { return }
        index = min(max(row, 0), rows.count - 1)
        selection = rows[index]
    }

    mutating func move(by distance: Int, of rows: [ID]) { select(index + distance, of: rows) }

    /// Brings the selection in sight of a table `height` rows high, moving as little as will do.
    mutating func scroll(height: Int, count: Int) {
        guard height > 0 else { return }
        top = min(max(top, index - height + 1), index)
        top = max(min(top, count - height), 0)
    }
}
