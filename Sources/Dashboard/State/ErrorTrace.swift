import Screen

/// An error trace, made safe and cut into lines once, when it is opened.
struct ErrorTrace: Hashable, Sendable {
    let source: String?
    let lines: [SafeText]
    /// The line that names the root cause.
    let rootCause: Int?

    init(_ source: String?) {
        self.source = source
        lines = source.map { SafeText.lines(of: $0) } ?? []
        rootCause = RootCause.line(of: lines)
    }
}

/// Finds the line of an error trace that an operator wants to see first.
enum RootCause {
    /// The last `Caused by:` of a Java trace; else the last line that begins with an exception's or an Oracle error's
    /// name; else the last that says `error:`. `nil` when no line does.
    static func line(of lines: [SafeText]) -> Int? {
        let texts = lines.map { $0.description.trimmingLeadingSpaces }
        return texts.lastIndex { $0.hasPrefix("Caused by:") }
            ?? texts.lastIndex { namesException($0) }
            ?? texts.lastIndex { $0.range(ofWord: "error:") || $0.range(ofWord: "fatal:") }
    }

    /// `pandas.errors.MergeError: …`, `KeyError: 'id'`, `ORA-00942: …`, `java.lang.OutOfMemoryError`.
    private static func namesException(_ line: Substring) -> Bool {
        let name = line.prefix { $0.isLetter || $0.isNumber || "._$-".contains($0) }
        let rest = line.dropFirst(name.count)
        guard rest.isEmpty || rest.first == ":", !name.isEmpty else { return false }
        if name.hasPrefix("ORA-") || name.hasPrefix("PLS-") { return rest.first == ":" }
        let simpleName = name.split(separator: ".").last ?? ""
        guard simpleName.first?.isUppercase == true else { return false }
        return ["Error", "Exception", "Failure", "Interrupt", "Exit", "Timeout"].contains { simpleName.hasSuffix($0) }
    }
}

extension StringProtocol {
    fileprivate var trimmingLeadingSpaces: SubSequence { drop { $0 == " " } }

    fileprivate func range(ofWord word: String) -> Bool {
        lowercased().split { $0 == " " || $0 == "\t" }.contains { $0.hasSuffix(word) }
    }
}
