/// A JSON value as the original bytes, which are valid by JSON's grammar.
///
/// It needs less memory than the parsed value, and most of it can be copied to print it.
package struct SentJSON: Sendable, Equatable {
    fileprivate let bytes: ArraySlice<UInt8>

    /// - Parameter bytes: the bytes of one value, which ``JSONParser`` has accepted.
    init(parsed bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Creates one from a value that has no original bytes.
    package init(_ value: JSONValue) { bytes = value.utf8()[...] }

    package var value: JSONValue {
        // The parser has accepted the same bytes before.
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
    /// Parses all bytes as one value, and returns the original bytes of each element of the array in one of its members.
    ///
    /// - Parameter member: the name of the member; if several have the name, the last counts, as in ``JSONValue``.
    package static func parse(
        _ bytes: [UInt8], elementsOf member: String
    ) throws(Failure) -> (value: JSONValue, elements: [SentJSON]) {
        let (value, ranges) = try parse(bytes, limits: Limits(), elementsOf: member)
        return (value, ranges.map { SentJSON(parsed: bytes[$0]) })
    }
}

extension JSONWriter {
    /// Writes a value in this writer's layout. Copies it if it consists of printable ASCII with only the escapes that this
    /// writer uses; otherwise parses and writes it again.
    package mutating func value(_ sent: SentJSON) {
        let mark = mark
        if sent.bytes.withUnsafeBufferPointer({ copy($0) }) { return }
        goBack(to: mark)
        value(sent.value)
    }

    /// Copies valid JSON; `false` if a part of it must be written differently.
    private mutating func copy(_ json: UnsafeBufferPointer<UInt8>) -> Bool {
        var offset = 0
        // Set after an opening bracket or a comma: the next element begins on its own line.
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

    /// The end of a string, a number or a word; `nil` for a string that this writer writes differently.
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

    /// Whether this writer uses this escape.
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
