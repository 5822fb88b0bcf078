/// A line that only announces an error, with the reason in a line below: `Database Error in model orders (…)`, `The file is
/// invalid because:`, `thread 'main' panicked at src/main.rs:4:5:`, `-- [E007] Type Mismatch Error: -----`.
enum Announcement {
    /// The most announcements in a row.
    private static let depth = 3
    /// The number of lines below an announcement that are searched.
    private static let reach = 8

    /// The line with the reason; the line itself if it announces nothing.
    static func detail(of line: Int, in lines: [some StringProtocol]) -> Int {
        var found = line
        for _ in 0..<depth {
            let text = LogLine(Cause.bytes(of: lines[found])).text
            let isTold = announces(text) || ErrorForm.afterResult(text) != nil && explains(found, in: lines)
            guard let below = quoted(below: found, in: lines) ?? (isTold ? reason(below: found, in: lines) : nil)
            else { break }
            found = below
        }
        return found
    }

    /// The next line, where it begins with `> `: Gradle quotes an error under the one that it caused.
    private static func quoted(below line: Int, in lines: [some StringProtocol]) -> Int? {
        guard line + 1 < lines.count else { return nil }
        var text = Cause.bytes(of: lines[line + 1])
        _ = text.removeSpaces()
        return text.hasPrefix("> ") ? line + 1 : nil
    }

    /// Whether the result of a test is explained by the next line: it is further in, or a comment.
    private static func explains(_ line: Int, in lines: [some StringProtocol]) -> Bool {
        guard line + 1 < lines.count else { return false }
        let below = LogLine(Cause.bytes(of: lines[line + 1]))
        return below.text.first == UInt8(ascii: "#")
            || below.indentation > LogLine(Cause.bytes(of: lines[line])).indentation
    }

    static func announces(_ text: Bytes) -> Bool {
        // A text in YAML stands below its name.
        if text.hasSuffix(": |-") || text.hasSuffix(": |") { return true }
        // The Scala compiler quotes the code under such a line, and then gives the reason.
        if text.hasPrefix("-- "), text.hasSuffix("---") { return true }
        let form = ErrorForm(ErrorForm.withoutLead(text))
        if form.form == .exception { return announces(form.message, after: text) }
        if form.form == .field { return false }
        if form.form == .code { return text.hasPrefix("Msg ") }
        if let last = text.last, ":{[".utf8.contains(last) {
            // The line may give the reason itself, before it quotes something: `Column not found in:`.
            return text.hasSuffix("because:") || !FailurePhrases.shared.meaning(of: form.message).contains(.state)
        }
        return isHeadOfDbt(text) || isHeadOfDbt(form.message) || form.message.isEmpty
            || text.contains("the following") && text.last == UInt8(ascii: ".")
    }

    /// Whether the message of an exception contains only the number of errors, or the value that has them.
    private static func announces(_ message: Bytes, after text: Bytes) -> Bool {
        if message.isEmpty { return text.last == UInt8(ascii: ":") }
        // The message is an exception that says nothing: `AnalysisException: java.lang.RuntimeException:`.
        if let inner = ErrorForm.exception(message), inner.message.isEmpty { return inner.isGeneral }
        let count = message.prefix { $0.isDigit }
        let counted = message[count.endIndex...]
        if !count.isEmpty, counted.first == 0x20, counted.prefix(40).contains(" error") { return true }
        return message.first == UInt8(ascii: "{") && message.last == UInt8(ascii: "}")
    }

    /// `Runtime Error`, `Database Error in model orders (models/orders.sql)`.
    static func isHeadOfDbt(_ text: Bytes) -> Bool {
        let words = text.split(separator: 0x20, maxSplits: 3)
        let kinds =
            ["Runtime", "Database", "Compilation", "Parsing", "Dependency", "Validation", "Internal"] as [StaticString]
        guard words.count >= 2, words[1].elementsEqual("Error".utf8), kinds.contains(where: { words[0].hasPrefix($0) })
        else { return false }
        return words.count == 2 || words[2].elementsEqual("in".utf8)
    }

    /// The first line below with a failure phrase, or else the first with any words.
    private static func reason(below line: Int, in lines: [some StringProtocol]) -> Int? {
        let announcement = LogLine(Cause.bytes(of: lines[line]))
        var (first, last, block): (Int?, Int?, Int?)
        for number in (line + 1)..<min(line + 1 + reach, max(lines.count, line + 1)) {
            let below = LogLine(Cause.bytes(of: lines[number]))
            let text = below.text
            guard text.contains(where: { $0.isLetter }), FrameForm(text) == nil, !text.isCode else { continue }
            // Where what stands below is further in, it ends with the first line that is not.
            block = block ?? below.indentation
            if let block, block > announcement.indentation, below.indentation < block { break }
            let meaning = FailurePhrases.shared.meaning(of: text)
            if !meaning.isDisjoint(with: [.state, .failure, .death]), !meaning.contains(.consequence) { return number }
            if ErrorForm(text).form == .field { return number }
            if meaning.isDisjoint(with: [.advice, .consequence]) { first = first ?? number }
            last = last ?? number
        }
        let needsOne = announcement.text.last == UInt8(ascii: ":")
        guard let found = first ?? (needsOne ? last : nil) else { return nil }
        // `error: the following file has local modifications:` says more than the name of the file.
        let isSentence = ErrorForm(announcement.text).message.contains(where: \.isSpace)
        return isSentence && !LogLine(Cause.bytes(of: lines[found])).text.contains(where: \.isSpace) ? nil : found
    }
}
