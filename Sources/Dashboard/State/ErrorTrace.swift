import Causes
import Runs
import Screen

/// The line that names the cause of a failure: from the trace, or else from the message, or else the first line of the
/// message. It is safe text of at most a few hundred characters; `nil` if trace and message are empty.
package func failureCause(of run: JobRun) -> String? {
    let message = SafeText.lines(ofTerminalOutput: run.stateMessage ?? "").map(\.plainText)
    let text =
        ErrorTrace.cause(of: LongText(run.errorTrace ?? ""))?.text ?? Cause.find(in: message)?.text
        ?? message.first { !$0.allSatisfy(\.isWhitespace) }
    guard let text = text?.drop(while: \.isWhitespace), !text.isEmpty else { return nil }
    return String(FailureCause.withoutLabel(String(text.prefix(300))))
}

extension PastRun {
    /// The runs of a list by job, with the causes of failures. The error traces of a thousand runs take many milliseconds.
    package static func byJob(_ runs: [JobRun]) -> [JobID: [PastRun]] {
        Dictionary(grouping: runs, by: \.job).mapValues { runs in
            runs.map { PastRun($0, cause: $0.status.isFailure ? FailureCause(of: $0)?.text : nil) }
        }
    }
}

extension FailureCause {
    /// The cause of a failed run, for the board.
    package init?(of run: JobRun) {
        guard let text = failureCause(of: run) else { return nil }
        self.init(text: String(Self.withoutLabel(text)), signature: Self.signature(of: text))
    }

    /// The signature of a cause that is known as a text.
    static func signature(of text: String) -> String { CauseSignature(String(withoutLabel(text))).text }

    /// Removes `Caused by: `, because a cause is the same whether or not another exception wraps it.
    fileprivate static func withoutLabel(_ text: String) -> Substring {
        let label = "Caused by: "
        return text.hasPrefix(label) ? text.dropFirst(label.count) : text[...]
    }

    /// The cause in at most `width` columns: a Java class loses its package if the text does not fit.
    func shown(width: Int) -> SafeText {
        let text = SafeText(text)
        guard text.width > width else { return text }
        let name = self.text.prefix { $0.isLetter || $0.isNumber || "._$".contains($0) }
        let last = name.split(separator: ".").last ?? name
        guard name.count(where: { $0 == "." }) >= 2, last.first?.isUppercase == true else {
            return text.truncated(to: width)
        }
        return SafeText(self.text[last.startIndex...]).truncated(to: width)
    }
}

/// An error trace as lines, created once when the trace arrives.
struct ErrorTrace: Hashable, Sendable {
    let lines: LongText
    /// The line that names the cause.
    let cause: Cause?
    /// Adjacent framework frames, in order.
    let folds: [FrameFold]

    /// How many bytes at the start and at the end of a trace are searched for the cause. Searching a longer trace would take
    /// longer than a key may.
    private static let examined = (start: 131_072, end: 393_216)

    /// - Parameter namesCause: whether to search for the cause.
    init(_ source: String?, namesCause: Bool = true) {
        lines = LongText(source ?? "")
        cause = namesCause ? Self.cause(of: lines) : nil
        folds = FrameFold.folds(in: lines, keeping: cause?.line)
    }

    init(lines: LongText, cause: Cause?, folds: [FrameFold]) {
        (self.lines, self.cause, self.folds) = (lines, cause, folds)
    }

    /// The cause that a text names. Only the start and the end of a long text are searched.
    static func cause(of lines: LongText) -> Cause? {
        guard lines.byteCount > examined.start + examined.end else { return Cause.find(in: lines.map(\.plainText)) }
        let end = lines.partitioningIndex { lines.byteRange(of: $0).lowerBound > lines.byteCount - examined.end }
        if let found = Cause.find(in: lines[end...].map(\.plainText)) {
            return Cause(line: end + found.line, text: found.text, kind: found.kind)
        }
        let start = lines.partitioningIndex { lines.byteRange(of: $0).lowerBound > examined.start }
        return Cause.find(in: lines[..<start].map(\.plainText))
    }

    /// The index of the line that names the cause.
    var rootCause: Int? { cause?.line }
}
