import Runs
import Screen

/// The characters that the dashboard draws with: UTF-8 if the locale supports it, otherwise ASCII.
package enum Glyphs: String, Sendable, Hashable, CaseIterable {
    case utf8
    case ascii

    func status(_ status: RunStatus) -> SafeText {
        self == .utf8 ? status.appearance.glyph : status.appearance.asciiGlyph
    }

    /// A bar for a value relative to the longest, 0…1, in eighths.
    func bar(_ share: Double) -> SafeText {
        let bars: [SafeText] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        guard share.isFinite else { return bars[0] }
        return bars[min(max(Int((min(max(share, 0), 1) * 8).rounded(.up)) - 1, 0), 7)]
    }

    var separator: SafeText { self == .utf8 ? " · " : " - " }
    var rule: SafeText { self == .utf8 ? "─" : "-" }
    var times: SafeText { self == .utf8 ? "×" : "x" }
    var ascending: SafeText { self == .utf8 ? "▲" : "^" }
    var descending: SafeText { self == .utf8 ? "▼" : "v" }
    var warning: SafeText { self == .utf8 ? "✗" : "!" }
    var selected: SafeText { ">" }
    var stale: SafeText { "~" }
    /// A dash for an unknown value.
    var nothing: SafeText { self == .utf8 ? "–" : "-" }

    /// The sides of a box: horizontal, vertical, and the corners from top left, clockwise.
    var box: (horizontal: SafeText, vertical: SafeText, corners: [SafeText]) {
        self == .utf8 ? ("─", "│", ["┌", "┐", "┘", "└"]) : ("-", "|", ["+", "+", "+", "+"])
    }
}

/// How a status looks apart from its colour: with its own glyph and word, so that colour is not needed.
struct StatusAppearance {
    /// One column wide in every terminal: none of these has an emoji form.
    let glyph: SafeText
    /// The glyph if the locale is not UTF-8.
    let asciiGlyph: SafeText
    /// The word on a narrow screen, at most eight columns; a wide screen shows the service's own word.
    let shortWord: SafeText

    init(_ glyph: SafeText, _ asciiGlyph: SafeText, _ shortWord: SafeText) {
        self.glyph = glyph
        self.asciiGlyph = asciiGlyph
        self.shortWord = shortWord
    }
}

extension RunStatus {
    var appearance: StatusAppearance {
        switch self {
        case .pending: StatusAppearance("○", "o", "PENDING")
        case .queued: StatusAppearance("◔", "=", "QUEUED")
        case .running: StatusAppearance("►", "*", "RUNNING")
        case .skipped: StatusAppearance("»", ")", "SKIPPED")
        case .internalError: StatusAppearance("※", "#", "INTERNAL")
        case .blocked: StatusAppearance("■", "%", "BLOCKED")
        case .success: StatusAppearance("✓", "+", "SUCCESS")
        case .failed: StatusAppearance("✗", "X", "FAILED")
        case .canceling: StatusAppearance("◌", "c", "CANCELNG")
        case .canceled: StatusAppearance("⊘", "-", "CANCELED")
        case .upstreamCanceled: StatusAppearance("⊖", "/", "UP-CANCL")
        case .upstreamFailed: StatusAppearance("↯", "^", "UP-FAIL")
        case .excluded: StatusAppearance("∅", "0", "EXCLUDED")
        case .timedOut: StatusAppearance("◷", "T", "TIMEOUT")
        case .pausedMaintenance: StatusAppearance("‖", "|", "PAUSED")
        case .unknown(let value): StatusAppearance("?", "?", SafeText(value).truncated(to: 8))
        case .missing: StatusAppearance("·", ".", "none")
        }
    }

    /// The service's own word.
    var word: SafeText { self == .missing ? "no status" : SafeText(wireValue) }

    /// The explanation in the legend.
    var explanation: SafeText {
        switch self {
        case .pending: "created, not yet queued"
        case .queued: "waiting for its turn"
        case .running: "running"
        case .skipped: "an earlier run was still active"
        case .internalError: "the platform failed, not the job"
        case .blocked: "waiting for something upstream"
        case .success: "succeeded"
        case .failed: "failed with an error"
        case .canceling: "being canceled"
        case .canceled: "canceled"
        case .upstreamCanceled: "what it depends on was canceled"
        case .upstreamFailed: "what it depends on failed"
        case .excluded: "its conditions were not met"
        case .timedOut: "exceeded its timeout"
        case .pausedMaintenance: "paused for maintenance"
        case .unknown: "a status runtop does not know"
        case .missing: "came without a status"
        }
    }
}
