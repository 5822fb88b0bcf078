import Screen

package struct TerminalFacts: Sendable {
    /// `TERM`.
    package var type: String
    /// Whether standard input and output are a terminal.
    package var isThere: Bool
    /// Why the dashboard cannot be drawn on it; `nil` if it can.
    package var problem: SafeText?
    package var size: Size
    /// 256, 16 or 8; 0 for no colors.
    package var colorCount: Int
    /// Whether `NO_COLOR` is set.
    package var refusesColor: Bool
    package var isUTF8: Bool
    /// The name of the locale, from the environment variable that applies.
    package var locale: String

    package init(
        type: String, isThere: Bool, problem: SafeText?, size: Size, colorCount: Int, refusesColor: Bool, isUTF8: Bool,
        locale: String
    ) {
        self.type = type
        self.isThere = isThere
        self.problem = problem
        self.size = size
        self.colorCount = colorCount
        self.refusesColor = refusesColor
        self.isUTF8 = isUTF8
        self.locale = locale
    }
}

/// Checks whether the dashboard can be drawn on the terminal, and how.
struct TerminalChecks {
    let terminal: TerminalFacts
    /// The minimum size for the dashboard.
    let smallest: Size

    var findings: [Finding] {
        guard terminal.isThere else {
            return [Finding(.terminal, .skipped, "standard input or output is not a terminal")]
        }
        if let problem = terminal.problem { return [Finding(.terminal, .failed, problem)] }
        return [size, colors, encoding]
    }

    private var size: Finding {
        let size = terminal.size
        let fits = size.rows >= smallest.rows && size.columns >= smallest.columns
        let text: SafeText = "\(terminal.type), \(size.columns)x\(size.rows)"
        return fits
            ? Finding(.terminal, .passed, text)
            : Finding(
                .terminal, .warning, text, advice: "The dashboard needs at least \(smallest.columns)x\(smallest.rows).")
    }

    private var colors: Finding {
        if terminal.refusesColor {
            return Finding(.colors, .passed, "none, because NO_COLOR is set: the theme is mono")
        }
        if terminal.colorCount == 0 {
            return Finding(
                .colors, .warning, "none: \(terminal.type) has no colours; statuses are shown by word and glyph",
                advice: "If the terminal has colours, set TERM to its own type, such as xterm-256color.")
        }
        return Finding(.colors, .passed, "\(terminal.colorCount): the default theme is dark")
    }

    private var encoding: Finding {
        terminal.isUTF8
            ? Finding(.locale, .passed, "\(terminal.locale), UTF-8")
            : Finding(
                .locale, .warning, "\(terminal.locale), not UTF-8: characters outside ASCII are shown as ?",
                advice: "Set LANG or LC_ALL to a UTF-8 locale, such as C.UTF-8.")
    }
}
