import Screen

/// A line of a text, with its roles.
struct DocumentLine: Hashable, Sendable {
    let text: SafeText
    var role: Role = .text
    /// The number of columns at the start that are a label.
    var labelColumns = 0
    /// Whether the line wraps even if the other lines do not.
    var wraps = false
    /// The columns with another role than the line.
    var spans: [RoleSpan] = []
}

/// Columns of a line, with their role.
struct RoleSpan: Hashable, Sendable {
    let columns: Range<Int>
    let role: Role
}

/// A text to read: some lines, a long text such as an error trace below them, and possibly some lines at the end.
///
/// The lines of the long text are not copied, and are created only when needed: it may have many thousands, and the lines
/// above it are created every second.
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

    /// The fold of the trace that contains a line, open or not.
    func fold(at line: Int) -> FrameFold? {
        guard line >= lines.count else { return nil }
        let line = line - lines.count
        let behind = trace.folds.partitioningIndex { $0.lines.upperBound > line }
        guard behind < trace.folds.count, trace.folds[behind].lines.contains(line) else { return nil }
        return trace.folds[behind]
    }

    /// The line that replaces a closed fold.
    func line(of fold: FrameFold) -> DocumentLine { DocumentLine(text: fold.text(glyphs), role: .quiet) }

    /// The number of a line of the trace in an editor; `nil` for other lines.
    func number(of line: Int) -> Int? {
        traceLines.contains(line) ? trace.lines.number(of: line - lines.count) : nil
    }

    /// The width of the line numbers, including a space; 0 without a trace.
    var numberColumns: Int { trace.lines.isEmpty ? 0 : max(String(trace.lines.lastNumber).count, 3) + 1 }
}
