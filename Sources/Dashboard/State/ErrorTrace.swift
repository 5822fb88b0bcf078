import Runs
import Screen

/// The line that names the cause of a failure: the root cause of its trace; else the first line of its message. It is safe
/// text, and at most a few hundred characters; `nil` when neither says anything.
package func failureCause(of run: JobRun) -> String? {
    let trace = ErrorTrace(run.errorTrace)
    let line =
        trace.rootCause.map { trace.lines[$0] }
        ?? SafeText.lines(ofTerminalOutput: run.stateMessage ?? "").first { !$0.plainText.allSatisfy(\.isWhitespace) }
    guard let text = line?.plainText.drop(while: \.isWhitespace), !text.isEmpty else { return nil }
    return String(text.prefix(300))
}

/// An error trace as lines to read, made once, when the trace arrives.
struct ErrorTrace: Hashable, Sendable {
    let lines: LongText
    /// The line that names the root cause.
    let rootCause: Int?
    /// Neighbouring frames of frameworks, in order.
    let folds: [FrameFold]

    /// The bytes at the start and at the end of a trace that the cause is looked for in: those of a longer one would take
    /// more time than a key may.
    private static let examined = (start: 131_072, end: 393_216)

    /// - Parameter namesCause: whether a line of it may be marked as the cause.
    init(_ source: String?, namesCause: Bool = true) {
        lines = LongText(source ?? "")
        rootCause = namesCause ? Self.rootCause(of: lines) : nil
        folds = FrameFold.folds(in: lines, keeping: rootCause)
    }

    private static func rootCause(of lines: LongText) -> Int? {
        guard lines.byteCount > examined.start + examined.end else { return RootCause.line(of: Array(lines)) }
        let end = lines.partitioningIndex { lines.byteRange(of: $0).lowerBound > lines.byteCount - examined.end }
        if let found = RootCause.line(of: Array(lines[end...])) { return end + found }
        let start = lines.partitioningIndex { lines.byteRange(of: $0).lowerBound > examined.start }
        return RootCause.line(of: Array(lines[..<start]))
    }
}

/// Finds the line of an error trace that an operator wants to see first.
enum RootCause {
    /// The last `Caused by:` of a Java trace; else the last line that begins with the name of an exception, an Oracle
    /// error, a Spark error class or a dbt error; else the last that says `error:` or `fatal:`. `nil` when no line does.
    static func line(of lines: [SafeText]) -> Int? {
        let texts = lines.map { $0.plainText.withoutPrefix }
        return texts.lastIndex { $0.hasPrefix("Caused by:") }
            ?? texts.lastIndex { namesException($0) || namesSparkError($0) || namesDbtError($0) }
            ?? texts.lastIndex { $0.hasWord("error:") || $0.hasWord("fatal:") }
    }

    /// `pandas.errors.MergeError: …`, `KeyError: 'id'`, `ORA-00942: …`, `java.lang.OutOfMemoryError`.
    private static func namesException(_ line: Substring) -> Bool {
        let name = line.prefix { $0.isLetter || $0.isNumber || "._$-".contains($0) }
        let rest = line.dropFirst(name.count)
        guard rest.isEmpty || rest.first == ":", !name.isEmpty else { return false }
        if name.hasPrefix("ORA-") || name.hasPrefix("PLS-") {
            // ORA-06512 is a line of the PL/SQL stack, below the error it leads to.
            return rest.first == ":" && name != "ORA-06512"
        }
        let simpleName = name.split(separator: ".").last ?? ""
        guard simpleName.first?.isUppercase == true else { return false }
        return ["Error", "Exception", "Failure", "Interrupt", "Exit", "Timeout"].contains { simpleName.hasSuffix($0) }
    }

    /// `[DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge …`, and not a log's `[ERROR] …`.
    private static func namesSparkError(_ line: Substring) -> Bool {
        guard line.first == "[", let end = line.firstIndex(of: "]") else { return false }
        let name = line[line.index(after: line.startIndex)..<end]
        return name.contains("_") && name.first?.isUppercase == true && line[end...].hasPrefix("] ")
            && name.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_" || $0 == ".") }
    }

    /// `Runtime Error in model fct_orders (models/…)`, `Failure in test not_null_id`, after the time of day.
    private static func namesDbtError(_ line: Substring) -> Bool {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4 else { return false }
        let kinds = ["Runtime", "Database", "Compilation", "Parsing", "Dependency"]
        return kinds.contains(String(words[0])) && words[1] == "Error" && words[2] == "in"
            || words[0] == "Failure" && words[1] == "in" && words[2] == "test"
    }
}

extension StringProtocol {
    /// The line without what may stand before an error: spaces, a time of day, Py4J's colon, Java's thread.
    fileprivate var withoutPrefix: SubSequence {
        var line = drop { $0 == " " }
        if line.hasPrefix(": ") { line = line.dropFirst(2) }
        let time = line.prefix { $0.isNumber || $0 == ":" }
        if time.count == 8, time.count(where: { $0 == ":" }) == 2 { line = line.dropFirst(8).drop { $0 == " " } }
        if line.hasPrefix("Exception in thread \""), let end = line.dropFirst(21).firstIndex(of: "\"") {
            line = line[end...].dropFirst().drop { $0 == " " }
        }
        return line
    }

    /// Whether a word of the line is, or ends in, `word`, in any case.
    fileprivate func hasWord(_ word: String) -> Bool {
        lowercased().split(separator: " ").contains { $0.hasSuffix(word) }
    }
}
