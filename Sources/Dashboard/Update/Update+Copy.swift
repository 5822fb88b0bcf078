import Runs
import Screen

/// The menu of items to copy from the visible job or run.
extension DashboardState {
    /// The subject of a key that copies: the selected row or the visible page; `nil`, with a message, if there is none.
    mutating func subjectOfCopy() -> CopySubject? {
        switch context {
        case .jobs:
            if let entry = selectedJob { return CopySubject(entry, at: now) }
            notify(board.isEmpty ? "There is no job in the list." : noMatchMessage)
        case .runs:
            guard let view = shownRuns else { return nil }
            let key = view.cursor.selected(of: view.rows)
            if let entry = board[view.job], let run = entry.runs.first(where: { $0.id == key }) {
                return CopySubject(run, of: entry)
            }
            notify("There is no run in the list.")
        case .job:
            return shownJob.map { CopySubject(board[$0.page.job] ?? $0.page.entry, at: now) }
        case .run:
            return shownRun.map { CopySubject($0.run, of: board[$0.run.job]) }
        case .tasks, .output:
            guard let run = runBeneath?.run else { return nil }
            var subject = CopySubject(run, of: board[run.job])
            subject.task = selectedTask
            return subject
        case .help, .journal, .command, .causes: break
        }
        return nil
    }

    /// The task selected in the table of tasks, or whose output is visible; `nil` if it has not run.
    var selectedTask: TaskRun? {
        if let output = shownOutput { return output.task }
        guard let view = shownTasks else { return nil }
        let id = view.cursor.selected(of: view.rows.map(\.id))
        guard case .task(let row)? = view.rows.first(where: { $0.id == id }) else { return nil }
        return row.task
    }

    mutating func openCopyMenu() {
        guard let subject = subjectOfCopy() else { return }
        overlay = .copyMenu(CopyMenu(subject: subject, items: subject.items(calls)))
    }

    /// Handles a key in the menu: a letter copies its item, Enter the selected item.
    mutating func editCopyMenu(_ menu: CopyMenu, with key: Key) -> [Effect] {
        if case .character(let letter) = key, let item = menu.items.first(where: { $0.letter == letter }) {
            return copy(item, of: menu.subject)
        }
        switch MenuStep(key, keymap.intent(for: key, in: context), from: menu.picked, of: menu.items.count) {
        case .picks: return copy(menu.items[menu.picked], of: menu.subject)
        case .closes: overlay = nil
        case .moves(let picked):
            var menu = menu
            menu.picked = picked
            overlay = .copyMenu(menu)
        case .nothing: break
        }
        return []
    }

    private mutating func copy(_ item: CopyItem, of subject: CopySubject) -> [Effect] {
        overlay = nil
        if item == .trace, subject.run?.errorTrace.map({ $0.utf8.count > Self.mostCopied }) == true {
            warn("Too long for the clipboard; open the run, and mark lines with v or save it to a file.")
            return []
        }
        let ticket = { Ticket(of: subject, place: place, outage: poller.outage, at: now).text }
        guard let text = subject.text(of: item, calls, ticket: ticket) else { return [] }
        return [.copy(text, what: "the " + item.name(of: subject))]
    }
}
