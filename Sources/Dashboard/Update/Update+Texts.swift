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
        case .search:
            overlay = .search(LineEditor(history: typed.searches))
        case .searchNext, .searchPrevious:
            find(backwards: intent == .searchPrevious)
        case .copy:
            let shown = view.shownText
            return [.copy(shown.text, what: shown.name)]
        case .save:
            overlay = .save(LineEditor(view.fileName))
        case .nextView:
            return openOlderRun(than: view)
        default:
            var pager = view.pager
            pager.move(intent, in: view.layout(in: layout.text.size))
            if pager.top != view.pager.top { shownRun?.target = nil }
            shownRun?.pager = pager
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

    /// Goes to another match, and says when there is none or when the search wrapped.
    mutating func find(backwards: Bool) {
        guard var view = shownRun else { return }
        view.target = nil
        let found = view.pager.findNext(backwards: backwards, in: view.layout(in: layout.text.size))
        shownRun = view
        if view.pager.needle.isEmpty {
            notify("No search yet: press \(keymap.keys(for: .search).first?.name ?? "/")")
        } else if let wrapped = found {
            if wrapped { notify(backwards ? "Wrapped to the end." : "Wrapped to the top.") }
        } else {
            warn("“\(view.pager.needle)” is not in this text.")
        }
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
        guard let trace = shownRun?.trace, !trace.lines.isEmpty else { return notify("This run has no error trace.") }
        shownRun?.target = .rootCause
        shownRun?.pager.left = 0
        if trace.rootCause == nil { notify("No line of the trace names a cause; this is its end.") }
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
        guard let view = shownRun else { return [] }
        return [.poll(.listTasks(of: view.run.id))]
    }
}

extension Pager {
    /// Moves as a key says; an intent that is not a movement does nothing.
    mutating func move(_ intent: Intent, in layout: PagerLayout) {
        let page = max(layout.size.rows - 1, 1)
        switch intent {
        case .up: scroll(by: -1, in: layout)
        case .down: scroll(by: 1, in: layout)
        case .pageUp: scroll(by: -page, in: layout)
        case .pageDown: scroll(by: page, in: layout)
        case .halfPageUp: scroll(by: -max(page / 2, 1), in: layout)
        case .halfPageDown: scroll(by: max(page / 2, 1), in: layout)
        case .top: top = Position()
        case .bottom: top = layout.lastTop
        case .left: left = max(left - layout.size.columns / 2, 0)
        case .right: left = min(left + layout.size.columns / 2, layout.lastLeft)
        case .lineStart: left = 0
        case .lineEnd: left = layout.lastLeft
        case .wrap:
            wraps.toggle()
            left = 0
            top.row = 0
        default: break
        }
    }
}

extension RunView {
    /// What `y` copies and `s` saves, and what it is called: the lines of the trace, else of the message, else the run's
    /// key. It is what the screen shows: the text as the service sent it may hold escape sequences, which a paste would
    /// type into a shell.
    var shownText: (text: String, name: SafeText) {
        let message = SafeText.lines(ofTerminalOutput: run.stateMessage ?? "")
        for (lines, name) in [(trace.lines, "the trace"), (message, "the state message")] as [([SafeText], SafeText)]
        where !lines.isEmpty {
            let count: SafeText = lines.count == 1 ? "1 line" : "\(lines.count) lines"
            return (lines.map(\.plainText).joined(separator: "\n"), "\(name) (\(count))")
        }
        return (SafeText(run.id.key).plainText, "the run key")
    }

    /// The trace, else the message, as the service sent it; `nil` where it sent neither.
    var rawText: String? { [run.errorTrace, run.stateMessage].lazy.compactMap(\.self).first { !$0.isEmpty } }

    /// A name for the file to save to: letters, digits, `-`, `_` and `.` of the job's name, and the run's.
    var fileName: String {
        func plain(_ text: String) -> String {
            String(text.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
        }
        return "runtop-\(plain(run.jobName ?? run.job.key))-\(plain(run.id.key)).txt"
    }
}
