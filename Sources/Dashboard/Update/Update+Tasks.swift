import Foundation
import Polling
import Runs
import Screen

/// The table of a run's tasks, their output, and the related runs.
extension DashboardState {
    /// Opens the table of the visible run's tasks, at the failed one.
    mutating func openTasks(of view: RunView) -> [Effect] {
        let failed = view.tasks.tasks?.first { $0.status.isFailure && $0.status != .upstreamFailed }
        inner.append(.tasks(TasksView(run: view.run.id, cursor: TableCursor(selection: failed?.key))))
        arrangeTasks()
        return []
    }

    mutating func performOnTasks(_ intent: Intent) -> [Effect] {
        guard let view = shownTasks, let run = runBeneath else { return [] }
        let ids = view.rows.map(\.id)
        if let cursor = view.cursor.moved(intent, rows: ids, height: max(layout.jobRows.size.rows, 1)) {
            shownTasks?.cursor = cursor
            return []
        }
        let selected = view.cursor.selected(of: ids).flatMap { id in view.rows.first { $0.id == id } }
        switch (intent, selected) {
        case (.open, nil), (.copy, nil): notify("There is no task in the list.")
        case (.copy, .task(let row)): return copy(row.task?.key ?? row.name.plainText, called: "the task run key")
        case (.copy, .run(_, let key)): return copy(key, called: "the run key")
        case (.open, .task(let row)): return openOutput(of: row, in: run)
        case (.open, .run(_, let key)): return follow(key, from: run)
        default: break
        }
        return []
    }

    /// The run whose tasks or output are visible.
    var runBeneath: RunView? { inner.dropLast().last { $0.run != nil }?.run }

    private mutating func openOutput(of row: TaskTree.Row, in view: RunView) -> [Effect] {
        guard let task = row.task else {
            notify("This task has not run in this run.")
            return []
        }
        let id = TaskRunID(run: view.run.id, key: task.key)
        inner.append(.output(OutputView(of: task, id: id, jobName: view.run.jobName ?? view.run.job.key)))
        return [.poll(.inspect(.output(of: id)))]
    }

    /// Opens the run with a key: at once if it is on the board, otherwise when the service has answered.
    private mutating func follow(_ key: String, from view: RunView) -> [Effect] {
        for entry in board.entries.values {
            if let run = entry.runs.first(where: { $0.id.key == key }) { return open(run) }
        }
        shownTasks?.following = key
        notify("Asking for the run \(key).")
        return [.poll(.inspect(.named(key: key, by: view.run.id)))]
    }

    mutating func performOnOutput(_ intent: Intent) -> [Effect] {
        guard var view = shownOutput else { return [] }
        if intent == .nextView {
            guard view.showTryBefore() else {
                notify("No earlier try of this task is known.")
                return []
            }
            shownOutput = view
            if view.earlierTry == nil { notify("The newest try again.") }
            return [.poll(.inspect(view.inspection))]
        }
        guard intent == .rootCause else { return performOnReader(intent) }
        guard let cause = view.trace.rootCause else {
            notify("No line of this text names a cause.")
            return []
        }
        view.pager.left = 0
        view.pager.show(line: cause + view.document.traceStart, in: view.layout(in: layout.text.size))
        shownOutput = view
        return []
    }

    // MARK: Answers of the service

    mutating func take(_ result: InspectionResult, of inspection: Inspection, at moment: Date) -> [Effect] {
        switch (inspection, result) {
        case (.run(let run), .run(let details)):
            changeRuns(run) { ($0.details, $0.detailsFailure) = (details, nil) }
        case (.run(let run), .failed(let error)):
            changeRuns(run) { $0.detailsFailure = error.summary }
        case (.graph(let job), .graph(let nodes)):
            graphs[job] = nodes
        case (.output(let task, let earlierTry), .output(let output)):
            changeOutputs(task) { if $0.earlierTry == earlierTry { $0.take(output, at: moment) } }
        case (.output(let task, let earlierTry), .failed(let error)):
            changeOutputs(task) { if $0.earlierTry == earlierTry { $0.failure = error.summary } }
        case (.named(let key, let run), .run(let details)):
            guard shownTasks?.following == key, shownTasks?.run == run else { break }
            shownTasks?.following = nil
            notice = nil
            return openFollowed(details)
        case (.named(let key, _), .failed(let error)):
            guard shownTasks?.following == key else { break }
            shownTasks?.following = nil
            warn("The run \(key) cannot be opened: \(error.summary)")
        default: break
        }
        return []
    }

    private mutating func openFollowed(_ details: RunDetails) -> [Effect] {
        let isListed = board[details.run.job]?.runs.contains { $0.id == details.run.id } == true
        let effects = open(details.run)
        shownRun?.details = details
        if !isListed { shownRun?.standing = .olderThanListed }
        return effects
    }

    private mutating func changeRuns(_ run: RunID, _ change: (inout RunView) -> Void) {
        for depth in inner.indices {
            guard var view = inner[depth].run, view.run.id == run else { continue }
            change(&view)
            inner[depth].run = view
        }
    }

    private mutating func changeOutputs(_ task: TaskRunID, _ change: (inout OutputView) -> Void) {
        for depth in inner.indices {
            guard var view = inner[depth].output, view.id == task else { continue }
            change(&view)
            inner[depth].output = view
        }
    }

    /// Updates the open outputs from the tasks of a run.
    mutating func updateOutputs(of run: RunID, with tasks: [TaskRun]) {
        for task in tasks { changeOutputs(TaskRunID(run: run, key: task.key)) { $0.update(with: task) } }
    }

    /// Requests, once per cycle, the open outputs that may have changed.
    mutating func askForOutputs() -> [Effect] {
        var effects: [Effect] = []
        for depth in inner.indices {
            guard let view = inner[depth].output, view.needsOutput else { continue }
            inner[depth].output?.isOutdated = false
            effects.append(.poll(.inspect(view.inspection)))
        }
        return effects
    }

    // MARK: The rows

    /// Updates the rows of the table of tasks from the run beneath.
    mutating func arrangeTasks() {
        guard var view = shownTasks, let run = runBeneath else { return }
        let moment = run.tasksLastKnown(at: now)
        let tree = TaskTree(
            run.tasks.tasks ?? [], nodes: graphs[run.run.job] ?? [], glyphs: appearance.glyphs, at: moment)
        view.tree = tree
        view.rows = tree.rows.map { .task($0) }
        let parent = run.details?.parent
        if let parent { view.rows.append(.run(label: "parent run", key: parent)) }
        if let root = run.details?.root, root != parent { view.rows.append(.run(label: "root run", key: root)) }
        let ids = view.rows.map(\.id)
        view.cursor.follow(ids)
        view.cursor.scroll(height: max(layout.jobRows.size.rows, 1), count: ids.count)
        let kept = view.marked.intersection(view.rows.compactMap(\.taskKey))
        let dropped = view.marked.count - kept.count
        view.marked = kept
        shownTasks = view
        warnOfDroppedMarks(dropped)
    }

    /// The time until which the visible tasks are known to run.
    var tasksMoment: Date { runBeneath?.tasksLastKnown(at: now) ?? now }

    /// Why the table of tasks is empty, or why its last request failed.
    var tasksMessage: SafeText? {
        guard let list = runBeneath?.tasks else { return nil }
        if let failure = list.failure {
            return (list.tasks == nil ? "Not listed" : "Not refreshed") + ": \(failure)"
        }
        guard shownTasks?.rows.isEmpty == true else { return nil }
        return list.tasks == nil ? "Asking the service for the tasks." : "The service lists no tasks of this run."
    }
}
