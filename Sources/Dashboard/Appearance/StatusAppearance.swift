import Runs
import Screen

/// How a status looks besides its colour: a glyph and a word of its own, so that a screen without colour says the same.
struct StatusAppearance {
    /// One column wide in every terminal: none of these has an emoji form.
    let glyph: SafeText
    /// The glyph where the locale is not UTF-8.
    let asciiGlyph: SafeText
    /// The word on a narrow screen, at most eight columns; the wide screen has the service's own.
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

    /// What the legend says of it.
    var explanation: SafeText {
        switch self {
        case .pending: "created, not yet queued"
        case .queued: "waits for its turn"
        case .running: "at work"
        case .skipped: "an earlier run was still active"
        case .internalError: "the platform failed, not the job"
        case .blocked: "waits for something upstream"
        case .success: "ended well"
        case .failed: "ended with an error"
        case .canceling: "is being canceled"
        case .canceled: "was canceled"
        case .upstreamCanceled: "what it depends on was canceled"
        case .upstreamFailed: "what it depends on failed"
        case .excluded: "its conditions were not met"
        case .timedOut: "took longer than it may"
        case .pausedMaintenance: "held up by maintenance"
        case .unknown: "a status runtop does not know"
        case .missing: "came without a status"
        }
    }
}
