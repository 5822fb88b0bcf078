import Runs
import Screen

extension DashboardState {
    /// Draws the columns to sort by, by their titles, in a box over the table.
    func drawSortMenu(picked: Int, on canvas: inout Canvas) {
        let theme = appearance.theme
        let box = appearance.glyphs.box
        let choices = sortChoices
        let width = max(choices.map(\.width).max() ?? 0, 8) + 4
        let height = min(choices.count + 2, size.rows)
        let (top, left) = ((size.rows - height) / 2, max((size.columns - width) / 2, 0))
        let first = max(picked - (height - 3), 0)
        let side = { (left: SafeText, right: SafeText) in
            left + (0..<width - 2).reduce("" as SafeText) { line, _ in line + box.horizontal } + right
        }
        let frame = theme.style(.frame)
        canvas.write(side(box.corners[0], box.corners[1]), row: top, column: left, style: frame)
        canvas.write(" sort by ", row: top, column: left + 1, width: width - 2, style: theme.style(.title))
        canvas.write(side(box.corners[3], box.corners[2]), row: top + height - 1, column: left, style: frame)
        for (row, index) in zip(top + 1..<max(top + height - 1, top + 1), first..<choices.count) {
            let style = index == picked ? theme.selected(theme.style(.title)) : theme.style(.text)
            canvas.write(box.vertical, row: row, column: left, style: frame)
            canvas.write(box.vertical, row: row, column: left + width - 1, style: frame)
            canvas.fill(row: row, columns: left + 1..<left + width - 1, style: style)
            let mark = index == picked ? appearance.glyphs.selected + " " : "  "
            canvas.write(mark + choices[index], row: row, column: left + 1, width: width - 2, style: style)
        }
    }
}

/// A column to sort by.
protocol TitledSortKey {
    /// What the column is called: its title, where it has one.
    var title: SafeText { get }
    /// Whether the smallest, the earliest or A stands first when the order is not reversed.
    var isAscending: Bool { get }
}

extension JobSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .worst: "worst"
        case .status: "STATUS"
        case .name: "JOB"
        case .started: "STARTED"
        case .duration: "TIME"
        case .ratio: "VS"
        case .trigger: "TRIGGER"
        case .who: "WHO"
        }
    }

    var isAscending: Bool {
        switch self {
        case .name, .trigger, .who: true
        case .worst, .status, .started, .duration, .ratio: false
        }
    }
}

extension RunSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .created: "CREATED"
        case .status: "STATUS"
        case .duration: "TIME"
        case .wait: "WAIT"
        case .trigger: "TRIGGER"
        case .who: "WHO"
        }
    }

    var isAscending: Bool {
        switch self {
        case .trigger, .who: true
        case .created, .status, .duration, .wait: false
        }
    }
}

extension Order where SortKey: TitledSortKey {
    /// Whether the first row has the smallest value.
    var isAscending: Bool { key.isAscending != isReversed }
}
