import Foundation

/// The query parameters of a request, checked against the ranges in the reference page. An invalid value is rejected
/// with a 400 that names the parameter and the allowed values. Unknown parameters are ignored, as in the service.
struct Query: Sendable {
    private let pairs: [(name: String, value: String)]

    init(_ raw: Substring) throws(APIError) {
        var pairs: [(name: String, value: String)] = []
        for piece in raw.split(separator: "&") {
            let sides = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decoded(sides[0], plusIsSpace: true),
                let value = PercentCoding.decoded(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
            else { throw .invalidParameter("The query string is not valid percent-encoded UTF-8.") }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    /// Every value of a parameter that may repeat (collection format multi), without duplicates.
    func all(_ name: String) -> [String] {
        var seen = Set<String>()
        return pairs.filter { $0.name == name && seen.insert($0.value).inserted }.map(\.value)
    }

    /// The value of a parameter that may be given once.
    func text(_ name: String) throws(APIError) -> String? {
        let values = pairs.filter { $0.name == name }
        guard values.count < 2 else {
            throw .invalidParameter("\(name) was given \(values.count) times and takes one value.")
        }
        guard values.first?.value != "" else { throw .invalidParameter("\(name) must be at least 1 character long.") }
        return values.first?.value
    }

    func required(_ name: String) throws(APIError) -> String {
        guard let value = try text(name) else { throw .invalidParameter("\(name) is required.") }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(APIError) -> Int {
        guard let text = try text(name) else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw .invalidParameter("\(name) must be an integer between \(range.lowerBound) and \(range.upperBound).")
        }
        return value
    }

    func choice<Choice>(_ name: String) throws(APIError) -> Choice?
    where Choice: CaseIterable & RawRepresentable<String> {
        guard let text = try text(name) else { return nil }
        return try Self.choice(text, name, of: Array(Choice.allCases))
    }

    /// A parameter that may repeat and accepts only these values.
    func choices<Choice>(_ name: String, of choices: [Choice]) throws(APIError) -> [Choice]
    where Choice: CaseIterable & RawRepresentable<String> {
        var chosen: [Choice] = []
        for text in all(name) { chosen.append(try Self.choice(text, name, of: choices)) }
        return chosen
    }

    /// An RFC 3339 date-time, with or without fractions of a second.
    func moment(_ name: String) throws(APIError) -> Milliseconds? {
        guard let text = try text(name) else { return nil }
        for style in [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)] {
            if let date = try? style.parse(text) { return Milliseconds(clamping: date) }
        }
        throw .invalidParameter("\(name) must be an RFC 3339 date-time.")
    }

    func flag(_ name: String) throws(APIError) -> Bool {
        switch try text(name)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw .invalidParameter("\(name) must be true or false.")
        }
    }

    /// All parameters except the page token, sorted. A page token is valid only with the same parameters.
    var identity: String {
        pairs.filter { $0.name != "page" }.map { "\($0.name)\u{0}\($0.value)" }.sorted().joined(separator: "\u{1}")
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ text: String, _ name: String, of choices: [Choice]
    ) throws(APIError) -> Choice {
        guard let choice = Choice(rawValue: text), choices.contains(where: { $0.rawValue == text }) else {
            throw .invalidParameter("\(name) must be one of \(choices.map(\.rawValue).joined(separator: ", ")).")
        }
        return choice
    }
}

/// Percent-decoding as the service does it. Foundation's `removingPercentEncoding` decodes some bytes that are not
/// UTF-8 (`%A9` before another character) to a replacement character.
enum PercentCoding {
    /// The decoded text; `nil` if a percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8.
    /// In a query, an unencoded `+` is a space, so that a page token with an unencoded `+` is rejected.
    static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
