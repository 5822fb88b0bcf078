/// The line of a log or an error trace that names why it failed.
package struct Cause: Hashable, Sendable {
    /// What said it: the language, engine or system whose form the line has.
    package enum Kind: String, Sendable, CaseIterable {
        case python, java, spark, oracle, sql, dbt, shell, container, kubernetes, scheduler, node, go, rust, message
    }

    /// Its number in the text, from 0.
    package let line: Int
    /// The line as a person would quote it: without what a log puts before it and without colour.
    package let text: String
    package let kind: Kind

    package init(line: Int, text: String, kind: Kind) { (self.line, self.text, self.kind) = (line, text, kind) }

    /// The cause that a log names; `nil` where no line does.
    ///
    /// It takes time in proportion to the text, and looks at the first thousand bytes of each line.
    package static func find(in lines: [some StringProtocol]) -> Cause? {
        let texts = lines.map { Substring($0).withoutPrefix }
        let found =
            texts.lastIndex { $0.hasPrefix("Caused by:") }
            ?? texts.lastIndex { namesException($0) || namesSparkError($0) || namesDbtError($0) }
            ?? texts.lastIndex { $0.hasWord("error:") || $0.hasWord("fatal:") }
        return found.map { Cause(line: $0, text: String(texts[$0]), kind: .message) }
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
        let simpleName = name.split(separator: ".").last.map(String.init) ?? ""
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

extension Substring {
    /// The line without what may stand before an error: spaces, a time of day, Py4J's colon, Java's thread.
    fileprivate var withoutPrefix: Substring {
        var line = drop { $0 == " " }
        if line.hasPrefix(": ") { line = line.dropFirst(2) }
        let time = line.prefix { $0.isNumber || $0 == ":" }
        if time.count == 8, time.filter({ $0 == ":" }).count == 2 { line = line.dropFirst(8).drop { $0 == " " } }
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
