import Foundation
import Runs
import Screen

/// The table of causes: its keys, rows and drawing.
extension DashboardState {
    mutating func performOnCauses(_ intent: Intent) -> [Effect] {
        guard let view = shownCauses else { return [] }
        let ids = view.rows.map(\.id)
        if let cursor = view.cursor.moved(intent, rows: ids, height: jobsTableHeight) {
            shownCauses?.cursor = cursor
            return []
        }
        needsSorting = true
        switch intent {
        case .filter:
            overlay = .filter(LineEditor(view.filter, history: typed.filters), before: view.filter)
        case .sort:
            overlay = .sortMenu(picked: CauseSortKey.allCases.firstIndex(of: view.order.key) ?? 0)
        case .reverse:
            shownCauses?.order.isReversed.toggle()
        case .open, .copy:
            guard let group = view.selected else {
                notify("There is no cause in the list.")
                return []
            }
            if intent == .copy { return [.copy(SafeText(group.text).plainText, what: "the cause")] }
            openJobs(of: group, from: view)
        default:
            break
        }
        return []
    }

    mutating func openCauses() {
        inner.append(.causes(CausesView()))
        needsSorting = true
    }

    /// Opens the table of jobs with the jobs that are broken with a cause, or, if none are, with those that were.
    private mutating func openJobs(of group: CauseGroup, from view: CausesView) {
        jobs.openedFrom = CausesReturn(
            view: view, filter: jobs.filter, cursor: jobs.cursor, isSettled: jobs.isSettled)
        let past = group.broken.isEmpty ? group.jobs : group.broken
        jobs.filter = JobFilter(cause: JobFilter.OfCause(signature: group.signature, jobs: past))
        jobs.cursor = TableCursor()
        jobs.isSettled = false
        inner.removeAll()
    }

    /// Returns from the jobs of a cause to the causes; `false` if they were not opened from there.
    mutating func returnToCauses() -> Bool {
        guard let before = jobs.openedFrom, jobs.filter.cause != nil else { return false }
        (jobs.filter, jobs.cursor, jobs.isSettled) = (before.filter, before.cursor, before.isSettled)
        jobs.openedFrom = nil
        inner = [.causes(before.view)]
        return true
    }

    /// Sets the filter of the visible table.
    mutating func setFilter(_ text: String) {
        if shownCauses != nil { shownCauses?.filter = text } else { jobs.filter.text = text }
    }

    mutating func arrangeCauses(boardHasChanged: Bool) {
        for depth in inner.indices {
            guard var view = inner[depth].causes else { continue }
            view.arrange(board, hasChanged: boardHasChanged, signatures: &signatures)
            inner[depth].causes = view
        }
    }

    /// Scrolls to the selection, and finds out whether the failures of the visible jobs are new.
    mutating func arrangeCausesInSight() {
        if var view = shownCauses {
            view.cursor.scroll(height: jobsTableHeight, count: view.rows.count)
            shownCauses = view
        }
        guard inner.isEmpty else { return }
        let inSight = jobs.rows.dropFirst(jobs.cursor.top).prefix(jobsTableHeight).compactMap { board[$0] }
        recurrences.update(with: inSight, signatures: &signatures)
    }

    func drawCauses(_ view: CausesView, _ cells: Cells, on canvas: inout Canvas) {
        let area = layout.jobRows
        let rows = view.rows.dropFirst(view.cursor.top).prefix(area.size.rows)
        // A cause has at most 300 characters, so no column needs to be wider.
        Table(columns: cells.causeColumns(widest: 300), order: view.order, appearance: appearance)
            .draw(
                rows.map {
                    TableRow(
                        value: $0, isSelected: $0.id == view.cursor.selection, isStale: false, isLastSeen: false)
                }, in: area, titles: layout.titles, on: &canvas)
        guard view.rows.isEmpty else { return }
        let message: SafeText =
            view.filter.isEmpty
            ? "No failure with a known cause. Esc goes back." : "No cause matches. Esc goes back."
        canvas.write(
            message, row: area.top, column: area.left + 2, width: max(area.size.columns - 2, 0),
            style: appearance.theme.style(.quiet))
    }
}
