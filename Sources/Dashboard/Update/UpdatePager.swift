import Runs
import Screen

extension DashboardState {
    mutating func performOnRun(_ intent: Intent, _ view: RunView) -> [Effect] {
        var view = view
        var effects: [Effect] = []
        let document = RunDocument(of: view, in: self)
        switch intent {
        case .rootCause:
            showRootCause(in: &view)
        case .tasks:
            view.target = .tasks
        case .search:
            overlay = .search(LineEditor(history: typed.searches))
        case .searchNext, .searchPrevious:
            view.target = nil
            find(backwards: intent == .searchPrevious, in: &view.pager, layout(document, view.pager))
        case .copy:
            let shown = view.shownText
            effects = [.copy(shown.text, what: shown.name)]
        case .save:
            overlay = .save(LineEditor(view.fileName))
        case .nextView:
            return openOlderRun(than: view)
        default:
            let before = view.pager.top
            move(&view.pager, intent, in: layout(document, view.pager))
            if view.pager.top != before { view.target = nil }
        }
        inner[inner.count - 1] = .run(view)
        return effects
    }

    mutating func performOnHelp(_ intent: Intent, _ view: HelpView) -> [Effect] {
        var view = view
        if intent == .help {
            inner.removeLast()
            return []
        }
        let lines = HelpDocument(of: view.context, in: self).lines.map(\.text)
        move(&view.pager, intent, in: PagerLayout(lines: lines, size: pagerSize, wraps: view.pager.wraps))
        inner[inner.count - 1] = .help(view)
        return []
    }

    private func move(_ pager: inout Pager, _ intent: Intent, in layout: PagerLayout) {
        let page = max(layout.size.rows - 1, 1)
        switch intent {
        case .up: pager.scroll(by: -1, in: layout)
        case .down: pager.scroll(by: 1, in: layout)
        case .pageUp: pager.scroll(by: -page, in: layout)
        case .pageDown: pager.scroll(by: page, in: layout)
        case .halfPageUp: pager.scroll(by: -max(page / 2, 1), in: layout)
        case .halfPageDown: pager.scroll(by: max(page / 2, 1), in: layout)
        case .top: pager.top = Pager.Position()
        case .bottom: pager.top = layout.lastTop
        case .left: pager.left = max(pager.left - layout.size.columns / 2, 0)
        case .right: pager.left = min(pager.left + layout.size.columns / 2, layout.lastLeft)
        case .lineStart: pager.left = 0
        case .lineEnd: pager.left = layout.lastLeft
        case .wrap:
            pager.wraps.toggle()
            pager.left = 0
            pager.top.row = 0
        default: break
        }
    }

    /// Goes to another match, and says when there is none or when the search wrapped.
    mutating func find(backwards: Bool, in pager: inout Pager, _ layout: PagerLayout) {
        guard !pager.needle.isEmpty else {
            return say("No search yet: press \(keymap.keys(for: .search).first?.name ?? "/")")
        }
        switch pager.findNext(backwards: backwards, in: layout) {
        case nil: warn("“\(pager.needle)” is not in this text.")
        case true?: say(backwards ? "Wrapped to the end." : "Wrapped to the top.")
        case false?: break
        }
    }

    private mutating func openOlderRun(than view: RunView) -> [Effect] {
        let runs = board[view.run.job]?.runs ?? []
        guard let index = runs.firstIndex(where: { $0.id == view.run.id }), index + 1 < runs.count else {
            say("This is the oldest known run.")
            return []
        }
        inner.removeLast()
        return open(runs[index + 1])
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
            return (lines.map(\.description).joined(separator: "\n"), "\(name) (\(count))")
        }
        return (SafeText(run.id.key).description, "the run key")
    }

    /// The trace, else the message, byte for byte as the service sent it; `nil` where it sent neither.
    var rawText: String? { [run.errorTrace, run.stateMessage].lazy.compactMap(\.self).first { !$0.isEmpty } }

    /// A name for the file to save to: letters, digits, `-`, `_` and `.` of the job's name, and the run's.
    var fileName: String {
        func plain(_ text: String) -> String {
            String(text.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
        }
        return "runtop-\(plain(run.jobName ?? run.job.key))-\(plain(run.id.key)).txt"
    }
}
