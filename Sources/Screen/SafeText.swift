/// Text that cannot harm a terminal: the only text that a ``Canvas`` accepts.
///
/// ``SafeTextFilter`` creates it from the text of a service or a file. Literals and interpolated values pass the same
/// filter; there is no other way to create one. An unsafe character becomes its visible escape, such as `<U+202E>`.
/// ``visibleEscapes`` has the columns of the escapes, so that the screen shows them differently from a text that only spells
/// `<U+202E>`. Pass on the `SafeText` itself: its ``plainText`` does not have that difference.
package struct SafeText: Sendable, Hashable {
    /// The safe characters as a `String`, with escapes spelled out: for standard error, logs and files.
    ///
    /// It loses ``visibleEscapes``: a `SafeText` created from it cannot distinguish the escape of an unsafe character from a
    /// text that only spells it.
    package let plainText: String

    /// The number of columns on the screen.
    package let width: Int

    /// The columns of escapes, in order, without touching ranges. They are drawn in reverse.
    package let visibleEscapes: [Range<Int>]

    /// Creates one line: tabs and line ends become visible, like all control characters.
    package init(_ untrusted: some StringProtocol) {
        self.init(untrusted, tabWidth: nil)
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

    /// For parts of texts that have passed the filter.
    init(text: String, width: Int, visibleEscapes: [Range<Int>]) {
        plainText = text
        self.width = width
        self.visibleEscapes = visibleEscapes
    }

    /// For printable ASCII.
    init(asciiText: String) {
        self.init(text: asciiText, width: asciiText.utf8.count, visibleEscapes: [])
    }

    package static let empty = SafeText(asciiText: "")

    /// A text of `count` spaces; empty for a negative count.
    package static func spaces(_ count: Int) -> SafeText {
        SafeText(asciiText: String(repeating: " ", count: max(0, count)))
    }

    /// Whether the text has no columns.
    package var isEmpty: Bool { width == 0 }

    /// Whether every cluster is one byte. Other clusters have more bytes than columns: a wide one has at least three bytes,
    /// and a mark adds bytes but no column.
    var isASCII: Bool { plainText.utf8.count == width }

    package static func + (left: SafeText, right: SafeText) -> SafeText {
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
        return SafeText(
            text: left.plainText + right.plainText, width: left.width + right.width, visibleEscapes: escapes)
    }

    package static func += (left: inout SafeText, right: SafeText) {
        left = left + right
    }
}

extension SafeText: TextOutputStreamable {
    /// Writes the text that `print` and a failed test show.
    package func write(to target: inout some TextOutputStream) { target.write(plainText) }
}

extension DefaultStringInterpolation {
    /// A `SafeText` in a `String` would lose ``SafeText/visibleEscapes`` silently: write its ``SafeText/plainText``.
    /// Deprecated, because the compiler would replace an unavailable function by the generic one.
    @available(*, deprecated, message: "write plainText, which shows that the text leaves the type")
    package mutating func appendInterpolation(_ text: SafeText) { appendLiteral(text.plainText) }
}

extension Sequence<SafeText> {
    /// Joins all texts, with `separator` between them.
    package func joined(separator: SafeText = .empty) -> SafeText {
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

extension SafeText {
    /// The lines of a longer text, which end with LF or CRLF. A tab becomes spaces up to the next multiple of `tabWidth`.
    ///
    /// A CR outside a line end would overwrite the text before it, so it becomes visible. A line end at the end of the text
    /// starts no further line, and an empty text has no lines.
    package static func lines(of untrusted: String, tabWidth: Int = 8) -> [SafeText] {
        var untrusted = untrusted
        let sizes = untrusted.withUTF8 { lineSizes(of: $0) }
        var lines: [SafeText] = []
        lines.reserveCapacity(sizes.count)
        var start = untrusted.utf8.startIndex
        for size in sizes {
            let end = untrusted.utf8.index(start, offsetBy: size.text)
            lines.append(SafeText(untrusted[start..<end], tabWidth: tabWidth))
            start = untrusted.utf8.index(end, offsetBy: size.lineEnd)
        }
        return lines
    }

    private static func lineSizes(of bytes: UnsafeBufferPointer<UInt8>) -> [(text: Int, lineEnd: Int)] {
        var sizes: [(text: Int, lineEnd: Int)] = []
        var start = 0
        while start < bytes.count {
            guard let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
                sizes.append((bytes.count - start, 0))
                break
            }
            let hasReturn = newline > start && bytes[newline - 1] == UInt8(ascii: "\r")
            sizes.append((newline - start - (hasReturn ? 1 : 0), hasReturn ? 2 : 1))
            start = newline + 1
        }
        return sizes
    }
}

extension SafeText: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        self.init(value)
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.text
    }

    /// Filters each piece separately, so that a piece cannot change its neighbours.
    package struct StringInterpolation: StringInterpolationProtocol {
        var text = SafeText.empty

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            text += SafeText(literal)
        }

        /// Appends a safe text with its escapes.
        package mutating func appendInterpolation(_ safe: SafeText) {
            text += safe
        }

        package mutating func appendInterpolation(_ value: some StringProtocol) {
            text += SafeText(value)
        }

        @_disfavoredOverload
        package mutating func appendInterpolation<Value>(_ value: Value) {
            text += SafeText(String(describing: value))
        }
    }
}
