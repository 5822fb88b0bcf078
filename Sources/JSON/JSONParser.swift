/// Parses JSON (RFC 8259) from arbitrary bytes: it accepts only the grammar, limits the depth and the number of values, and
/// never traps.
///
/// It is lenient in one case: bytes that are not UTF-8, and unpaired surrogates, become U+FFFD, so that a stack trace cut in
/// the middle of a character does not lose the page.
package struct JSONParser {
    /// Why the bytes are not JSON, and where.
    package struct Failure: Error, Equatable {
        package var reason: String
        /// The byte offset, from 0.
        package var offset: Int
    }

    /// Limits far above what any page needs. They bound the memory and the stack that a small hostile body can use.
    package struct Limits {

        package var depth: Int
        package var values: Int

        package init(depth: Int = 64, values: Int = 1_000_000) {
            self.depth = depth
            self.values = values
        }
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var offset = 0
    private var values = 0
    /// The member of the outermost object whose elements are located, and their ranges.
    private var locatedMember: String?
    private var isInLocatedMember = false
    private var elements: [Range<Int>] = []

    private init(_ bytes: [UInt8], limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Parses all bytes as one value.
    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(Failure) -> JSONValue {
        try parse(bytes, limits: limits, elementsOf: nil).value
    }

    /// Parses all bytes as one value, and locates the elements of the array in one of its members.
    static func parse(
        _ bytes: [UInt8], limits: Limits, elementsOf member: String?
    ) throws(Failure) -> (value: JSONValue, elements: [Range<Int>]) {
        var parser = JSONParser(bytes, limits: limits)
        parser.locatedMember = member
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.offset = 3 }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.peek == nil else { throw parser.failure("something follows the JSON") }
        return (value, parser.elements)
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func failure(_ reason: String) -> Failure { Failure(reason: reason, offset: offset) }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        skipSpace()
        values += 1
        guard values <= limits.values else { throw failure("it has more than \(limits.values) values") }
        guard depth <= limits.depth else { throw failure("it is nested more than \(limits.depth) deep") }
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte.isDigit || byte == UInt8(ascii: "-"): return .number(try number())
        case nil: throw failure("it ends in the middle")
        default: throw failure("a value was expected")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
        guard bytes[offset...].starts(with: word.utf8) else { throw failure("a value was expected") }
        offset += word.utf8.count
        return value
    }

    private mutating func array(depth: Int) throws(Failure) -> JSONValue {
        offset += 1
        let isLocated = isInLocatedMember && depth == 1
        var values: [JSONValue] = []
        skipSpace()
        if skip("]") { return .array(values) }
        while true {
            skipSpace()
            let start = offset
            values.append(try value(depth: depth + 1))
            if isLocated { elements.append(start..<offset) }
            skipSpace()
            if skip("]") { return .array(values) }
            guard skip(",") else { throw unexpected("a comma or ]") }
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        offset += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if skip("}") { return .object(members) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw unexpected("a name") }
            let name = try string()
            skipSpace()
            guard skip(":") else { throw unexpected("a colon") }
            if depth == 0, let locatedMember {
                isInLocatedMember = name == locatedMember
                if isInLocatedMember { elements = [] }
            }
            members.append(.init(name, try value(depth: depth + 1)))
            skipSpace()
            if skip("}") { return .object(members) }
            guard skip(",") else { throw unexpected("a comma or }") }
        }
    }

    private func unexpected(_ expected: String) -> Failure {
        failure(peek == nil ? "it ends in the middle" : "\(expected) was expected")
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, kept as text.
    private mutating func number() throws(Failure) -> String {
        let start = offset
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            try digits()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func digits() throws(Failure) {
        let start = offset
        while let byte = peek, byte.isDigit { offset += 1 }
        guard offset > start else { throw unexpected("a digit") }
    }

    private mutating func string() throws(Failure) -> String {
        offset += 1
        let start = offset
        skipPlain()
        // Most strings are one such piece, which is copied at once.
        if peek == UInt8(ascii: "\"") {
            defer { offset += 1 }
            return String(decoding: bytes[start..<offset], as: UTF8.self)
        }
        // Collected as bytes, because a string that grows can take twice the memory that it needs.
        var text = Array(bytes[start..<offset])
        while !skip("\"") {
            guard skip("\\") else { throw unexpected("an escape instead of a control byte") }
            text += String(try escaped()).utf8
            let start = offset
            skipPlain()
            text += bytes[start..<offset]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skipPlain() {
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
    }

    private mutating func escaped() throws(Failure) -> Unicode.Scalar {
        guard let byte = peek else { throw failure("it ends in the middle") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw failure("no such escape")
        }
    }

    /// Reads the four hexadecimal digits of a `\u` escape, or two escapes for a scalar past U+FFFF.
    private mutating func codePoint() throws(Failure) -> Unicode.Scalar {
        let high = try fourHexDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        let afterHigh = offset
        if high < 0xDC00, skip("\\"), skip("u") {
            let low = try fourHexDigits()
            if 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) {
                return scalar
            }
        }
        offset = afterHigh
        return "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(Failure) -> UInt32 {
        let digits = bytes[offset...].prefix(4)
        guard digits.count == 4, digits.allSatisfy(\.isHexDigit),
            let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits were expected") }
        offset += 4
        return number
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    fileprivate var isHexDigit: Bool {
        isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self
    }
}
