import Causes
import Foundation
import Runs
import Screen

/// The output of one of the user's own commands, while it arrives.
struct OwnCommandView: Hashable, Sendable {
    let call: OwnCommandCall
    let began: Date
    private(set) var output = OwnCommandOutput()
    private(set) var end: OwnCommandEnd?
    private(set) var ended: Date?
    /// Whether the command was asked to end.
    var isStopping = false
    /// Whether the end of the output stays visible while it grows.
    var isFollowing = true
    var pager = Pager(wraps: true)
    /// The text on the screen, from the last `arrange()`.
    private(set) var document = Document()
    private var isOutdated = true

    init(_ call: OwnCommandCall, at now: Date) {
        self.call = call
        began = now
    }

    var isRunning: Bool { end == nil }

    mutating func append(_ bytes: [UInt8]) {
        output.append(bytes)
        isOutdated = true
    }

    mutating func finish(_ end: OwnCommandEnd, at now: Date) {
        self.end = end
        ended = now
        output.finish()
        if end.isFailure { output.findCause() }
        isOutdated = true
    }

    /// Searches the output so far for the line that names a cause, and goes to it; returns whether there is one.
    mutating func showCause(in size: Size, glyphs: Glyphs, at now: Date) -> Bool {
        output.findCause()
        isOutdated = true
        guard let cause = output.trace.rootCause else { return false }
        isFollowing = false
        show(in: size, glyphs: glyphs, at: now)
        pager.left = 0
        pager.show(line: cause + document.traceStart, in: layout(in: size))
        return true
    }

    /// Shows the text in a part of the screen of this size. The visible lines stay, unless the end is followed.
    mutating func show(in size: Size, glyphs: Glyphs, at now: Date) {
        if isOutdated || isRunning {
            let new = document(glyphs, at: now)
            let dropped = new.trace.lines.droppedLines - document.trace.lines.droppedLines
            pager.follow(
                linesFrom: document.traceStart, to: new.traceStart, dropped: dropped, of: document.count)
            document = new
            isOutdated = false
        }
        let layout = layout(in: size)
        if isFollowing, pager.marking == nil { pager.top = layout.lastTop } else { pager.clamp(to: layout) }
        pager.lastLine = pager.bottom(in: layout).line
    }

    private func document(_ glyphs: Glyphs, at now: Date) -> Document {
        var header = DocumentLine(text: "$ " + call.line, role: .title)
        header.wraps = true
        var lines = [header]
        let trace = output.trace
        if trace.lines.droppedNumbers > 0 {
            let limit: SafeText = "\(OwnCommandOutput.mostBytes / 1_000_000) MB and \(OwnCommandOutput.mostLines) lines"
            lines.append(
                DocumentLine(
                    text: "[\(trace.lines.droppedNumbers) lines left out here: the last \(limit) are kept]", role: .late
                ))
        }
        let role: Role = end.map { $0.isFailure ? .broken : .quiet } ?? .running
        return Document(
            lines, trace: trace, end: [DocumentLine(text: standing(at: now), role: role)], glyphs: glyphs)
    }

    func layout(in size: Size) -> PagerLayout { PagerLayout(document, size: size, pager: pager) }

    /// The state: running, or how it ended.
    private func standing(at now: Date) -> SafeText {
        guard let end, let ended else {
            let time = TimeText.duration(Duration(from: began, to: now))
            return isStopping
                ? "[asked to end; Esc ends it by force]" : "[running for \(time); Esc or ^C ends it]"
        }
        return "[" + end.words + " after \(TimeText.duration(Duration(from: began, to: ended)))]"
    }

    /// The text for `y` (copy) and `s` (save), with its name.
    var takenText: (text: LongText, name: SafeText) {
        let lines = output.trace.lines
        return (lines, "the output (\(lines.numberedLines) \(lines.numberedLines == 1 ? "line" : "lines"))")
    }

    var fileName: String { "runtop-\(call.name).txt" }
}

extension Pager {
    /// Adjusts the pager after the first line of the long text has moved within the document, and lines at its start were
    /// dropped: the scroll position, the marks and the matches stay with their lines, or are dropped with them.
    fileprivate mutating func follow(linesFrom old: Int, to new: Int, dropped: Int, of count: Int) {
        let distance = new - old - dropped
        guard distance != 0 || dropped > 0 else { return }
        shift(by: distance, within: old..<max(count, old))
        if let line = match?.line, line < new { match = nil }
        marking = marking.map { Marking(anchor: max($0.anchor, 0), cursor: max($0.cursor, 0)) }
        if top.line >= old { top = Position(line: max(top.line + distance, 0), row: top.row) }
        folds.drop(lines: dropped)
    }
}

/// The last megabytes of a program's output, as lines to read.
struct OwnCommandOutput: Hashable, Sendable {
    /// The most bytes kept.
    static let mostBytes = 5_000_000
    static let mostLines = 50_000

    private var lines = LongText("")
    private var folds = FoldFinder()
    private var cause: Cause?
    /// The start of a UTF-8 character whose other bytes have not arrived yet.
    private var rest: [UInt8] = []
    private var hasEnded = false

    var trace: ErrorTrace { ErrorTrace(lines: lines, cause: cause, folds: folds.folds) }

    mutating func append(_ new: [UInt8]) {
        let bytes = rest + new
        let whole = bytes.prefix(bytes.count - Self.unfinished(bytes))
        rest = Array(bytes[whole.endIndex...])
        add(String(decoding: whole, as: UTF8.self))
    }

    /// Records that the output has ended.
    mutating func finish() {
        hasEnded = true
        add(String(decoding: rest, as: UTF8.self))
        rest = []
    }

    private mutating func add(_ text: String) {
        lines.append(text)
        dropOldest()
        // An unfinished last line may still change.
        folds.read(lines, upTo: hasEnded ? lines.count : max(lines.count - 1, 0))
    }

    /// Searches for the line that names the cause of the failure.
    mutating func findCause() {
        cause = ErrorTrace.cause(of: lines)
        folds = FoldFinder(keeping: cause?.line)
        folds.read(lines, upTo: hasEnded ? lines.count : max(lines.count - 1, 0))
    }

    /// The number of bytes at the end that start an incomplete character.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return whole > length ? length : 0
        }
        return 0
    }

    /// Drops lines at the start, a tenth of all at once, because dropping moves all others.
    private mutating func dropOldest() {
        guard lines.byteCount > Self.mostBytes || lines.count > Self.mostLines else { return }
        let excess = lines.byteCount - Self.mostBytes * 9 / 10
        let byBytes = lines.partitioningIndex { lines.byteRange(of: $0).lowerBound >= excess }
        let before = lines.droppedLines
        lines.drop(lines: max(byBytes, lines.count - Self.mostLines * 9 / 10))
        let dropped = lines.droppedLines - before
        folds.drop(lines: dropped)
        cause = cause.flatMap { found in
            found.line < dropped ? nil : Cause(line: found.line - dropped, text: found.text, kind: found.kind)
        }
    }
}

/// How one of the user's own commands ended.
package enum OwnCommandEnd: Hashable, Sendable {
    case exited(Int32)
    case signalled(String)
    case notStarted(reason: String)
    case notPermitted(reason: String)

    var isFailure: Bool { self != .exited(0) }

    var words: SafeText {
        switch self {
        case .exited(let status): "ended with status \(status)"
        case .signalled(let name): "ended by \(name)"
        case .notStarted(let reason): "could not be started: \(reason)"
        case .notPermitted(let reason): SafeText(reason)
        }
    }
}
