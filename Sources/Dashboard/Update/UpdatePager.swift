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
            view.pager.show(line: document.tasksStart + 2, in: layout(document, view.pager))
        case .search:
            overlay = .search(LineEditor(history: typed.searches))
        case .searchNext, .searchPrevious:
            find(backwards: intent == .searchPrevious, in: &view.pager, layout(document, view.pager))
        case .copy:
            effects = [.copy(view.textToTake)]
        case .save:
            overlay = .save(LineEditor(view.fileName))
        case .nextView:
            return openOlderRun(than: view)
        default:
            move(&view.pager, intent, in: layout(document, view.pager))
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
        case .right: pager.left = min(pager.left + layout.size.columns / 2, lastLeft(of: layout))
        case .lineStart: pager.left = 0
        case .lineEnd: pager.left = lastLeft(of: layout)
        case .wrap:
            pager.wraps.toggle()
            pager.left = 0
            pager.top.row = 0
        default: break
        }
    }

    private func lastLeft(of layout: PagerLayout) -> Int {
        layout.wraps ? 0 : max(layout.longestLine - layout.size.columns, 0)
    }

    /// Goes to another match, and says when there is none or the search went round.
    mutating func find(backwards: Bool, in pager: inout Pager, _ layout: PagerLayout) {
        guard !pager.needle.isEmpty else { return say("Nothing is searched for: type / first.") }
        switch pager.findNext(backwards: backwards, in: layout) {
        case nil: warn("“\(pager.needle.description)” is not in this text.")
        case true?: say(backwards ? "Went round to the end." : "Went round to the top.")
        case false?: break
        }
    }

    private mutating func openOlderRun(than view: RunView) -> [Effect] {
        let runs = board[view.run.jobKey]?.runs ?? []
        guard let index = runs.firstIndex(where: { $0.key == view.run.key }), index + 1 < runs.count else {
            say("This is the oldest run known.")
            return []
        }
        inner.removeLast()
        return open(runs[index + 1])
    }
}

extension RunView {
    /// What `y` copies and `s` saves: the trace as the service sent it, else the message, else the run's key.
    var textToTake: String {
        for text in [run.errorTrace, run.stateMessage] {
            if let text, !text.isEmpty { return text }
        }
        return run.key.rawValue
    }

    /// A name for the file to save to: letters, digits, `-`, `_` and `.` of the job's name, and the run's.
    var fileName: String {
        func plain(_ text: String) -> String {
            String(text.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
        }
        return "runtop-\(plain(run.jobName ?? run.jobKey.rawValue))-\(plain(run.key.rawValue)).txt"
    }
}
