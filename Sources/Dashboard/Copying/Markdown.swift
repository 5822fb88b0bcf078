import Screen

/// Text of the service in Markdown, as code, so that it cannot add Markdown of its own.
enum Markdown {
    /// A text in a line, at most 300 columns. It is enclosed in more backticks than it contains in a row.
    static func code(_ text: SafeText) -> String {
        let content = text.truncated(to: 300).plainText
        guard !content.allSatisfy({ $0 == " " }) else { return "(empty)" }
        let ticks = String(repeating: "`", count: longestRun(of: "`", in: content) + 1)
        // One space at each end is not part of the code. It separates backticks in the text from those around it.
        let space = content.contains("`") || content.hasPrefix(" ") || content.hasSuffix(" ") ? " " : ""
        return ticks + space + content + space + ticks
    }

    /// Lines in a fence that is longer than any run of backticks in them.
    static func fenced(_ lines: [SafeText]) -> [String] {
        let content = lines.map(\.plainText)
        let longest = content.lazy.map { longestRun(of: "`", in: $0) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return [fence + "text"] + content + [fence]
    }

    private static func longestRun(of character: Unicode.Scalar, in text: String) -> Int {
        var (longest, run) = (0, 0)
        for scalar in text.unicodeScalars {
            run = scalar == character ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
