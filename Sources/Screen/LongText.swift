import Glibc

/// A long text as lines of ``SafeText``, each created when it is needed: finding the starts of all lines takes a fraction of
/// the time needed to filter them.
///
/// The lines are those of ``SafeText/lines(ofTerminalOutput:)``, except that a line longer than ``longestLine`` continues on
/// the next one, so that creating a line is always fast.
package struct LongText: Sendable {
    /// The most UTF-8 bytes of a line.
    package static let longestLine = 16_384

    /// The original text, in contiguous UTF-8.
    package private(set) var source: String
    /// The byte offset of the start of each line.
    private var starts: [UInt32]
    /// The lines that continue the previous line, in order.
    private var continued: [Int32]
    /// How many lines were dropped at the start, and how many of them have a number in an editor.
    package private(set) var droppedLines = 0
    package private(set) var droppedNumbers = 0

    /// - Parameter source: text of any origin; everything after 4 GB is omitted.
    package init(_ source: String) {
        var source = source
        source.makeContiguousUTF8()
        (self.source, starts, continued) = (source, [], [])
        starts.reserveCapacity(source.utf8.count / 64)
        findLines(from: 0)
    }

    /// Finds the lines from the start of a line on.
    private mutating func findLines(from offset: Int) {
        var (starts, continued) = ([] as [UInt32], [] as [Int32])
        let before = self.starts.count
        withBytes { bytes in
            let end = Swift.min(bytes.count, Int(UInt32.max))
            var start = offset
            while start < end {
                starts.append(UInt32(start))
                let newline = bytes.newline(in: start..<end) ?? end
                while newline - start > Self.longestLine {
                    start = bytes.scalarStart(atOrBefore: start + Self.longestLine)
                    continued.append(Int32(before + starts.count))
                    starts.append(UInt32(start))
                }
                start = newline + 1
            }
        }
        self.starts += starts
        self.continued += continued
    }

    /// Appends text. A last line without a line end continues.
    package mutating func append(_ more: String) {
        guard !more.isEmpty else { return }
        var offset = byteCount
        var continuesLine = false
        if let last = starts.last, source.utf8.last != UInt8(ascii: "\n") {
            offset = Int(last)
            starts.removeLast()
            continuesLine = continued.last == Int32(starts.count)
            if continuesLine { continued.removeLast() }
        }
        source += more
        source.makeContiguousUTF8()
        let first = Int32(starts.count)
        let place = continued.count
        findLines(from: offset)
        if continuesLine { continued.insert(first, at: place) }
    }

    /// Drops lines at the start, but keeps at least one.
    package mutating func drop(lines count: Int) {
        let count = Swift.min(count, starts.count - 1)
        guard count > 0 else { return }
        let offset = starts[count]
        let continuing = continued.partitioningIndex { $0 >= count }
        droppedLines += count
        droppedNumbers += count - continuing
        source = withBytes { String(decoding: $0[Int(offset)...], as: UTF8.self) }
        starts = starts[count...].map { $0 - offset }
        continued = continued[continuing...].map { $0 - Int32(count) }
    }

    /// Whether this is the other text with more at its end, and possibly with lines dropped at its start.
    package func isGrown(from other: LongText) -> Bool {
        let dropped = droppedLines - other.droppedLines
        guard dropped >= 0, dropped <= other.count else { return false }
        let start = dropped < other.count ? Int(other.starts[dropped]) : other.byteCount
        let common = other.byteCount - start
        guard common <= byteCount else { return false }
        return withBytes { mine in
            other.withBytes { theirs in
                guard common > 0, let new = mine.baseAddress, let old = theirs.baseAddress else { return common == 0 }
                return memcmp(new, old + start, common) == 0
            }
        }
    }

    /// The size in UTF-8 bytes.
    package var byteCount: Int { source.utf8.count }

    /// The line number in an editor, from 1; `nil` for a line that continues the previous one.
    package func number(of line: Int) -> Int? {
        let before = continued.partitioningIndex { $0 >= line }
        if before < continued.count, continued[before] == line { return nil }
        return line + 1 - before + droppedNumbers
    }

    /// The number of lines in an editor.
    package var numberedLines: Int { starts.count - continued.count }

    /// The number of the last line in an editor; 0 for an empty text.
    package var lastNumber: Int { numberedLines + droppedNumbers }

    /// The original bytes of a line, without its line end.
    package func withBytes<Result>(of line: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let range = byteRange(of: line)
        return withBytes { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// The original bytes of all lines, with their line ends.
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = source.utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(source.utf8).withUnsafeBufferPointer(body)
    }

    /// The byte range of a line, without its line end.
    package func byteRange(of line: Int) -> Range<Int> {
        let start = Int(starts[line])
        guard line + 1 < starts.count else {
            var end = byteCount
            let bytes = source.utf8
            func last() -> UInt8? { end > start ? bytes[bytes.index(bytes.startIndex, offsetBy: end - 1)] : nil }
            if last() == UInt8(ascii: "\n") { end -= 1 }
            if last() == UInt8(ascii: "\r") { end -= 1 }
            return start..<end
        }
        var end = Int(starts[line + 1])
        if isContinued(line + 1) { return start..<end }
        end -= 1
        let bytes = source.utf8
        if end > start, bytes[bytes.index(bytes.startIndex, offsetBy: end - 1)] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    private func isContinued(_ line: Int) -> Bool { number(of: line) == nil }

    /// The text of lines as shown, with visible control characters, for copying and saving.
    package func plainText(of lines: Range<Int>) -> String {
        var text = ""
        for line in lines {
            if line > lines.lowerBound, !isContinued(line) { text += "\n" }
            text += self[line].plainText
        }
        return text
    }

    /// The text of all lines as shown.
    package var plainText: String { plainText(of: 0..<count) }
}

extension LongText: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { starts.count }

    package subscript(line: Int) -> SafeText {
        let range = byteRange(of: line)
        let bytes = source.utf8
        let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
        return SafeText(terminalLine: source[start..<bytes.index(start, offsetBy: range.count)])
    }
}

extension LongText: Hashable {
    package static func == (left: LongText, right: LongText) -> Bool {
        left.droppedLines == right.droppedLines && left.source == right.source
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(byteCount) }

    /// The first line for which `isBehind` is true, by binary search: it must be false for all lines before.
    package func partitioningIndex(where isBehind: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension SafeText {
    /// One line of a program's terminal output, as ``lines(ofTerminalOutput:)`` shows it.
    init(terminalLine line: Substring) {
        guard line.utf8.contains(where: TerminalLine.isApplied) else {
            self.init(line, tabWidth: 8)
            return
        }
        var terminal = TerminalLine()
        terminal.run(line.unicodeScalars)
        self.init(terminal.text, tabWidth: 8)
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func newline(in range: Range<Int>) -> Int? {
        guard let base = baseAddress, let found = memchr(base + range.lowerBound, 0x0A, range.count) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// The start of the UTF-8 scalar that contains the byte at `place`.
    fileprivate func scalarStart(atOrBefore place: Int) -> Int {
        var start = place
        while start > 0, start < count, self[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}

extension Array {
    /// The index of the first element for which `isBehind` is true, by binary search: it must be false for all before.
    package func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
