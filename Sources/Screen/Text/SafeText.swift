/// Text that cannot harm a terminal: the only text a ``Canvas`` takes.
///
/// ``SafeTextFilter`` makes it, from whatever a service or a file sent. Literals and interpolated values go through
/// the same filter: there is no other way to make one. An unsafe character becomes visible as `<U+202E>`, and its
/// columns are remembered (``visibleEscapes``), so that the screen shows it differently from text which merely *spells*
/// `<U+202E>`. A text that is turned into a `String` and filtered again loses that: pass the `SafeText` on.
public struct SafeText: Sendable, Hashable {
    /// The safe characters, escapes spelled out.
    let text: String

    /// The columns it takes on a screen.
    public let width: Int

    /// The columns that stand for something unsafe, in order and not touching, to be drawn in reverse.
    public let visibleEscapes: [Range<Int>]

    /// Makes one line of `untrusted`: tabs and line ends become visible like every other control.
    public init(_ untrusted: some StringProtocol) {
        self.init(untrusted, tabWidth: nil)
    }

    /// Makes one line of bytes, read as strict UTF-8: what is not becomes U+FFFD.
    public init(utf8 untrusted: some Sequence<UInt8>) {
        self.init(String(decoding: Array(untrusted), as: UTF8.self))
    }

    /// With a `tabWidth`, tabs become spaces up to the next multiple of it.
    init(_ untrusted: some StringProtocol, tabWidth: Int?) {
        if untrusted.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) {
            self.init(asciiText: String(untrusted))
        } else {
            var filter = SafeTextFilter()
            filter.run(untrusted, tabWidth: tabWidth)
            self.init(text: filter.text, width: filter.width, visibleEscapes: filter.escapes)
        }
    }

    /// From parts of texts that went through the filter already. For nothing else.
    init(text: String, width: Int, visibleEscapes: [Range<Int>]) {
        self.text = text
        self.width = width
        self.visibleEscapes = visibleEscapes
    }

    /// From printable ASCII.
    init(asciiText: String) {
        self.init(text: asciiText, width: asciiText.utf8.count, visibleEscapes: [])
    }

    /// No text.
    public static let empty = SafeText(asciiText: "")

    /// So many spaces.
    public static func spaces(_ count: Int) -> SafeText {
        SafeText(asciiText: String(repeating: " ", count: max(0, count)))
    }

    /// Whether it takes no column.
    public var isEmpty: Bool { width == 0 }

    /// Whether every cluster is one byte. Everything else takes more bytes than columns: two columns start at three
    /// bytes, and a mark adds bytes but no column.
    var isASCII: Bool { text.utf8.count == width }

    public static func + (left: SafeText, right: SafeText) -> SafeText {
        if left.isEmpty { return right }
        if right.isEmpty { return left }
        var escapes = left.visibleEscapes
        for escape in right.visibleEscapes {
            let moved = (escape.lowerBound + left.width)..<(escape.upperBound + left.width)
            if let last = escapes.last, last.upperBound == moved.lowerBound {
                escapes[escapes.count - 1] = last.lowerBound..<moved.upperBound
            } else {
                escapes.append(moved)
            }
        }
        return SafeText(text: left.text + right.text, width: left.width + right.width, visibleEscapes: escapes)
    }

    public static func += (left: inout SafeText, right: SafeText) {
        left = left + right
    }
}

extension SafeText: CustomStringConvertible {
    /// The plain safe text, escapes as `<U+202E>`: for standard error, tables and logs.
    public var description: String { text }
}

extension Sequence<SafeText> {
    /// The texts in one, with `separator` between them.
    public func joined(separator: SafeText = .empty) -> SafeText {
        var result = SafeText.empty
        var isFirst = true
        for text in self {
            if !isFirst { result += separator }
            result += text
            isFirst = false
        }
        return result
    }
}
