/// A line that only announces an error, with the reason in a line below: `Database Error in model orders (…)`, `The file is
/// invalid because:`, `thread 'main' panicked at src/main.rs:4:5:`.
enum Announcement {
    /// The most announcements in a row.
    private static let depth = 3
    /// The number of lines below an announcement that are searched.
    private static let reach = 8

    /// The line with the reason; the line itself if it announces nothing.
    static func detail(of line: Int, in lines: [some StringProtocol]) -> Int {
        var found = line
        for _ in 0..<depth {
            guard announces(LogLine(Cause.bytes(of: lines[found])).text), let below = reason(below: found, in: lines)
            else { break }
            found = below
        }
        return found
    }

    static func announces(_ text: Bytes) -> Bool {
        let form = ErrorForm(ErrorForm.withoutLead(text))
        if form.form == .exception { return announces(form.message, after: text) }
        if form.form == .field { return false }
        if form.form == .code { return text.hasPrefix("Msg ") }
        if let last = text.last, ":{[".utf8.contains(last) {
            // The line may give the reason itself, before it quotes something: `Column not found in:`.
            return text.hasSuffix("because:") || !FailurePhrases.shared.meaning(of: form.message).contains(.state)
        }
        return isHeadOfDbt(text) || form.message.isEmpty
            || text.contains("the following") && text.last == UInt8(ascii: ".")
    }

    /// Whether the message of an exception contains only the number of errors, or the value that has them.
    private static func announces(_ message: Bytes, after text: Bytes) -> Bool {
        if message.isEmpty { return text.last == UInt8(ascii: ":") }
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
        var (first, last): (Int?, Int?)
        for number in (line + 1)..<min(line + 1 + reach, max(lines.count, line + 1)) {
            let text = LogLine(Cause.bytes(of: lines[number])).text
            guard text.contains(where: { $0.isLetter }), FrameForm(text) == nil else { continue }
            let meaning = FailurePhrases.shared.meaning(of: text)
            if !meaning.isDisjoint(with: [.state, .failure, .death]), !meaning.contains(.consequence) { return number }
            if meaning.isDisjoint(with: [.advice, .consequence]) { first = first ?? number }
            last = last ?? number
        }
        let needsOne = LogLine(Cause.bytes(of: lines[line])).text.last == UInt8(ascii: ":")
        return first ?? (needsOne ? last : nil)
    }
}
