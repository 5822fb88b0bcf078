/// The common part of the causes of equal failures: the text of a cause without the parts that differ from run to run.
///
/// Numbers, times, durations and sizes become `#`; ids, hashes, paths, addresses and quoted values that contain one become
/// `…`. Codes that identify errors stay: `ORA-00942`, `[Errno 13]`, `HTTP Error 404`, `exit code 137`.
package struct CauseSignature: Hashable, Sendable {
    /// The text to show.
    package let text: String

    /// The number of bytes of a cause that are compared.
    private static let longest = 400

    /// - Parameter cause: the text of a ``Cause``.
    package init(_ cause: String) {
        var writer = Writer()
        var rest = Bytes(cause.utf8.prefix(Self.longest))
        while let first = rest.first {
            if first.isSpace {
                _ = rest.removeSpaces()
                writer.space()
            } else if let address = Self.address(rest) {
                writer.append("…".utf8)
                rest = rest[address.endIndex...]
            } else if !writer.isInWord, let quoted = Self.quoted(rest) {
                let inside = quoted.dropFirst().dropLast()
                let varies = inside.contains { $0.isDigit } || Self.isPath(inside) || Self.isID(inside)
                writer.append(varies ? quoted.prefix(1) + Array("…".utf8) + quoted.suffix(1) : quoted)
                rest = rest[quoted.endIndex...]
            } else {
                let word = rest.prefix { !$0.isSpace && !"'\"`()[]{}<>,;=|".utf8.contains($0) }
                let size = max(word.count, 1)
                writer.append(word: rest.prefix(size))
                rest = rest.dropFirst(size)
            }
        }
        text = String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The quoted value at the start of a text, with its quotes.
    private static func quoted(_ text: Bytes) -> Bytes? {
        guard let quote = text.first, "'\"`".utf8.contains(quote),
            let end = text.dropFirst().firstIndex(of: quote), end > text.startIndex + 1
        else { return nil }
        return text[...end]
    }

    /// The path or address at the start of a text, without the full stop or colon of the sentence.
    private static func address(_ text: Bytes) -> Bytes? {
        let word = text.prefix { !$0.isSpace && !"'\"`()[]{}<>,;|".utf8.contains($0) }
        guard isPath(word) else { return nil }
        return word.prefix(word.count - word.reversed().prefix { ".:!?".utf8.contains($0) }.count)
    }

    fileprivate static func isPath(_ word: Bytes) -> Bool {
        if word.contains("://") || word.hasPrefix("./") || word.hasPrefix("../") || word.hasPrefix("~/") { return true }
        if word.dropFirst().hasPrefix(":\\") { return true }
        return word.first == UInt8(ascii: "/") && word.count > 1
    }

    /// A UUID, an OCID, a hash, or another long word that mixes letters and digits.
    fileprivate static func isID(_ word: Bytes) -> Bool {
        if word.hasPrefix("ocid1.") || word.hasPrefix("0x") { return true }
        let digits = word.count { $0.isDigit }
        guard digits > 0 else { return false }
        let isHex = word.allSatisfy { $0.isDigit || 0x61...0x66 ~= $0.lowercased || $0 == UInt8(ascii: "-") }
        if isHex, word.count >= 7, digits < word.count { return true }
        return word.count >= 16 && digits >= 4 && word.allSatisfy { $0.isWordByte || "-.:".utf8.contains($0) }
            && word.contains { $0.isLetter }
    }

    /// Writes a signature word by word.
    private struct Writer {
        private(set) var bytes: [UInt8] = []
        /// The previous word, in lower case: a number after `code` is a code.
        private var previous: [UInt8] = []

        /// Whether the text so far ends in a word: then a quote is an apostrophe.
        var isInWord: Bool { bytes.last.map { $0.isWordByte || $0 == UInt8(ascii: "#") } ?? false }

        mutating func space() {
            if !bytes.isEmpty, bytes.last != 0x20 { bytes.append(0x20) }
        }

        mutating func append(_ text: some Sequence<UInt8>) { bytes += text }

        mutating func append(word: Bytes) {
            let end = word.prefix(word.count - Self.punctuation(atEndOf: word))
            defer {
                if end.contains(where: { $0.isLetter }) {
                    previous = end.map(\.lowercased)
                } else if !end.isEmpty {
                    previous = []
                }
            }
            if isPath(end) || isID(end) {
                bytes += Array("…".utf8)
            } else if isCode(end) {
                bytes += end
            } else {
                append(name: end)
            }
            bytes += word[end.endIndex...]
        }

        /// Appends a word. The generated parts of a name, as in `driver-9f26e`, become `…`.
        private mutating func append(name: Bytes) {
            let parts = name.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard parts.dropFirst().contains(where: Self.isGenerated) else { return appendWithoutDigits(name) }
            for (index, part) in parts.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: "-")) }
                if index > 0, Self.isGenerated(part) { bytes += Array("…".utf8) } else { appendWithoutDigits(part) }
            }
        }

        /// Whether a part of a name is a short hash, as schedulers append to the names of pods and drivers: hexadecimal
        /// digits, or letters and digits in a mixed order.
        private static func isGenerated(_ part: Bytes) -> Bool {
            guard part.count >= 4, part.contains(where: { $0.isDigit }),
                part.allSatisfy({ $0.isDigit || $0.isLowercase })
            else { return false }
            let isHex = part.allSatisfy { $0.isDigit || 0x61...0x66 ~= $0 }
            let letters = part.drop { $0.isDigit }
            return isHex || letters.drop { !$0.isDigit }.contains { !$0.isDigit }
        }

        private static func punctuation(atEndOf word: Bytes) -> Int {
            word.reversed().prefix { ".:!?".utf8.contains($0) }.count
        }

        /// Whether a word is a code that identifies an error: `ORA-00942`, or a number after a word such as `errno`.
        private func isCode(_ word: Bytes) -> Bool {
            let letters = word.prefix { $0.isUppercase }
            if letters.count >= 2, word[letters.endIndex...].first == UInt8(ascii: "-"),
                word[letters.endIndex...].dropFirst().allSatisfy({ $0.isDigit })
            {
                return true
            }
            let words = ["errno", "error", "http", "sqlstate", "status", "code", "signal"]
            return word.count <= 5 && word.allSatisfy { $0.isDigit || $0.isUppercase }
                && words.contains { $0.utf8.elementsEqual(previous) }
        }

        /// Appends a word, and replaces each number, with its decimals, separators and unit, by `#`.
        private mutating func appendWithoutDigits(_ word: Bytes) {
            var rest = word
            while let byte = rest.first {
                guard byte.isDigit else {
                    bytes.append(byte)
                    rest.removeFirst()
                    continue
                }
                let number = rest.prefix { $0.isDigit || ".,:_-/+TZ".utf8.contains($0) }
                rest = rest[number.endIndex...]
                if bytes.suffix(2).elementsEqual("#,".utf8) { bytes.removeLast() }
                if bytes.last != UInt8(ascii: "#") { bytes.append(UInt8(ascii: "#")) }
                let unit = rest.prefix { $0.isLetter }
                // `12ms`, `1h30m`: the unit belongs to the number. After a letter, it is part of a name.
                if unit.count <= 2, word.first?.isDigit == true { rest = rest[unit.endIndex...] }
            }
        }
    }
}
