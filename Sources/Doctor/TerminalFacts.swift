import Screen

/// What the dashboard would make of a terminal: from the facts to findings.
public struct TerminalFacts: Sendable {
    /// `TERM`.
    public var type: String
    /// Whether standard input and output are a terminal at all.
    public var isThere: Bool
    /// Why it cannot be drawn on; `nil` where it can.
    public var problem: SafeText?
    public var size: Size
    /// 256, 16, 8, or 0 for none.
    public var colorCount: Int
    /// Whether `NO_COLOR` asks for none.
    public var refusesColor: Bool
    public var isUTF8: Bool
    /// The locale's name, from the variable that decides.
    public var locale: String

    public init(
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

    /// - Parameter smallest: the least the dashboard can be drawn on.
    public func findings(smallest: Size) -> [Finding] {
        guard isThere else { return [Finding(.terminal, .skipped, "standard input or output is none")] }
        if let problem { return [Finding(.terminal, .failed, problem)] }
        return [size(smallest), colors, encoding]
    }

    private func size(_ smallest: Size) -> Finding {
        let fits = size.rows >= smallest.rows && size.columns >= smallest.columns
        let text: SafeText = "\(type), \(size.columns)x\(size.rows)"
        return fits
            ? Finding(.terminal, .passed, text)
            : Finding(
                .terminal, .warning, text, advice: "The dashboard needs \(smallest.columns)x\(smallest.rows) at least.")
    }

    private var colors: Finding {
        if refusesColor { return Finding(.colors, .passed, "none, as NO_COLOR asks: the theme mono") }
        if colorCount == 0 {
            return Finding(
                .colors, .warning, "none: \(type) has no colours; statuses are told by word and glyph",
                advice: "Where the terminal has colours, set TERM to its own type, such as xterm-256color.")
        }
        return Finding(.colors, .passed, "\(colorCount): the theme dark, unless --theme says otherwise")
    }

    private var encoding: Finding {
        isUTF8
            ? Finding(.locale, .passed, "\(locale), UTF-8")
            : Finding(
                .locale, .warning, "\(locale), not UTF-8: what is not ASCII is drawn as ?",
                advice: "Set LANG or LC_ALL to a UTF-8 locale, such as C.UTF-8.")
    }
}
