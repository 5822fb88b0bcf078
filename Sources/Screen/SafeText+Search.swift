extension SafeText {
    /// The columns of each occurrence of `needle`, from left to right, without overlaps; none for an empty needle.
    package func columnRanges(of needle: SafeText, ignoringCase: Bool) -> [Range<Int>] {
        let needle = needle.withoutIsolation
        if needle.isEmpty || needle.width > width { return [] }
        if isASCII {
            return needle.isASCII ? asciiRanges(of: needle, ignoringCase: ignoringCase) : []
        }
        return clusterRanges(of: needle, ignoringCase: ignoringCase)
    }

    private func asciiRanges(of needle: SafeText, ignoringCase: Bool) -> [Range<Int>] {
        let fold: (UInt8) -> UInt8 = { ignoringCase && (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let haystack = plainText.utf8.map(fold)
        let pattern = needle.plainText.utf8.map(fold)
        return Self.occurrences(of: pattern, in: haystack).map { $0..<($0 + pattern.count) }
    }

    private func clusterRanges(of needle: SafeText, ignoringCase: Bool) -> [Range<Int>] {
        let fold: (Cluster) -> String = { ignoringCase ? $0.text.lowercased() : $0.text }
        let haystack = Array(clusters)
        let pattern = needle.clusters.map(fold)
        var starts = [0]
        for cluster in haystack { starts.append(starts[starts.count - 1] + cluster.width) }
        return Self.occurrences(of: pattern, in: haystack.map(fold)).map { starts[$0]..<starts[$0 + pattern.count] }
    }

    private static func occurrences<Element: Equatable>(of pattern: [Element], in haystack: [Element]) -> [Int] {
        var found: [Int] = []
        var index = 0
        while index <= haystack.count - pattern.count {
            if haystack[index] == pattern[0], haystack[index..<(index + pattern.count)].elementsEqual(pattern) {
                found.append(index)
                index += pattern.count
            } else {
                index += 1
            }
        }
        return found
    }

    /// The text without the spaces that the filter adds around right-to-left letters, so that a search finds parts of words.
    private var withoutIsolation: SafeText {
        guard plainText.unicodeScalars.contains(where: \.isRightToLeft) else { return self }
        let all = Array(clusters)
        let isSpace: (Cluster) -> Bool = { $0.text == " " }
        let kept = all.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        var assembly = ClusterAssembly()
        for cluster in kept { assembly.append(cluster) }
        return assembly.safeText
    }
}

extension SafeText {
    /// The columns of UTF-16 ranges of ``plainText``, which must be in order. A cluster counts if a range overlaps it.
    package func columnRanges(ofUTF16 ranges: [Range<Int>]) -> [Range<Int>] {
        guard !ranges.isEmpty, !isASCII else { return ranges }
        var columns: [Range<Int>] = []
        var (offset, column, next) = (0, 0, 0)
        var begun: Int?
        for cluster in clusters {
            guard next < ranges.count else { break }
            let end = offset + cluster.text.utf16.count
            if begun == nil, ranges[next].lowerBound < end { begun = column }
            column += cluster.width
            while next < ranges.count, ranges[next].upperBound <= end {
                columns.append((begun ?? column - cluster.width)..<column)
                next += 1
                begun = next < ranges.count && ranges[next].lowerBound < end ? column - cluster.width : nil
            }
            offset = end
        }
        return columns
    }
}
