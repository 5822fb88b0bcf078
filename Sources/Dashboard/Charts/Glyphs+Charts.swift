import Screen

/// What charts are drawn with. Each has a form in ASCII.
extension Glyphs {
    /// One of eight levels for a share, 0…1.
    func level(_ share: Double) -> SafeText {
        guard self == .ascii else { return bar(share) }
        let levels: [SafeText] = ["_", ".", ":", "-", "=", "+", "*", "#"]
        guard share.isFinite else { return levels[0] }
        return levels[min(max(Int((share * 8).rounded(.up)) - 1, 0), 7)]
    }

    /// How dark a field of a map is for a share, 0…1; blank for none at all.
    func shade(_ share: Double) -> SafeText {
        guard share > 0 else { return " " }
        let shades: [SafeText] = self == .utf8 ? ["░", "▒", "▓", "█"] : [".", ":", "*", "#"]
        return shades[min(max(Int((share * 4).rounded(.up)) - 1, 0), 3)]
    }

    /// A cell filled from the left by a share of it, 0…1, in eighths; `nil` where nothing of it is filled.
    func filled(_ share: Double) -> SafeText? {
        let eighths = Int((min(max(share, 0), 1) * 8).rounded(.down))
        guard self == .utf8 else { return eighths >= 4 ? "#" : nil }
        let cells: [SafeText] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
        return eighths == 0 ? nil : cells[eighths - 1]
    }

    /// The part of a bar that is not filled, the marks of the median and of the 90th percentile in it, and its end when
    /// the run has gone past that.
    var barRest: SafeText { self == .utf8 ? "·" : "." }
    var medianMark: SafeText { self == .utf8 ? "┊" : ":" }
    var p90Mark: SafeText { self == .utf8 ? "│" : "|" }
    var pastP90: SafeText { self == .utf8 ? "»" : ">" }

    /// The lines of a chart at the median and at the 90th percentile.
    var medianLine: SafeText { self == .utf8 ? "─" : "_" }
    var p90Line: SafeText { self == .utf8 ? "┄" : "~" }

    /// A cell of 2 × 4 dots, numbered as Unicode numbers them: its bits are those of U+2800 … U+28FF.
    static func braille(_ dots: UInt8) -> SafeText { brailleCells[Int(dots)] }

    private static let brailleCells = (0..<256).map { dots in
        SafeText(String(Unicode.Scalar(0x2800 + UInt32(dots)) ?? " "))
    }

    /// Words of runtop's own, which may have a sign that is not ASCII.
    func words(_ text: String) -> SafeText {
        guard self == .ascii else { return SafeText(text) }
        let ascii: [Character: String] = ["×": "x", "–": "-", "−": "-", "±": "+-", "…": "...", "≥": ">=", "≤": "<="]
        return SafeText(text.reduce(into: "") { $0 += ascii[$1] ?? String($1) })
    }
}
