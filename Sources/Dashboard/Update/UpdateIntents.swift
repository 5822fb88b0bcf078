import Polling
import Runs
import Screen

extension DashboardState {
    /// Does what a key stands for on the screen that is shown.
    mutating func perform(_ intent: Intent) -> [Effect] {
        if let effects = performAnywhere(intent) { return effects }
        switch inner.last {
        case nil: return performOnJobs(intent)
        case .runs(let view): return performOnRuns(intent, view)
        case .run(let view): return performOnRun(intent, view)
        case .help(let view): return performOnHelp(intent, view)
        }
    }

    /// Does what is the same on every screen; `nil` for an intent that depends on the screen.
    private mutating func performAnywhere(_ intent: Intent) -> [Effect]? {
        switch intent {
        case .quit:
            guard inner.popLast() != nil else { return [.quit] }
        case .back where !inner.isEmpty:
            inner.removeLast()
        case .help where context != .help:
            inner.append(.help(HelpView(context: context)))
        case .palette:
            overlay = .command(LineEditor(history: typed.commands))
        case .redraw:
            return [.redraw]
        case .suspend:
            return [.suspend]
        case .pause:
            return [.poll(poller.togglePause())]
        case .refresh:
            return [.poll(.refreshNow)] + askForTasksAgain()
        case .faster, .slower:
            return setInterval(poller.interval.stepped(intent == .faster ? .down : .up))
        default:
            return nil
        }
        needsArranging = true
        return []
    }

    mutating func setInterval(_ interval: PollingInterval) -> [Effect] {
        poller.interval = interval
        say("Polling every \(interval.description).")
        return [.poll(.setInterval(interval))]
    }

    private func askForTasksAgain() -> [Effect] {
        guard case .run(let view) = inner.last else { return [] }
        return [.poll(.listTasks(of: view.run.id))]
    }

    /// Asks once a cycle for the tasks of the open runs that may have changed, or whose last request failed.
    mutating func askForTasks(after event: PollEvent) -> [Effect] {
        guard case .cycleEnded = event else { return [] }
        var effects: [Effect] = []
        for (depth, inner) in inner.enumerated() {
            guard case .run(var view) = inner, view.needsTasks else { continue }
            view.tasks.isOutdated = false
            self.inner[depth] = .run(view)
            effects.append(.poll(.listTasks(of: view.run.id)))
        }
        return effects
    }

    /// The cursor after a movement; `nil` for an intent that is not a movement.
    func moved<ID>(_ cursor: TableCursor<ID>, _ intent: Intent, rows: [ID], height: Int) -> TableCursor<ID>? {
        var cursor = cursor
        switch intent {
        case .up: cursor.move(by: -1, of: rows)
        case .down: cursor.move(by: 1, of: rows)
        case .pageUp: cursor.move(by: -max(height, 1), of: rows)
        case .pageDown: cursor.move(by: max(height, 1), of: rows)
        case .halfPageUp: cursor.move(by: -max(height / 2, 1), of: rows)
        case .halfPageDown: cursor.move(by: max(height / 2, 1), of: rows)
        case .top: cursor.select(0, of: rows)
        case .bottom: cursor.select(rows.count - 1, of: rows)
        default: return nil
        }
        return cursor
    }

    /// Opens a run and asks for its tasks.
    mutating func open(_ run: JobRun, atRootCause: Bool = false) -> [Effect] {
        let entry = board[run.job]
        let isListed = entry?.lastSeen.contains(run.id) != true
        var view = RunView(run: run, lastSeen: isListed ? entry?.freshness.lastAnswer : nil)
        if !isListed { view.standing = .olderThanListed }
        if atRootCause { showRootCause(in: &view) }
        inner.append(.run(view))
        return [.poll(.listTasks(of: run.id))]
    }

    /// Shows the line that names the cause, or says that there is none. The tasks come later and take rows above it:
    /// the screen stays on the line until the operator scrolls.
    mutating func showRootCause(in view: inout RunView) {
        guard !view.trace.lines.isEmpty else { return say("This run has no error trace.") }
        view.target = .rootCause
        view.pager.left = 0
        if view.trace.rootCause == nil { say("No line of the trace names a cause; this is its end.") }
    }

    /// Keeps the open run's text on its target, and always within its lines.
    mutating func arrangeOpenRun() {
        guard case .run(var view) = inner.last else { return }
        let document = RunDocument(of: view, in: self)
        let layout = layout(document, view.pager)
        switch view.target {
        case .rootCause: view.pager.show(line: document.rootCauseLine ?? document.lines.count - 1, in: layout)
        case .tasks: view.pager.show(line: document.tasksStart + 2, in: layout)
        case nil: view.pager.clamp(to: layout)
        }
        inner[inner.count - 1] = .run(view)
    }

    func layout(_ document: RunDocument, _ pager: Pager) -> PagerLayout {
        PagerLayout(document.lines, size: pagerSize, wraps: pager.wraps)
    }
}
