/// A part of a line, as UTF-8. Comparing bytes is fast: reading a trace of 20 MB takes well under a second.
typealias Bytes = ArraySlice<UInt8>

extension Bytes {
    func hasPrefix(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && text.withUTF8Buffer { prefix in zip(self, prefix).allSatisfy { $0 == $1 } }
    }

    func hasSuffix(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && text.withUTF8Buffer { suffix in zip(self.suffix(suffix.count), suffix).allSatisfy { $0 == $1 } }
    }

    /// Whether it starts with `text`, regardless of case. `text` must be in lower case.
    func hasPrefixInAnyCase(_ text: [UInt8]) -> Bool {
        count >= text.count && zip(self, text).allSatisfy { $0.lowercased == $1 }
    }

    /// The index at which `text` begins.
    func firstIndex(of text: StaticString) -> Index? {
        let size = text.utf8CodeUnitCount
        guard size > 0, count >= size else { return nil }
        let first = text.utf8Start.pointee
        var start = startIndex
        while start <= endIndex - size {
            if self[start] == first, self[start...].hasPrefix(text) { return start }
            start += 1
        }
        return nil
    }

    func contains(_ text: StaticString) -> Bool { firstIndex(of: text) != nil }

    /// Removes the prefix, and returns whether it was there.
    mutating func remove(prefix: StaticString) -> Bool {
        guard hasPrefix(prefix) else { return false }
        removeFirst(prefix.utf8CodeUnitCount)
        return true
    }

    /// Removes leading spaces and tabs, and returns their number.
    mutating func removeSpaces() -> Int {
        let spaces = prefix { $0.isSpace }.count
        removeFirst(spaces)
        return spaces
    }

    /// The text without trailing spaces.
    var trimmedAtEnd: Bytes {
        var end = endIndex
        while end > startIndex, self[end - 1].isSpace { end -= 1 }
        return self[startIndex..<end]
    }

    var string: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
    var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
    var isDigit: Bool { 0x30...0x39 ~= self }
    var isUppercase: Bool { 0x41...0x5A ~= self }
    var isLowercase: Bool { 0x61...0x7A ~= self }
    var isLetter: Bool { isUppercase || isLowercase }
    /// Whether it can be in a word; every byte of a non-ASCII character can.
    var isWordByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") || self >= 0x80 }
    /// Whether it can be in the name of a class or a program.
    var isNameByte: Bool {
        isWordByte || self == UInt8(ascii: ".") || self == UInt8(ascii: "$") || self == UInt8(ascii: "-")
    }
    var lowercased: UInt8 { isUppercase ? self + 0x20 : self }
}
