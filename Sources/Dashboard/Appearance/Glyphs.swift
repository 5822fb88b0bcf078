import Runs
import Screen

/// The characters the dashboard draws with: UTF-8 where the locale has it, else ASCII.
package enum Glyphs: String, Sendable, Hashable, CaseIterable {
    case utf8
    case ascii

    func status(_ status: RunStatus) -> SafeText {
        self == .utf8 ? status.appearance.glyph : status.appearance.asciiGlyph
    }

    /// A bar for the share of the longest, 0…1, in eighths.
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
    /// A dash for what is not known.
    var nothing: SafeText { self == .utf8 ? "–" : "-" }

    /// The sides of a box: horizontal, vertical, and the corners from top left, clockwise.
    var box: (horizontal: SafeText, vertical: SafeText, corners: [SafeText]) {
        self == .utf8 ? ("─", "│", ["┌", "┐", "┘", "└"]) : ("-", "|", ["+", "+", "+", "+"])
    }
}
