import Screen

/// A search in a text. A trace may have many lines, so they are searched in slices. The lines above the trace, which are
/// created again every second, are searched whenever they are needed.
struct TextSearch: Hashable, Sendable {
    let pattern: SearchPattern
    /// The searched trace: if the text gets another one, the search starts again.
    private var trace: LongText
    /// The lines of the trace with matches, in order, with the number of matches.
    private var found: [LineMatches] = []
    /// The parts of the trace still to be searched, in this order: the part after the user's position comes first.
    private var unsearched: [Range<Int>]

    private struct LineMatches: Hashable {
        let line: Int32
        let count: Int32
    }

    /// The work per slice: this number of bytes, or fewer that are harder to search. It takes a few milliseconds.
    static let slice = 65_536
    /// A search backwards takes this many lines at a time, because lines are searched forwards.
    private static let linesBackwards = 256

    /// - Parameter line: the line of the document at which the search starts.
    init(_ pattern: SearchPattern, in text: Document, from line: Int) {
        self.pattern = pattern
        trace = text.trace.lines
        let begin = min(max(line - text.traceStart, 0), max(trace.count - 1, 0))
        unsearched = [begin..<trace.count, 0..<begin].filter { !$0.isEmpty }
    }

    var isComplete: Bool { unsearched.isEmpty }

    /// Continues with lines added at the end of the text; with another text, starts again.
    mutating func follow(_ text: Document) {
        let new = text.trace.lines
        guard new != trace else { return }
        guard new.isGrown(from: trace) else {
            self = TextSearch(pattern, in: text, from: 0)
            return
        }
        let dropped = new.droppedLines - trace.droppedLines
        if dropped > 0 {
            found = found.filter { $0.line >= dropped }.map { .init(line: $0.line - Int32(dropped), count: $0.count) }
            unsearched = unsearched.map { max($0.lowerBound - dropped, 0)..<max($0.upperBound - dropped, 0) }
        }
        // The last line may have become longer.
        let grown = max(trace.count - 1 - dropped, 0)..<new.count
        while let last = found.last, last.line >= grown.lowerBound { found.removeLast() }
        unsearched = unsearched.map { $0.clamped(to: 0..<grown.lowerBound) }.filter { !$0.isEmpty }
        if let index = unsearched.firstIndex(where: { $0.upperBound == grown.lowerBound }) {
            unsearched[index] = unsearched[index].lowerBound..<grown.upperBound
        } else {
            unsearched.append(grown)
        }
        trace = new
    }

    /// Searches the next slice of the trace.
    ///
    /// - Parameter wanted: what is waited for; `nil` if nothing is.
    mutating func advance(to wanted: WantedMatch? = nil) {
        var work = 0
        while work < Self.slice, let lines = nextLines(to: wanted) {
            let searched = lines.lowerBound..<search(lines, &work)
            unsearched = unsearched.flatMap { stretch in
                [
                    stretch.clamped(to: 0..<searched.lowerBound),
                    stretch.clamped(to: searched.upperBound..<max(stretch.upperBound, searched.upperBound)),
                ]
            }.filter { !$0.isEmpty }
        }
    }

    /// The next match before or after a line of the trace.
    struct WantedMatch {
        let line: Int
        let backwards: Bool
    }

    /// The lines to search next: those that are nearest to the wanted match in its direction, then those beyond the other end of
    /// the text.
    private func nextLines(to wanted: WantedMatch?) -> Range<Int>? {
        guard let wanted else { return unsearched.first }
        let inOrder = unsearched.sorted { $0.lowerBound < $1.lowerBound }
        guard wanted.backwards else {
            let below = inOrder.first { $0.upperBound > wanted.line }
            return below.map { max($0.lowerBound, wanted.line)..<$0.upperBound } ?? inOrder.first
        }
        let above = inOrder.last { $0.lowerBound < wanted.line }
        let stretch = above.map { $0.lowerBound..<min($0.upperBound, wanted.line) } ?? inOrder.last
        return stretch.map { max($0.lowerBound, $0.upperBound - Self.linesBackwards)..<$0.upperBound }
    }

    /// Searches lines until the slice's work is done; returns the line to continue with.
    private mutating func search(_ lines: Range<Int>, _ work: inout Int) -> Int {
        var new: [LineMatches] = []
        var line = lines.lowerBound
        while line < lines.upperBound, work < Self.slice {
            let matches = pattern.ranges(in: trace[line], work: &work)
            if !matches.isEmpty { new.append(LineMatches(line: Int32(line), count: Int32(matches.count))) }
            line += 1
        }
        if let first = new.first {
            found.insert(contentsOf: new, at: found.partitioningIndex { $0.line > first.line })
        }
        return line
    }

    /// Whether all lines of a range have been searched.
    private func isSearched(_ lines: ClosedRange<Int>) -> Bool { !unsearched.contains { $0.overlaps(lines) } }

    /// The result of a search for the next match.
    enum Next: Hashable {
        case match(Pager.Match, wrapped: Bool)
        case none
        /// The match is in lines that have not been searched yet.
        case unknown
    }

    /// The match after or before another one, or, without one, from a line on.
    func next(after match: Pager.Match?, from line: Int, backwards: Bool, in text: Document) -> Next {
        let start = match?.line ?? line
        // First the matches in the same line, before or after the current one.
        if start < text.traceLines.upperBound {
            let columns = pattern.ranges(in: text[start].text).filter { columns in
                guard let match else { return true }
                return backwards
                    ? columns.lowerBound < match.columns.lowerBound : columns.lowerBound > match.columns.lowerBound
            }
            if let found = backwards ? columns.last : columns.first {
                return .match(Pager.Match(line: start, columns: found), wrapped: false)
            }
        }
        let end = text.count
        let below = min(start + 1, end)
        let parts =
            backwards
            ? [(0..<min(start, end), false), (min(start, end)..<end, true)]
            : [(below..<end, false), (0..<below, true)]
        return next(in: parts, last: backwards, of: text)
    }

    /// The first or the last match in parts of the text.
    private func next(in parts: [(lines: Range<Int>, wrapped: Bool)], last: Bool, of text: Document) -> Next {
        for part in parts {
            let head = part.lines.clamped(to: 0..<text.traceStart)
            let body = part.lines.clamped(to: text.traceLines)
            for isHead in last ? [false, true] : [true, false] {
                let result = isHead ? firstInHead(head, last: last, in: text) : firstInTrace(body, last: last, in: text)
                switch result {
                case .match(let match, _): return .match(match, wrapped: part.wrapped)
                case .unknown: return .unknown
                case .none: continue
                }
            }
        }
        return .none
    }

    private func firstInHead(_ lines: Range<Int>, last: Bool, in text: Document) -> Next {
        for line in last ? Array(lines.reversed()) : Array(lines) {
            let columns = pattern.ranges(in: text[line].text)
            if let found = last ? columns.last : columns.first {
                return .match(Pager.Match(line: line, columns: found), wrapped: false)
            }
        }
        return .none
    }

    private func firstInTrace(_ lines: Range<Int>, last: Bool, in text: Document) -> Next {
        guard !lines.isEmpty else { return .none }
        let (low, high) = (lines.lowerBound - text.traceStart, lines.upperBound - text.traceStart)
        let index: Int
        if last {
            index = found.partitioningIndex { $0.line >= high } - 1
        } else {
            index = found.partitioningIndex { $0.line >= low }
        }
        let candidate = found.indices.contains(index) ? Int(found[index].line) : nil
        let known = candidate.flatMap { (low..<high).contains($0) ? $0 : nil }
        // A match counts only if all lines before it were searched.
        if !isComplete {
            let end = last ? high - 1 : low
            let place = known ?? (last ? low : high - 1)
            guard isSearched(min(end, place)...max(end, place)) else { return .unknown }
        }
        guard let line = known else { return .none }
        let columns = pattern.ranges(in: trace[line])
        guard let match = last ? columns.last : columns.first else { return .none }
        return .match(Pager.Match(line: line + text.traceStart, columns: match), wrapped: false)
    }

    /// The number of the match and of all matches: `3/17`; `3/17+` while there may be more.
    func position(of match: Pager.Match?, in text: Document) -> SafeText {
        var (before, total) = (0, 0)
        for line in 0..<text.traceStart {
            let columns = pattern.ranges(in: text[line].text)
            total += columns.count
            before += columns.count { column in
                match.map { line < $0.line || line == $0.line && column.lowerBound <= $0.columns.lowerBound } ?? false
            }
        }
        for entry in found {
            total += Int(entry.count)
            guard let match, match.line >= text.traceStart else { continue }
            let line = match.line - text.traceStart
            if entry.line < line {
                before += Int(entry.count)
            } else if entry.line == line {
                before += pattern.ranges(in: trace[line]).count { $0.lowerBound <= match.columns.lowerBound }
            }
        }
        return "\(match == nil ? 0 : before)/\(total)\(isComplete ? "" : "+")"
    }
}
