import Foundation
import HTTP
import OCIAuth
import Screen

/// One check and its result: a line of the report.
package struct Finding: Sendable, Equatable {
    package var check: Check
    package var verdict: Verdict
    /// What was found, in a sentence or less.
    package var text: SafeText
    /// What to do about it; empty when there is nothing to do.
    package var advice: SafeText

    package init(_ check: Check, _ verdict: Verdict, _ text: SafeText, advice: SafeText = "") {
        self.check = check
        self.verdict = verdict
        self.text = text
        self.advice = advice
    }

    /// An error that a person must fix before this check can pass.
    init(_ check: Check, _ trouble: Trouble) {
        self.init(check, .failed, SafeText(trouble.problem), advice: SafeText(trouble.advice))
    }

    init(_ check: Check, _ error: CredentialsError) {
        self.init(check, .failed, SafeText(error.problem), advice: SafeText(error.advice))
    }

    /// A check that was skipped because an earlier one failed.
    static func skipped(_ check: Check) -> Finding { Finding(check, .skipped, "not tried") }

    package enum Verdict: String, Sendable, CaseIterable {
        case passed
        /// It works, but needs attention.
        case warning
        case failed
        /// Not checked, because an earlier check failed.
        case skipped
    }
}

/// The checks in their order: each one depends on the earlier ones.
package enum Check: String, Sendable, CaseIterable {
    case settings
    case configuration, permissions, profile, key, token, region, endpoint
    case proxy, name, connection, certificate, clock
    case workspaces, jobs, recentJobRuns
    case terminal, colors, locale
}

/// The findings as text, to read or to paste into a ticket, and as JSON for a script.
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

    /// The JSON of the report, with a line end: `{"status": 0, "findings": [{"check", "verdict", "text", "advice"}]}`
    package var json: String {
        let document = Document(
            status: exitStatus,
            findings: findings.map {
                Document.Line(
                    check: $0.check.rawValue, verdict: $0.verdict.rawValue, text: $0.text.plainText,
                    advice: $0.advice.isEmpty ? nil : $0.advice.plainText)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Encoding strings and one number cannot fail.
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
    /// The lines of a finding: a mark, the check and the result; below them, what to do.
    ///
    /// - Parameters:
    ///   - isUTF8: whether the marks may be `✓` and `✗`; `+` and `x` otherwise.
    ///   - width: the number of columns of a terminal; nil to not wrap lines.
    package func lines(isUTF8: Bool, width: Int? = nil) -> [SafeText] {
        let mark: SafeText =
            switch verdict {
            case .passed: isUTF8 ? "✓" : "+"
            case .warning: "!"
            case .failed: isUTF8 ? "✗" : "x"
            case .skipped: isUTF8 ? "·" : "-"
            }
        let name = SafeText(check.rawValue.padding(toLength: 14, withPad: " ", startingAt: 0))
        let (head, indent) = (mark + " " + name + " ", SafeText.spaces(17))
        // If the terminal is too narrow for a text column beside the names, the terminal wraps the lines.
        let room = width.map { $0 - indent.width }.flatMap { $0 >= 20 ? $0 : nil }
        func lines(_ text: SafeText) -> [SafeText] { room.map { text.wrapped(to: $0) } ?? [text] }
        let found = lines(text) + (advice.isEmpty ? [] : lines(advice))
        return found.enumerated().map { ($0.offset == 0 ? head : indent) + $0.element }
    }
}
