import Screen

/// A line of a text on the screen, and how it looks.
struct DocumentLine: Hashable, Sendable {
    let text: SafeText
    var role: Role = .text
    /// How many columns at its start are a label.
    var labelColumns = 0
    /// Whether it wraps even where the other lines do not.
    var wraps = false
    /// Columns that mean something else than the line.
    var spans: [RoleSpan] = []
}

/// Columns of a line, and what they mean.
struct RoleSpan: Hashable, Sendable {
    let columns: Range<Int>
    let role: Role
}

/// A text to read: some lines, a long text such as an error trace below them, and perhaps some lines at the end.
///
/// The long text's lines are not copied into others, and made only when they are asked for: it may have many thousands, and the
/// lines above are made every second.
struct Document: Hashable, Sendable {
    private let lines: [DocumentLine]
    let trace: ErrorTrace
    private let end: [DocumentLine]
    private let glyphs: Glyphs

    init(
        _ lines: [DocumentLine] = [], trace: ErrorTrace = ErrorTrace(nil), end: [DocumentLine] = [],
        glyphs: Glyphs = .utf8
    ) {
        (self.lines, self.trace, self.end, self.glyphs) = (lines, trace, end, glyphs)
    }

    var count: Int { lines.count + trace.lines.count + end.count }

    /// The first line of the trace.
    var traceStart: Int { lines.count }

    /// The lines of the trace.
    var traceLines: Range<Int> { lines.count..<lines.count + trace.lines.count }

    subscript(line: Int) -> DocumentLine {
        guard line >= lines.count else { return lines[line] }
        guard line < traceLines.upperBound else { return end[line - traceLines.upperBound] }
        let isCause = line - lines.count == trace.rootCause
        return DocumentLine(
            text: trace.lines[line - lines.count], role: isCause ? .broken : .text, wraps: isCause)
    }

    /// The fold of the trace that a line stands in, open or not.
    func fold(at line: Int) -> FrameFold? {
        guard line >= lines.count else { return nil }
        let line = line - lines.count
        let behind = trace.folds.partitioningIndex { $0.lines.upperBound > line }
        guard behind < trace.folds.count, trace.folds[behind].lines.contains(line) else { return nil }
        return trace.folds[behind]
    }

    /// The line that stands for a fold while that is closed.
    func line(of fold: FrameFold) -> DocumentLine { DocumentLine(text: fold.text(glyphs), role: .quiet) }

    /// The number that a line of the trace has in an editor; `nil` for other lines.
    func number(of line: Int) -> Int? {
        traceLines.contains(line) ? trace.lines.number(of: line - lines.count) : nil
    }

    /// How many columns the numbers of its lines take, with a space after them; 0 without a trace.
    var numberColumns: Int { trace.lines.isEmpty ? 0 : max(String(trace.lines.lastNumber).count, 3) + 1 }
}
