import Screen

/// A text in several styles: what a cell of a table holds.
struct StyledText {
    private(set) var spans: [(text: SafeText, style: Style)]

    init(_ text: SafeText, _ style: Style) { spans = [(text, style)] }

    init(_ spans: [(text: SafeText, style: Style)]) { self.spans = spans }

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
