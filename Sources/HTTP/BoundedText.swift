extension StringProtocol {
    /// At most `count` Unicode scalars, with an ellipsis where something was cut.
    ///
    /// Scalars, because a single `Character` may carry any number of combining marks.
    package func bounded(to count: Int) -> String {
        guard
            let end = unicodeScalars.index(
                unicodeScalars.startIndex, offsetBy: count, limitedBy: unicodeScalars.endIndex),
            end != unicodeScalars.endIndex
        else { return String(self) }
        return String(self[..<end]) + "…"
    }

    /// The text on one line: every run of white space becomes one space.
    package var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
