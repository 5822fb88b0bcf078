extension SafeText {
    /// The first columns, at most `columns`. If the text is cut, the last column is "…": `abcdef` cut to 4 is `abc…`.
    package func truncated(to columns: Int) -> SafeText {
        if width <= columns { return self }
        guard columns > 0 else { return .empty }
        return slice(0..<(columns - 1)) + "…"
    }

    /// The text without its first columns, for horizontal scrolling. A wide cluster cut in half becomes a space.
    package func dropping(columns: Int) -> SafeText {
        if columns <= 0 { return self }
        return columns >= width ? .empty : slice(columns..<width)
    }

    /// The text without leading spaces.
    package var withoutLeadingSpaces: SafeText {
        dropping(columns: plainText.utf8.prefix { $0 == UInt8(ascii: " ") }.count)
    }

    /// The columns in `range`. A wide cluster cut in half becomes a space, so the result is as wide as the part of the range
    /// that exists.
    func slice(_ range: Range<Int>) -> SafeText {
        let columns = range.clamped(to: 0..<width)
        if columns.isEmpty { return .empty }
        if columns.count == width { return self }
        return isASCII ? asciiSlice(columns) : clusterSlice(columns)
    }

    private func asciiSlice(_ columns: Range<Int>) -> SafeText {
        let start = plainText.utf8.index(plainText.utf8.startIndex, offsetBy: columns.lowerBound)
        let end = plainText.utf8.index(start, offsetBy: columns.count)
        let escapes = visibleEscapes.compactMap { escape -> Range<Int>? in
            let kept = escape.clamped(to: columns)
            return kept.isEmpty
                ? nil : (kept.lowerBound - columns.lowerBound)..<(kept.upperBound - columns.lowerBound)
        }
        return SafeText(text: String(plainText[start..<end]), width: columns.count, visibleEscapes: escapes)
    }

    private func clusterSlice(_ columns: Range<Int>) -> SafeText {
        var kept = ClusterAssembly()
        var column = 0
        for cluster in clusters {
            if column >= columns.upperBound { break }
            let extent = column..<(column + cluster.width)
            let inside = extent.clamped(to: columns).count
            if inside == cluster.width {
                kept.append(cluster)
            } else if inside > 0 {
                kept.append(Cluster(text: " ", width: 1, isEscape: cluster.isEscape))
            }
            column = extent.upperBound
        }
        return kept.safeText
    }

    /// Wraps the text into rows of at most `columns` columns; a row has at least one cluster.
    ///
    /// A row ends after a space, `/`, `.` or `,` if there is one in its last third: `one two three` wrapped to 9 is
    /// `one two ` and `three`. An empty text is one empty row.
    package func wrapped(to columns: Int) -> [SafeText] {
        let columns = max(1, columns)
        if width <= columns { return [self] }
        return isASCII ? wrappedASCII(to: columns) : wrappedClusters(to: columns)
    }

    /// Wraps the text at its spaces, which are removed there: `one two three` to 9 is `one two` and `three`. A word longer
    /// than a row is cut as by ``wrapped(to:)``. Several spaces become one.
    package func wrappedAtSpaces(to columns: Int) -> [SafeText] {
        var rows: [SafeText] = []
        for word in words.flatMap({ $0.wrapped(to: columns) }) {
            if let last = rows.last, last.width + 1 + word.width <= columns {
                rows[rows.count - 1] = last + " " + word
            } else {
                rows.append(word)
            }
        }
        return rows
    }

    /// The parts of the text between its spaces.
    private var words: [SafeText] {
        clusters.split { $0.text == " " }.map { Self.assemble($0[...]) }
    }

    private func wrappedASCII(to columns: Int) -> [SafeText] {
        let bytes = Array(plainText.utf8)
        var rows: [SafeText] = []
        var start = 0
        while width - start > columns {
            let kept = Self.breakPoint(count: columns) { Self.isBreak(bytes[start + $0]) }
            rows.append(asciiSlice(start..<(start + kept)))
            start += kept
        }
        rows.append(asciiSlice(start..<width))
        return rows
    }

    private func wrappedClusters(to columns: Int) -> [SafeText] {
        var rows: [SafeText] = []
        var row: [Cluster] = []
        var rowWidth = 0
        for cluster in clusters {
            if !row.isEmpty, rowWidth + cluster.width > columns {
                let kept = Self.breakPoint(count: row.count) { index in
                    row[index].text.utf8.count == 1 && row[index].text.utf8.allSatisfy(Self.isBreak)
                }
                rows.append(Self.assemble(row[..<kept]))
                row.removeFirst(kept)
                rowWidth = row.reduce(0) { $0 + $1.width }
            }
            row.append(cluster)
            rowWidth += cluster.width
        }
        rows.append(Self.assemble(row[...]))
        return rows
    }

    /// How many of the `count` clusters stay in a full row: up to the last break in its last third, or all without one.
    private static func breakPoint(count: Int, isBreak: (Int) -> Bool) -> Int {
        (max(1, count - count / 3)...max(1, count)).reversed().first { isBreak($0 - 1) } ?? count
    }

    private static func isBreak(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: ","): true
        default: false
        }
    }

    private static func assemble(_ clusters: ArraySlice<Cluster>) -> SafeText {
        var assembly = ClusterAssembly()
        for cluster in clusters { assembly.append(cluster) }
        return assembly.safeText
    }
}
