import Screen

/// The characters for charts. Each has an ASCII form.
extension Glyphs {
    /// One of eight levels for a value, 0…1.
    func level(_ share: Double) -> SafeText {
        guard self == .ascii else { return bar(share) }
        let levels: [SafeText] = ["_", ".", ":", "-", "=", "+", "*", "#"]
        guard share.isFinite else { return levels[0] }
        return levels[min(max(Int((share * 8).rounded(.up)) - 1, 0), 7)]
    }

    /// The shade of a field for a value, 0…1; blank for 0.
    func shade(_ share: Double) -> SafeText {
        guard share > 0 else { return " " }
        let shades: [SafeText] = self == .utf8 ? ["░", "▒", "▓", "█"] : [".", ":", "*", "#"]
        return shades[min(max(Int((share * 4).rounded(.up)) - 1, 0), 3)]
    }

    /// A cell filled from the left, for a value 0…1, in eighths; `nil` if no part is filled.
    func filled(_ share: Double) -> SafeText? {
        let eighths = Int((min(max(share, 0), 1) * 8).rounded(.down))
        guard self == .utf8 else { return eighths >= 4 ? "#" : nil }
        let cells: [SafeText] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
        return eighths == 0 ? nil : cells[eighths - 1]
    }

    /// The unfilled part of a bar, the marks of the median and the 90th percentile in it, and the end of the bar of a run
    /// that has exceeded the 90th percentile.
    var barRest: SafeText { self == .utf8 ? "·" : "." }
    var medianMark: SafeText { self == .utf8 ? "┊" : ":" }
    var p90Mark: SafeText { self == .utf8 ? "│" : "|" }
    var pastP90: SafeText { self == .utf8 ? "»" : ">" }

    /// The lines of the median and the 90th percentile in a chart.
    var medianLine: SafeText { self == .utf8 ? "─" : "_" }
    var p90Line: SafeText { self == .utf8 ? "┄" : "~" }

    /// A cell of 2 × 4 dots. The bits are numbered as in Unicode: U+2800 … U+28FF.
    static func braille(_ dots: UInt8) -> SafeText { brailleCells[Int(dots)] }

    private static let brailleCells = (0..<256).map { dots in
        SafeText(String(Unicode.Scalar(0x2800 + UInt32(dots)) ?? " "))
    }

    /// A text of runtop's own, with non-ASCII characters replaced if necessary.
    func words(_ text: String) -> SafeText {
        guard self == .ascii else { return SafeText(text) }
        let ascii: [Character: String] = ["×": "x", "–": "-", "−": "-", "±": "+-", "…": "...", "≥": ">=", "≤": "<="]
        return SafeText(text.reduce(into: "") { $0 += ascii[$1] ?? String($1) })
    }
}
