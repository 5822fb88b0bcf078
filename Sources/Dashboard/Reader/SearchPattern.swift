import Foundation
import Screen

/// A regular expression that is searched for in lines. Small letters find any case; with a capital, itself alone.
struct SearchPattern: Hashable, Sendable {
    /// As it was typed.
    let text: SafeText
    private let expression: Expression

    /// `NSRegularExpression` does not change once it is made, and several threads may use it (its documentation), but it is
    /// marked as Sendable on some platforms only.
    private struct Expression: Hashable, @unchecked Sendable {
        let compiled: NSRegularExpression

        static func == (left: Expression, right: Expression) -> Bool {
            left.compiled.pattern == right.compiled.pattern && left.compiled.options == right.compiled.options
        }

        func hash(into hasher: inout Hasher) { hasher.combine(compiled.pattern) }
    }

    /// Why a text is no regular expression.
    struct Mistake: Error, Hashable {
        let reason: SafeText
    }

    init(_ typed: String) throws(Mistake) {
        text = SafeText(typed)
        let options: NSRegularExpression.Options = Self.hasCapital(typed) ? [] : .caseInsensitive
        // What the screen shows is searched: a control character as its escape.
        let isShownAsTyped = text.plainText == typed || text.visibleEscapes.isEmpty
        let pattern = isShownAsTyped ? typed : NSRegularExpression.escapedPattern(for: text.plainText)
        guard let compiled = try? NSRegularExpression(pattern: pattern, options: options) else {
            throw Mistake(reason: Self.reason(typed))
        }
        expression = Expression(compiled: compiled)
    }

    /// Why a line that is being typed is no regular expression; `nil` for one that is, and for an empty line.
    static func mistake(in typed: String) -> SafeText? {
        do throws(Mistake) {
            if !typed.isEmpty { _ = try SearchPattern(typed) }
            return nil
        } catch {
            return error.reason
        }
    }

    /// A class such as `\S` is no capital.
    private static func hasCapital(_ typed: String) -> Bool {
        var isEscaped = false
        for character in typed {
            if !isEscaped, character.isUppercase { return true }
            isEscaped = !isEscaped && character == "\\"
        }
        return false
    }

    /// What is wrong, as far as counting brackets says: the library names no reason.
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

    /// How often the library may report while one line is searched, besides once for each place in it, and the work that each
    /// report stands for, in bytes of an easy line. Some expressions would take for ever on some lines.
    private static let mostReports = 40
    private static let bytesOfReport = 16_384

    /// Whether it repeats a group, or refers to one: only such an expression takes much longer than the line is long. The
    /// reports that end it in time make the others four times as slow.
    private var mayTakeLong: Bool {
        let pattern = expression.compiled.pattern
        return [")*", ")+", "){", ")?", "\\1", "\\k"].contains { pattern.contains($0) }
    }

    /// The columns of a line at which it occurs.
    func ranges(in line: SafeText) -> [Range<Int>] {
        var work = 0
        return ranges(in: line, work: &work)
    }

    /// The columns of a line at which it occurs, from left to right and not overlapping. An empty match counts for nothing,
    /// and a search of one line that takes too long ends.
    ///
    /// - Parameter work: what it took is added, in bytes.
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
