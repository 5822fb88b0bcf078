import Foundation
import Screen

/// The findings as text to read or to paste into a ticket, and as JSON for a script.
package struct Report: Sendable {
    package let findings: [Finding]

    package init(_ findings: [Finding]) { self.findings = findings }

    /// 0: everything passed; 1: it works, with warnings; 2: something failed.
    package var exitStatus: Int32 {
        if findings.contains(where: { $0.verdict == .failed }) { return 2 }
        return findings.contains { $0.verdict == .warning } ? 1 : 0
    }

    /// The number of failures and warnings.
    package var summary: SafeText {
        let failed = findings.count { $0.verdict == .failed }
        let warnings = findings.count { $0.verdict == .warning }
        if failed == 0 && warnings == 0 { return "Everything is in order." }
        func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
        let parts = [(failed, "failure"), (warnings, "warning")].filter { $0.0 > 0 }.map { count($0.0, $0.1) }
        return SafeText(parts.joined(separator: ", ") + ".")
    }

    /// The JSON of the report: `{"status": 0, "findings": [{"check", "verdict", "text", "advice"}]}`, with a line end.
    package var json: String {
        let document = Document(
            status: exitStatus,
            findings: findings.map {
                Document.Line(
                    check: $0.check.rawValue, verdict: $0.verdict.rawValue, text: $0.text.description,
                    advice: $0.advice.isEmpty ? nil : $0.advice.description)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Strings and one number: encoding cannot fail.
        return (try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
    }

    private struct Document: Encodable {
        let status: Int32
        let findings: [Line]

        struct Line: Encodable {
            let check, verdict, text: String
            let advice: String?
        }
    }
}

extension Finding {
    /// The lines of one finding: a mark, the check, what was found; beneath it, what to do.
    ///
    /// - Parameters:
    ///   - isUTF8: whether the marks may be `✓` and `✗`; `+` and `x` otherwise.
    ///   - width: the columns there are, on a terminal; nil for a line however long it is.
    package func lines(isUTF8: Bool, width: Int? = nil) -> [SafeText] {
        let mark: SafeText =
            switch verdict {
            case .passed: isUTF8 ? "✓" : "+"
            case .warning: "!"
            case .failed: isUTF8 ? "✗" : "x"
            case .skipped: isUTF8 ? "·" : "-"
            }
        let name = SafeText(check.rawValue.padding(toLength: 14, withPad: " ", startingAt: 0))
        let (head, indent) = (mark + " " + name + " ", SafeText(String(repeating: " ", count: 17)))
        // On a terminal too narrow for a column of text beside the names, the terminal wraps the lines.
        let room = width.map { $0 - indent.width }.flatMap { $0 >= 20 ? $0 : nil }
        func lines(_ text: SafeText) -> [SafeText] { room.map { text.wrapped(to: $0) } ?? [text] }
        let found = lines(text) + (advice.isEmpty ? [] : lines(advice))
        return found.enumerated().map { ($0.offset == 0 ? head : indent) + $0.element }
    }
}
