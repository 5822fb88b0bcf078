import Polling
import Runs
import Screen

extension DashboardState {
    /// Does what a key asked for, on the screen that has the keys.
    mutating func perform(_ intent: Intent) -> [Effect] {
        if let effects = performAnywhere(intent) { return effects }
        switch inner.last {
        case nil: return performOnJobs(intent)
        case .runs(let view): return performOnRuns(intent, view)
        case .run(let view): return performOnRun(intent, view)
        case .help(let view): return performOnHelp(intent, view)
        }
    }

    /// What means the same on every screen; `nil` for the rest.
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
            return [.poll(poller.isPaused ? .resume : .pause)]
        case .refresh:
            return [.poll(.refreshNow)] + askForTasksAgain()
        case .faster, .slower:
            return setInterval(PollingInterval(poller.interval).stepped(intent == .faster ? .down : .up).duration)
        default:
            return nil
        }
        needsArranging = true
        return []
    }

    mutating func setInterval(_ interval: Duration) -> [Effect] {
        poller.interval = PollingInterval(interval).duration
        say("Polling every \(PollingInterval(interval).description).")
        return [.poll(.setInterval(poller.interval))]
    }

    private func askForTasksAgain() -> [Effect] {
        guard case .run(let view) = inner.last else { return [] }
        return [.poll(.listTasks(of: view.run.key))]
    }

    /// The cursor after a movement; `nil` for an intent that is none.
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
        var view = RunView(run: run)
        if atRootCause { showRootCause(in: &view) }
        inner.append(.run(view))
        return [.poll(.listTasks(of: run.key))]
    }

    /// Scrolls to the line that names the cause, or says that there is none.
    mutating func showRootCause(in view: inout RunView) {
        let document = RunDocument(of: view, in: self)
        if let line = document.rootCauseLine {
            view.pager.left = 0
            view.pager.show(line: line, in: layout(document, view.pager))
        } else if view.trace.lines.isEmpty {
            say("This run has no error trace.")
        } else {
            view.pager.show(line: document.lines.count - 1, in: layout(document, view.pager))
            say("No line of the trace names a cause; this is its end.")
        }
    }

    func layout(_ document: RunDocument, _ pager: Pager) -> PagerLayout {
        PagerLayout(lines: document.lines.map(\.text), size: pagerSize, wraps: pager.wraps)
    }
}
