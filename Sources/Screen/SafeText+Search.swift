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
