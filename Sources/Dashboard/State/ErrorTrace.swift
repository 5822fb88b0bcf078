import Causes
import Runs
import Screen

/// The line that names the cause of a failure: the cause in its trace; else that in its message; else the message's first
/// line. It is safe text, and at most a few hundred characters; `nil` when neither says anything.
package func failureCause(of run: JobRun) -> String? {
    let message = SafeText.lines(ofTerminalOutput: run.stateMessage ?? "").map(\.plainText)
    let text =
        ErrorTrace(run.errorTrace).cause?.text ?? Cause.find(in: message)?.text
        ?? message.first { !$0.allSatisfy(\.isWhitespace) }
    guard let text = text?.drop(while: \.isWhitespace), !text.isEmpty else { return nil }
    return String(text.prefix(300))
}

/// An error trace as lines to read, made once, when the trace arrives.
struct ErrorTrace: Hashable, Sendable {
    let lines: [SafeText]
    /// The line that names the cause.
    let cause: Cause?

    init(_ source: String?) {
        lines = source.map { SafeText.lines(ofTerminalOutput: $0) } ?? []
        cause = Cause.find(in: lines.map(\.plainText))
    }

    /// The number of the line that names the cause, from 0.
    var rootCause: Int? { cause?.line }
}
