import Polling
import Runs
import Screen

/// The keys on a run and on the help, both of which are texts in a pager.
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

    /// Opens a run and requests its tasks.
    mutating func open(_ run: JobRun, atRootCause: Bool = false) -> [Effect] {
        let entry = board[run.job]
        let isListed = entry?.lastSeen.contains(run.id) != true
        var view = RunView(run: run, lastSeen: isListed ? entry?.freshness.lastAnswer : nil)
        if !isListed { view.standing = .olderThanListed }
        inner.append(.run(view))
        if atRootCause { showRootCause() }
        return [.poll(.listTasks(of: run.id))]
    }

    /// Goes to the line that names the cause, or says that there is none. The tasks arrive later and add rows above it: the
    /// screen stays on the line until the user scrolls.
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

    /// Requests the tasks of the visible run again.
    func askForTasksAgain() -> [Effect] {
        if let output = shownOutput { return [.poll(.inspect(output.inspection))] }
        guard let run = shownRun?.run.id ?? shownTasks?.run else { return [] }
        return [.poll(.listTasks(of: run))]
    }
}

extension RunView {
    /// The text for `y` (copy) and `s` (save), with its name: the trace, or else the message, or else the run's key. It is
    /// the text as shown: the original may contain escape sequences, which a paste would type into a shell.
    var takenText: (text: LongText, name: SafeText) {
        let message = LongText(run.stateMessage ?? "")
        for (lines, name) in [(trace.lines, "the trace"), (message, "the state message")] as [(LongText, SafeText)]
        where !lines.isEmpty {
            let count: SafeText = lines.numberedLines == 1 ? "1 line" : "\(lines.numberedLines) lines"
            return (lines, "\(name) (\(count))")
        }
        return (LongText(SafeText(run.id.key).plainText), "the run key")
    }

    /// The original trace, or else the original message; `nil` if the service sent neither.
    var rawText: String? { [run.errorTrace, run.stateMessage].lazy.compactMap(\.self).first { !$0.isEmpty } }

    /// The default name of the file to save, from the job's name and the run's key.
    var fileName: String { FileName.of([run.jobName ?? run.job.key, run.id.key]) }
}
