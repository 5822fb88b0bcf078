import Screen

/// The keys on long texts: a run, and the output of a task or of one of the user's own commands.
extension DashboardState {
    /// Performs the intents that are the same on all long texts.
    mutating func performOnReader(_ intent: Intent) -> [Effect] {
        guard var pager = shownPager, let text = shownDocument else { return [] }
        let layout = PagerLayout(text, size: layout.text.size, pager: pager)
        if [.copy, .save, .pager, .editor].contains(intent), inner.last?.text?.isBeingRead == true {
            notify("The text is still being read.")
            return []
        }
        switch intent {
        case .search: overlay = .search(LineEditor(history: typed.searches))
        case .searchNext, .searchPrevious: find(backwards: intent == .searchPrevious)
        case .copy: return copyText()
        case .save: overlay = .save(LineEditor(shownFileName))
        case .pager, .editor: return handOverText(to: intent == .pager ? .pager : .editor)
        case .markLines:
            pager.marking = pager.marking == nil ? pager.newMarking(in: layout) : nil
            shownPager = pager
        case .back:
            shownPager?.marking = nil
        case .fold, .open:
            guard pager.toggleFold(in: layout) else {
                notify("No folded stack frames are in view.")
                return []
            }
            shownPager = pager
        case .foldAll:
            pager.folds.toggleAll()
            shownPager = pager
            notify(pager.folds.areAllOpen ? "All frames are shown." : "The stack frames of frameworks are folded.")
        case .numbers:
            pager.numbers = !(pager.numbers ?? (layout.size.columns >= PagerLayout.columnsForNumbers))
            shownPager = pager
        default:
            pager.move(intent, in: layout)
            if pager.top != shownPager?.top { shownRun?.target = nil }
            shownPager = pager
        }
        return []
    }

    // MARK: Searching

    /// Goes to the next or previous match, with a message if there is none or the search wrapped.
    mutating func find(backwards: Bool) {
        guard var pager = shownPager else { return }
        shownRun?.target = nil
        guard pager.search != nil else {
            return notify("No search yet: press \(keymap.keys(for: .search).first?.name ?? "/")")
        }
        pager.wantsMatch = backwards ? .before : .after
        shownPager = pager
        goToMatch()
    }

    /// Starts a search, from the top of the screen on.
    mutating func search(for pattern: SearchPattern) {
        guard let pager = shownPager, let text = shownDocument else { return }
        shownPager?.search = TextSearch(pattern, in: text, from: pager.top.line)
        shownPager?.match = nil
        shownPager?.search?.advance()
        find(backwards: false)
    }

    /// Goes to the requested match, if enough of the text has been searched.
    private mutating func goToMatch() {
        guard var pager = shownPager, let text = shownDocument, let wanted = pager.wantsMatch else { return }
        pager.search?.follow(text)
        guard let search = pager.search else { return }
        let isBackwards = wanted == .before
        switch search.next(after: pager.match, from: pager.top.line, backwards: isBackwards, in: text) {
        case .unknown: return notify("Searching…")
        case .none: warn("“\(search.pattern.text)” is not in this text.")
        case .match(let match, let wrapped):
            pager.match = match
            shownCommand?.isFollowing = false
            pager.reveal(in: PagerLayout(text, size: layout.text.size, pager: pager))
            notice = nil
            if wrapped { notify(isBackwards ? "Wrapped to the end." : "Wrapped to the top.") }
        }
        pager.wantsMatch = nil
        shownPager = pager
    }

    /// Whether the visible text is still being searched: ``DashboardEvent/searchOn`` continues the search.
    package var isSearching: Bool { shownPager?.search.map { !$0.isComplete } ?? false }

    /// Searches the next slice of the visible text.
    mutating func searchOn() {
        guard let text = shownDocument else { return }
        shownPager?.search?.follow(text)
        let wanted = shownPager.flatMap { pager in
            pager.wantsMatch.map {
                TextSearch.WantedMatch(
                    line: (pager.match?.line ?? pager.top.line) - text.traceStart, backwards: $0 == .before)
            }
        }
        shownPager?.search?.advance(to: wanted)
        if wanted != nil { goToMatch() }
    }

    // MARK: Copying and saving

    /// The text to copy or save: the marked lines, or otherwise the main text of the screen.
    var takenText: (text: LongText, name: SafeText)? {
        guard let pager = shownPager, let text = shownDocument else { return nil }
        if let marking = pager.marking {
            let lines = pager.markedLines(marking, in: PagerLayout(text, size: layout.text.size, pager: pager))
            return (LongText(text.plainText(of: lines)), lines.count == 1 ? "1 line" : "\(lines.count) lines")
        }
        return shownRun?.takenText ?? shownOutput?.takenText ?? shownCommand?.takenText
    }

    private mutating func copyText() -> [Effect] {
        guard let taken = takenText else { return [] }
        shownPager?.marking = nil
        guard taken.text.byteCount <= Self.mostCopied else {
            warn("Too long for the clipboard; mark lines with v, or save it to a file instead.")
            return []
        }
        return [.copy(taken.text.plainText, what: taken.name)]
    }

    /// Longer texts than terminals take are not made for the clipboard.
    static let mostCopied = 1 << 20

    mutating func saveText(to path: String) -> [Effect] {
        guard let taken = takenText else { return [] }
        shownPager?.marking = nil
        return [.save(taken.text, path: path)]
    }

    private mutating func handOverText(to program: ExternalProgram) -> [Effect] {
        guard let taken = takenText else { return [] }
        shownPager?.marking = nil
        return [.handOver(taken.text, to: program, name: shownFileName)]
    }

    /// The default name of the file to save.
    var shownFileName: String { shownRun?.fileName ?? shownOutput?.fileName ?? shownCommand?.fileName ?? "runtop.txt" }
}

/// A program that shows a text in place of the dashboard.
package enum ExternalProgram: Hashable, Sendable {
    /// `$PAGER`, default `less`.
    case pager
    /// `$VISUAL` or `$EDITOR`, default `vi`.
    case editor
}

extension Document {
    /// The text of lines as shown.
    func plainText(of lines: ClosedRange<Int>) -> String {
        let above = lines.clamped(to: 0...max(traceStart - 1, 0))
        var parts: [String] = []
        if lines.lowerBound < traceStart { parts += above.map { self[$0].text.plainText } }
        let inTrace = Range(lines).clamped(to: traceLines)
        if !inTrace.isEmpty {
            parts.append(trace.lines.plainText(of: inTrace.lowerBound - traceStart..<inTrace.upperBound - traceStart))
        }
        parts += Range(lines).clamped(to: traceLines.upperBound..<count).map { self[$0].text.plainText }
        return parts.joined(separator: "\n")
    }
}

extension Pager {
    /// Where a new marking starts: at the match if it is visible, or else at the cause, or else at the first visible line.
    func newMarking(in layout: PagerLayout) -> Marking {
        let seen = top.line...max(bottom(in: layout).line, top.line)
        let cause = layout.text.trace.rootCause.map { $0 + layout.text.traceStart }
        let line = [match?.line, cause].lazy.compactMap(\.self).first { seen.contains($0) } ?? layout.visible(top.line)
        return Marking(anchor: line, cursor: line)
    }

    /// The marked lines, including all lines of a closed fold.
    func markedLines(_ marking: Marking, in layout: PagerLayout) -> ClosedRange<Int> {
        let lines = marking.lines
        let first = layout.visible(lines.lowerBound)
        let last = layout.closedFold(at: lines.upperBound).map { $0.lines.upperBound - 1 + layout.text.traceStart }
        return first...max(last ?? lines.upperBound, first)
    }

    /// Opens or closes framework frames: the fold of the current marked line, or otherwise the first visible fold, closed
    /// ones first.
    ///
    /// - Returns: whether there is a fold.
    mutating func toggleFold(in layout: PagerLayout) -> Bool {
        if let marking, let fold = layout.text.fold(at: marking.cursor) {
            folds.toggle(fold)
            self.marking?.cursor = fold.lines.lowerBound + layout.text.traceStart
            return true
        }
        let seen = Array(layout.rows(from: top, left: 0).map(\.line))
        guard
            let fold = seen.lazy.compactMap({ layout.closedFold(at: $0) }).first
                ?? seen.lazy.compactMap({ layout.text.fold(at: $0) }).first
        else { return false }
        folds.toggle(fold)
        let start = fold.lines.lowerBound + layout.text.traceStart
        if top.line > start { top = Position(line: start) }
        return true
    }

    /// Performs a movement; ignores other intents. The marking moves with its current line.
    mutating func move(_ intent: Intent, in layout: PagerLayout) {
        if let marking, let cursor = Self.line(marking.cursor, moved: intent, in: layout) {
            self.marking?.cursor = cursor
            return bringInSight(cursor, in: layout)
        }
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
        case .right: left = max(left, min(left + layout.size.columns / 2, layout.lastLeft(from: top)))
        case .lineStart: left = 0
        case .lineEnd: left = layout.lastLeft(from: top)
        case .wrap:
            wraps.toggle()
            left = 0
            top.row = 0
        default: break
        }
    }

    /// The line after a movement; `nil` for other intents.
    private static func line(_ line: Int, moved intent: Intent, in layout: PagerLayout) -> Int? {
        let page = max(layout.size.rows - 1, 1)
        let distance: Int
        switch intent {
        case .up: distance = -1
        case .down: distance = 1
        case .pageUp: distance = -page
        case .pageDown: distance = page
        case .halfPageUp: distance = -max(page / 2, 1)
        case .halfPageDown: distance = max(page / 2, 1)
        case .top: return 0
        case .bottom: return layout.visible(max(layout.text.count - 1, 0))
        default: return nil
        }
        var line = layout.visible(line)
        for _ in 0..<abs(distance) {
            guard let next = distance < 0 ? layout.line(before: line) : layout.line(after: line) else { break }
            line = next
        }
        return line
    }
}
