/// A JSON value as it was sent: its bytes, which are valid by JSON's grammar.
///
/// It takes less memory than the value that was read from it, and most of it can be printed by copying it.
package struct SentJSON: Sendable, Equatable {
    fileprivate let bytes: ArraySlice<UInt8>

    /// - Parameter bytes: a part of what ``JSONParser`` has read, one value.
    init(parsed bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// A value that was not sent.
    package init(_ value: JSONValue) { bytes = value.utf8()[...] }

    package var value: JSONValue {
        // The parser has read the same bytes before.
        (try? JSONParser.parse(Array(bytes))) ?? .null
    }

    /// The value as JSON text that is safe to print, like ``JSONValue/text(pretty:)``.
    package func text(pretty: Bool = false) -> String {
        var writer = JSONWriter(reserving: bytes.count + 64, pretty: pretty)
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension JSONParser {
    /// The value that the bytes are, and each element of the array in one of its members as it was sent.
    ///
    /// - Parameter member: the name of the member; of several with the name the last counts, as in ``JSONValue``.
    package static func parse(
        _ bytes: [UInt8], elementsOf member: String
    ) throws(Failure) -> (value: JSONValue, elements: [SentJSON]) {
        let (value, ranges) = try parse(bytes, limits: Limits(), elementsOf: member)
        return (value, ranges.map { SentJSON(parsed: bytes[$0]) })
    }
}

extension JSONWriter {
    /// Writes a value as it was sent, in this writer's layout. What is safe to print is copied: printable ASCII whose escapes
    /// are those that this writer makes. A value with anything else in it is read and written anew.
    package mutating func value(_ sent: SentJSON) {
        let mark = mark
        if sent.bytes.withUnsafeBufferPointer({ copy($0) }) { return }
        goBack(to: mark)
        value(sent.value)
    }

    /// Copies valid JSON; `false` when a part of it must be written differently.
    private mutating func copy(_ json: UnsafeBufferPointer<UInt8>) -> Bool {
        var offset = 0
        // After an opening bracket or a comma: what follows stands in a line of its own.
        var isElementNext = false
        while offset < json.count {
            let byte = json[offset]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                offset += 1
                continue
            case UInt8(ascii: ","):
                isElementNext = true
                offset += 1
                continue
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                close(byte)
                isElementNext = false
                offset += 1
                continue
            case UInt8(ascii: ":"):
                nameEnds()
                offset += 1
                continue
            default: break
            }
            if isElementNext { beginElement() }
            isElementNext = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
            if isElementNext {
                open(byte)
                offset += 1
            } else if let end = Self.end(ofTextOrWordAt: offset, in: json) {
                append(json[offset..<end])
                offset = end
            } else {
                return false
            }
        }
        return true
    }

    /// Where a string, a number or a word ends; `nil` for a string that this writer writes differently.
    private static func end(ofTextOrWordAt start: Int, in json: UnsafeBufferPointer<UInt8>) -> Int? {
        var offset = start + 1
        if json[start] == UInt8(ascii: "\"") {
            while offset < json.count, json[offset] != UInt8(ascii: "\"") {
                guard 0x20...0x7E ~= json[offset] else { return nil }
                if json[offset] == UInt8(ascii: "\\") {
                    offset += 1
                    guard offset < json.count, isOwnEscape(json[offset]) else { return nil }
                }
                offset += 1
            }
            return offset < json.count ? offset + 1 : nil
        }
        while offset < json.count, !isDelimiter(json[offset]) { offset += 1 }
        return offset
    }

    /// Whether this writer escapes a character so.
    private static func isOwnEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): true
        default: false
        }
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), ...0x20: true
        default: false
        }
    }
}
