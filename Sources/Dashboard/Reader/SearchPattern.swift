import Foundation
import Screen

/// A regular expression to search for. It ignores case unless it contains a capital letter.
struct SearchPattern: Hashable, Sendable {
    /// The text as typed.
    let text: SafeText
    private let expression: Expression

    /// `NSRegularExpression` is immutable, and its documentation allows use from several threads, but only some platforms
    /// mark it as Sendable.
    private struct Expression: Hashable, @unchecked Sendable {
        let compiled: NSRegularExpression

        static func == (left: Expression, right: Expression) -> Bool {
            left.compiled.pattern == right.compiled.pattern && left.compiled.options == right.compiled.options
        }

        func hash(into hasher: inout Hasher) { hasher.combine(compiled.pattern) }
    }

    /// Why a text is not a valid regular expression.
    struct Mistake: Error, Hashable {
        let reason: SafeText
    }

    init(_ typed: String) throws(Mistake) {
        text = SafeText(typed)
        let options: NSRegularExpression.Options = Self.hasCapital(typed) ? [] : .caseInsensitive
        // The search works on the text as shown: a control character as its escape.
        let isShownAsTyped = text.plainText == typed || text.visibleEscapes.isEmpty
        let pattern = isShownAsTyped ? typed : NSRegularExpression.escapedPattern(for: text.plainText)
        guard let compiled = try? NSRegularExpression(pattern: pattern, options: options) else {
            throw Mistake(reason: Self.reason(typed))
        }
        expression = Expression(compiled: compiled)
    }

    /// Why the input is not a valid regular expression; `nil` if it is valid or empty.
    static func mistake(in typed: String) -> SafeText? {
        do throws(Mistake) {
            if !typed.isEmpty { _ = try SearchPattern(typed) }
            return nil
        } catch {
            return error.reason
        }
    }

    /// A class such as `\S` does not count as a capital letter.
    private static func hasCapital(_ typed: String) -> Bool {
        var isEscaped = false
        for character in typed {
            if !isEscaped, character.isUppercase { return true }
            isEscaped = !isEscaped && character == "\\"
        }
        return false
    }

    /// The error, found by counting brackets, because the library gives no reason.
    private static func reason(_ typed: String) -> SafeText {
        var (parentheses, isInClass, isEscaped) = (0, false, false)
        var before: Character?
        for character in typed {
            defer { before = isEscaped ? "a" : character }
            if isEscaped {
                isEscaped = false
                continue
            }
            switch character {
            case "\\": isEscaped = true
            case "[" where !isInClass: isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass: parentheses += 1
            case ")" where !isInClass:
                parentheses -= 1
                if parentheses < 0 { return "a ) closes nothing; \\) finds one" }
            case "*", "+", "?":
                if !isInClass, before == nil || before == "(" || before == "|", character != "?" || before != "(" {
                    return "nothing before \(String(character)) to repeat; \\\(String(character)) finds one"
                }
            default: break
            }
        }
        if isEscaped { return "something must follow the \\" }
        if isInClass { return "a [ is not closed; \\[ finds one" }
        if parentheses > 0 { return "a ( is not closed; \\( finds one" }
        return "it is not finished, or a sign in it needs a \\ before it"
    }

    /// How often the library may report progress on one line, besides once per position in it, and the work per report, in
    /// bytes of a simple line. Some expressions would take practically for ever on some lines.
    private static let mostReports = 40
    private static let bytesOfReport = 16_384

    /// Whether the expression repeats a group or refers to one: only such expressions can take much longer than the length
    /// of the line. The progress reports, which allow to stop them, make other expressions four times as slow.
    private var mayTakeLong: Bool {
        let pattern = expression.compiled.pattern
        return [")*", ")+", "){", ")?", "\\1", "\\k"].contains { pattern.contains($0) }
    }

    /// The columns of the matches in a line.
    func ranges(in line: SafeText) -> [Range<Int>] {
        var work = 0
        return ranges(in: line, work: &work)
    }

    /// The columns of the matches in a line, from left to right, without overlaps. Ignores empty matches, and stops if the
    /// line takes too long.
    ///
    /// - Parameter work: the work done is added, in bytes.
    func ranges(in line: SafeText, work: inout Int) -> [Range<Int>] {
        let text = line.plainText
        work += text.utf8.count + 64
        guard !text.isEmpty else { return [] }
        var found: [Range<Int>] = []
        let count = text.utf16.count
        var reports = -count
        expression.compiled.enumerateMatches(
            in: text, options: mayTakeLong ? .reportProgress : [], range: NSRange(location: 0, length: count)
        ) { match, _, stop in
            if let range = match?.range, range.length > 0 {
                found.append(range.location..<range.location + range.length)
            } else if match == nil {
                reports += 1
                if reports > Self.mostReports { stop.pointee = true }
            }
        }
        work += max(reports, 0) * Self.bytesOfReport
        return line.columnRanges(ofUTF16: found)
    }
}
