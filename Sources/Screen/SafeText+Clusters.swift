/// The unit of drawing: a base character with its marks, in one or two columns.
package struct Cluster: Sendable, Hashable {
    package var text: String
    /// The number of columns: 1 or 2.
    package var width: Int
    /// Whether this is part of the escape of an unsafe character, such as `<U+202E>`.
    package var isEscape: Bool
}

/// The clusters of a ``SafeText``, from left to right.
package struct Clusters: Sequence, IteratorProtocol {
    private var scalars: String.UnicodeScalarView.Iterator
    private var pending: Unicode.Scalar?
    private var escapes: ArraySlice<Range<Int>>
    private var column = 0

    /// The strings of all ASCII characters: a lookup is faster than creating one.
    private static let ascii = (UInt8(0)..<128).map { String(Unicode.Scalar($0)) }

    init(_ safe: SafeText) {
        scalars = safe.plainText.unicodeScalars.makeIterator()
        escapes = safe.visibleEscapes[...]
        pending = scalars.next()
    }

    package mutating func next() -> Cluster? {
        guard let base = pending else { return nil }
        var text = base.isASCII ? Self.ascii[Int(base.value)] : String(base)
        pending = scalars.next()
        while let mark = pending, mark.value > 0x2FF, ScalarClass(mark) == .mark {
            text.unicodeScalars.append(mark)
            pending = scalars.next()
        }
        if let first = escapes.first, first.upperBound <= column { escapes.removeFirst() }
        let isEscape = escapes.first?.contains(column) ?? false
        let width = base.isASCII ? 1 : base.columns
        column += width
        return Cluster(text: text, width: width, isEscape: isEscape)
    }
}

extension SafeText {
    /// The clusters of the text, from left to right.
    package var clusters: Clusters { Clusters(self) }
}

/// Builds a safe text from clusters of other safe texts.
struct ClusterAssembly {
    private var text = ""
    private var width = 0
    private var escapes: [Range<Int>] = []

    mutating func append(_ cluster: Cluster) {
        text += cluster.text
        if cluster.isEscape {
            let start = escapes.last?.upperBound == width ? escapes.removeLast().lowerBound : width
            escapes.append(start..<(width + cluster.width))
        }
        width += cluster.width
    }

    var safeText: SafeText { SafeText(text: text, width: width, visibleEscapes: escapes) }
}
