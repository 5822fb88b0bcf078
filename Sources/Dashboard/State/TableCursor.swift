/// Which row of a table is selected, and which rows are in sight. The selection follows its row when rows move.
struct TableCursor<ID: Hashable & Sendable>: Hashable, Sendable {
    private(set) var selection: ID?
    /// The number of the selected row.
    private(set) var index = 0
    /// The first row in sight.
    private(set) var top = 0

    init(selection: ID? = nil) { self.selection = selection }

    /// Follows the rows after a change: the selection moves with its row; when that is gone, the row in its place is
    /// selected. A table without rows keeps the selection for when they come back, see ``selected(of:)``.
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

    /// What is selected among the rows; `nil` when they are none: a key acts on what is on the screen only.
    func selected(of rows: [ID]) -> ID? { rows.indices.contains(index) && rows[index] == selection ? selection : nil }

    /// Brings the selection in sight of a table `height` rows high, by the smallest move.
    mutating func scroll(height: Int, count: Int) {
        guard height > 0 else { return }
        top = min(max(top, index - height + 1), index)
        top = max(min(top, count - height), 0)
    }
}
