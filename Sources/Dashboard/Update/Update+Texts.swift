import Polling
import Runs
import Screen

/// What the keys do on a run and on the help: both are a text in a pager.
extension DashboardState {
    mutating func performOnRun(_ intent: Intent) -> [Effect] {
        guard let view = shownRun else { return [] }
        switch intent {
        case .rootCause:
            showRootCause()
        case .tasks:
            shownRun?.target = .tasks
        case .open where view.pager.marking == nil:
            return openTasks(of: view)
        case .nextView:
            return openOlderRun(than: view)
        default:
            return performOnReader(intent)
        }
        return []
    }

    mutating func performOnHelp(_ intent: Intent) -> [Effect] {
        guard let view = shownHelp else { return [] }
        if intent == .help {
            inner.removeLast()
        } else {
            let text = view.layout(in: layout.text.size)
            shownHelp?.pager.move(intent, in: text)
        }
        return []
    }

    /// Opens a run and asks for its tasks.
    mutating func open(_ run: JobRun, atRootCause: Bool = false) -> [Effect] {
        let entry = board[run.job]
        let isListed = entry?.lastSeen.contains(run.id) != true
        var view = RunView(run: run, lastSeen: isListed ? entry?.freshness.lastAnswer : nil)
        if !isListed { view.standing = .olderThanListed }
        inner.append(.run(view))
        if atRootCause { showRootCause() }
        return [.poll(.listTasks(of: run.id))]
    }

    /// Shows the line that names the cause, or says that there is none. The tasks come later and take rows above it:
    /// the screen stays on the line until the operator scrolls.
    private mutating func showRootCause() {
        guard let text = shownRun?.text, text.isBeingRead || !text.trace.lines.isEmpty else {
            return notify("This run has no error trace.")
        }
        shownRun?.target = .rootCause
        shownRun?.pager.left = 0
        if !text.isBeingRead, text.trace.rootCause == nil {
            notify("No line of the trace names a cause; this is its end.")
        }
    }

    private mutating func openOlderRun(than view: RunView) -> [Effect] {
        let runs = board[view.run.job]?.runs ?? []
        guard let index = runs.firstIndex(where: { $0.id == view.run.id }), index + 1 < runs.count else {
            notify("This is the oldest known run.")
            return []
        }
        inner.removeLast()
        return open(runs[index + 1])
    }

    /// Asks for the tasks of the run that is shown.
    func askForTasksAgain() -> [Effect] {
        if let output = shownOutput { return [.poll(.inspect(output.inspection))] }
        guard let run = shownRun?.run.id ?? shownTasks?.run else { return [] }
        return [.poll(.listTasks(of: run))]
    }
}

extension RunView {
    /// What `y` copies and `s` saves, and what it is called: the lines of the trace, else of the message, else the run's
    /// key. It is what the screen shows: the text as the service sent it may hold escape sequences, which a paste would
    /// type into a shell.
    var takenText: (text: LongText, name: SafeText) {
        let message = LongText(run.stateMessage ?? "")
        for (lines, name) in [(trace.lines, "the trace"), (message, "the state message")] as [(LongText, SafeText)]
        where !lines.isEmpty {
            let count: SafeText = lines.numberedLines == 1 ? "1 line" : "\(lines.numberedLines) lines"
            return (lines, "\(name) (\(count))")
        }
        return (LongText(SafeText(run.id.key).plainText), "the run key")
    }

    /// The trace, else the message, as the service sent it; `nil` where it sent neither.
    var rawText: String? { [run.errorTrace, run.stateMessage].lazy.compactMap(\.self).first { !$0.isEmpty } }

    /// A name for the file to save to: of the job's name and the run's key.
    var fileName: String { FileName.of([run.jobName ?? run.job.key, run.id.key]) }
}
