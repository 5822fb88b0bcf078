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
        var folds: [FrameFold] = []
        var open: Builder?
        func close(_ builder: Builder?) {
            if let fold = builder?.fold { folds.append(fold) }
        }
        for line in text.indices {
            let (kind, indent) = text.withBytes(of: line) { (FrameworkFrame.kind(of: $0), Self.indent(of: $0)) }
            if line == kept {
                close(open)
                open = nil
                continue
            }
            if open?.take(line, kind, indent: indent) == true { continue }
            close(open)
            open = Builder(line, kind, indent: indent)
        }
        close(open)
        return folds
    }

    private static func indent(of line: UnsafeBufferPointer<UInt8>) -> Int {
        line.prefix { $0 == 0x20 || $0 == 0x09 }.count
    }

    /// A fold while its lines are collected.
    private struct Builder {
        private let start: Int
        private var end: Int
        private var counts: [String: Int] = [:]
        private var frames = 0
        /// The indentation of the last frame; lines with a larger indentation are its source.
        private var sourceBeyond: Int?

        init?(_ line: Int, _ kind: FrameworkFrame.LineKind, indent: Int) {
            guard kind != .other, kind != .omission else { return nil }
            (start, end) = (line, line)
            _ = take(line, kind, indent: indent)
        }

        /// Adds the line if it belongs to the fold; returns whether it does.
        mutating func take(_ line: Int, _ kind: FrameworkFrame.LineKind, indent: Int) -> Bool {
            switch kind {
            case .framework(let name):
                add(name)
                sourceBeyond = nil
            case .frameworkWithSource(let name):
                add(name)
                sourceBeyond = indent
            case .omission: break
            case .other:
                guard let sourceBeyond, indent > sourceBeyond else { return false }
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
    }

    /// `… 23 frames of Spark and the JVM`.
    func text(_ glyphs: Glyphs) -> SafeText {
        let shown = frameworks.count > 3 ? Array(frameworks.prefix(2)) + ["others"] : frameworks
        let names = shown.dropLast().joined(separator: ", ") + (shown.count > 1 ? " and " : "") + (shown.last ?? "")
        return glyphs.words("    … \(frames) frames of \(names)")
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

    /// Whether all folds were opened together.
    var areAllOpen: Bool { areOpen }
}
