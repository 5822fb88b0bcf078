import Causes
import Screen

/// Adjacent framework frames in a trace, which one line replaces, so that the user's own frames are easy to see.
struct FrameFold: Hashable, Sendable {
    /// The line range in the trace.
    let lines: Range<Int>
    let frames: Int
    /// The names of the frameworks, the most frequent first.
    let frameworks: [String]

    /// The folds of a trace, in order. A fold has at least two frames and three lines, and never contains the line `kept`.
    static func folds(in text: LongText, keeping kept: Int?) -> [FrameFold] {
        var finder = FoldFinder(keeping: kept)
        finder.read(text, upTo: text.count)
        return finder.folds
    }

    /// `… 23 frames of Spark and the JVM`.
    func text(_ glyphs: Glyphs) -> SafeText {
        let shown = frameworks.count > 3 ? Array(frameworks.prefix(2)) + ["others"] : frameworks
        let names = shown.dropLast().joined(separator: ", ") + (shown.count > 1 ? " and " : "") + (shown.last ?? "")
        return glyphs.words("    … \(frames) frames of \(names)")
    }

    fileprivate func moved(by distance: Int) -> FrameFold {
        FrameFold(
            lines: lines.lowerBound + distance..<lines.upperBound + distance, frames: frames, frameworks: frameworks)
    }
}

/// Finds folds in a text that may grow.
struct FoldFinder: Hashable, Sendable {
    private var found: [FrameFold] = []
    private var open: Builder?
    private var next = 0
    private var kept: Int?

    init(keeping kept: Int? = nil) { self.kept = kept }

    /// The folds in the lines read so far.
    var folds: [FrameFold] { found + [open?.fold].compactMap(\.self) }

    /// Reads the lines before `end` that have not been read yet.
    mutating func read(_ text: LongText, upTo end: Int) {
        while next < end {
            defer { next += 1 }
            let (kind, indent) = text.withBytes(of: next) { FrameLine.read($0) }
            if next != kept, open?.take(next, kind, indent: indent) == true { continue }
            if let fold = open?.fold { found.append(fold) }
            open = next == kept ? nil : Builder(next, kind, indent: indent)
        }
    }

    /// Adjusts the folds after lines were dropped at the start of the text.
    mutating func drop(lines count: Int) {
        next = max(next - count, 0)
        kept = kept.flatMap { $0 < count ? nil : $0 - count }
        found = found.filter { $0.lines.lowerBound >= count }.map { $0.moved(by: -count) }
        open = open?.moved(by: -count)
    }

    /// A fold while its lines are collected.
    private struct Builder: Hashable {
        private var start: Int
        private var end: Int
        private var counts: [String: Int] = [:]
        private var frames = 0
        /// The indentation of the last frame; lines with a larger indentation are its source.
        private var sourceBeyond: Int?

        init?(_ line: Int, _ kind: FrameLine, indent: Int) {
            switch kind {
            case .framework, .frameworkWithSource: break
            case .omission, .numberedSource, .empty, .other: return nil
            }
            (start, end) = (line, line)
            _ = take(line, kind, indent: indent)
        }

        /// Adds the line if it belongs to the fold. Frames of notebooks have empty lines between them.
        mutating func take(_ line: Int, _ kind: FrameLine, indent: Int) -> Bool {
            switch kind {
            case .framework(let name):
                add(name)
                sourceBeyond = nil
            case .frameworkWithSource(let name):
                add(name)
                sourceBeyond = indent
            case .omission: break
            case .empty: return sourceBeyond != nil
            case .numberedSource where sourceBeyond != nil && end == line: break
            case .numberedSource, .other:
                guard let sourceBeyond, indent > sourceBeyond, end == line else { return false }
            }
            end = line + 1
            return true
        }

        private mutating func add(_ name: String) {
            counts[name, default: 0] += 1
            frames += 1
        }

        var fold: FrameFold? {
            guard frames >= 2, end - start >= 3 else { return nil }
            let names = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map(\.key)
            return FrameFold(lines: start..<end, frames: frames, frameworks: names)
        }

        /// The same fold, moved; `nil` if it would start before the text.
        func moved(by distance: Int) -> Builder? {
            var other = self
            (other.start, other.end) = (start + distance, end + distance)
            return other.start < 0 ? nil : other
        }
    }
}

/// Which folds of a trace are open.
struct FoldState: Hashable, Sendable {
    private var areOpen = false
    /// The folds, by first line, whose state differs from the others.
    private var exceptions: Set<Int> = []

    func isOpen(_ fold: FrameFold) -> Bool { exceptions.contains(fold.lines.lowerBound) != areOpen }

    mutating func toggle(_ fold: FrameFold) {
        let start = fold.lines.lowerBound
        if exceptions.remove(start) == nil { exceptions.insert(start) }
    }

    mutating func open(_ fold: FrameFold) {
        if !isOpen(fold) { toggle(fold) }
    }

    /// Opens all folds, or closes all.
    mutating func toggleAll() {
        areOpen.toggle()
        exceptions = []
    }

    /// Adjusts the state after lines were dropped at the start of the text.
    mutating func drop(lines count: Int) { exceptions = Set(exceptions.map { $0 - count }.filter { $0 >= 0 }) }

    /// Whether all folds were opened together.
    var areAllOpen: Bool { areOpen }
}
