import Screen

/// A text in one style.
typealias Span = (text: SafeText, style: Style)

/// A text in several styles: what a cell of a table holds.
struct StyledText {
    private(set) var spans: [Span]

    init(_ text: SafeText, _ style: Style) { spans = [(text, style)] }

    init(_ spans: [Span]) { self.spans = spans }

    /// Spans with a separator between each two.
    init(_ spans: [Span], separator: Span) {
        self.spans = Array(spans.map { [$0] }.joined(separator: [separator]))
    }

    var width: Int { spans.reduce(0) { $0 + $1.text.width } }
}

extension Canvas {
    /// Writes spans one after another into a field; what does not fit is cut.
    mutating func write(
        _ text: StyledText, row: Int, column: Int, width: Int, alignment: Canvas.Alignment = .leading,
        restyle: (Style) -> Style = { $0 }
    ) {
        var column = alignment == .trailing ? column + max(width - text.width, 0) : column
        var left = alignment == .trailing ? min(width, text.width) : width
        for (text, style) in text.spans where left > 0 {
            write(text.truncated(to: left), row: row, column: column, style: restyle(style))
            column += min(text.width, left)
            left -= text.width
        }
    }
}

/// How the dashboard looks on this terminal.
package struct Appearance: Hashable, Sendable {
    package var theme: Theme
    package var glyphs: Glyphs

    package init(theme: Theme, glyphs: Glyphs) {
        self.theme = theme
        self.glyphs = glyphs
    }

    /// Whether the strip of a job's runs is drawn in bars: they need colour to tell the statuses apart.
    var showsBars: Bool { theme.hasColor && glyphs == .utf8 }

    func styled(_ text: SafeText, _ role: Role) -> Span { (text, theme.style(role)) }
}
