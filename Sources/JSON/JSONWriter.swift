/// Writes JSON as UTF-8 bytes, one value after the other, without building a tree.
///
/// The text is safe to print: every scalar that is not `isSafeToPrint` becomes a `\u` escape, which does not change the
/// value. Line breaks appear only between members, and only in pretty text.
///
///     var writer = JSONWriter()
///     writer.object {
///         $0.field("key", "run-1")
///         $0.field("tries") { $0.array([1, 2]) { $0.integer($1) } }
///     }
///     // {"key":"run-1","tries":[1,2]}
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private let isPretty: Bool
    /// The number of open objects and arrays.
    private var depth = 0
    /// Whether the open object or array already has an element.
    private var hasElements = false

    /// - Parameters:
    ///   - capacity: the number of bytes to reserve.
    ///   - pretty: one member per line, indented by two spaces; if `false`, all on one line.
    package init(reserving capacity: Int = 1_024, pretty: Bool = false) {
        bytes.reserveCapacity(capacity)
        isPretty = pretty
    }

    /// Takes the bytes written so far away, so that a long text can be written part by part.
    package mutating func takeBytes() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    package mutating func object(_ fields: (inout JSONWriter) throws -> Void) rethrows {
        try enclosed("{", "}", fields)
    }

    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ element: (inout JSONWriter, Element) throws -> Void
    ) rethrows {
        try enclosed("[", "]") { writer in
            for each in elements {
                writer.beginElement()
                try element(&writer, each)
            }
        }
    }

    /// A field of the open object; the closure writes its value.
    package mutating func field(_ name: String, _ value: (inout JSONWriter) throws -> Void) rethrows {
        beginElement()
        string(name)
        nameEnds()
        try value(&self)
    }

    /// A text field; omitted if `nil`.
    package mutating func field(_ name: String, _ value: String?) {
        if let value { field(name) { $0.string(value) } }
    }

    /// A number field; omitted if `nil`.
    package mutating func field(_ name: String, _ value: Int64?) {
        if let value { field(name) { $0.integer(value) } }
    }

    package mutating func field(_ name: String, _ value: Bool) {
        field(name) { $0.append(value ? "true" : "false") }
    }

    package mutating func integer(_ value: Int64) { append(String(value)) }

    package mutating func string(_ text: String) {
        var text = text
        append("\"")
        text.withUTF8 { utf8 in
            var rest = utf8[...]
            while true {
                // Most text needs no escapes and is copied in large pieces.
                let plain = rest.prefix(while: \.isPlainInJSON)
                bytes += plain
                rest = rest[plain.endIndex...]
                guard let byte = rest.first else { return }
                rest = rest.dropFirst(escapeOrAppend(byte, rest))
            }
        }
        append("\"")
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .number(let digits): append(digits)
        case .string(let text): string(text)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let members):
            object { for member in members { $0.field(member.name) { $0.value(member.value) } } }
        }
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    private mutating func enclosed(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout JSONWriter) throws -> Void
    ) rethrows {
        self.open(UInt8(ascii: open))
        try content(&self)
        self.close(UInt8(ascii: close))
    }

    /// A position of the writer.
    struct Mark {
        fileprivate let length: Int
        fileprivate let depth: Int
        fileprivate let hasElements: Bool
    }

    var mark: Mark { Mark(length: bytes.count, depth: depth, hasElements: hasElements) }

    /// Removes everything written since the mark.
    mutating func goBack(to mark: Mark) {
        bytes.removeSubrange(mark.length...)
        (depth, hasElements) = (mark.depth, mark.hasElements)
    }

    /// Opens an object or an array.
    mutating func open(_ bracket: UInt8) {
        bytes.append(bracket)
        depth += 1
        hasElements = false
    }

    mutating func close(_ bracket: UInt8) {
        depth -= 1
        if hasElements { breakLine() }
        bytes.append(bracket)
        // The closed object or array is an element of the enclosing one.
        hasElements = true
    }

    /// Ends the name of a field.
    mutating func nameEnds() {
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
    }

    mutating func append(_ json: Slice<UnsafeBufferPointer<UInt8>>) {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: json))
    }

    mutating func beginElement() {
        if hasElements { bytes.append(UInt8(ascii: ",")) }
        hasElements = true
        breakLine()
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<2 * depth { bytes.append(UInt8(ascii: " ")) }
    }

    /// Writes the first scalar of the rest, escaped if necessary, and returns its number of bytes.
    private mutating func escapeOrAppend(_ first: UInt8, _ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        switch first {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case ..<0x80: append(escape(UInt16(first)))
        default:
            let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            let encoded = rest.prefix(length)
            let text = String(decoding: encoded, as: UTF8.self)
            if text.unicodeScalars.allSatisfy(\.isSafeToPrint) {
                bytes += encoded
            } else {
                for unit in text.utf16 { append(escape(unit)) }
            }
            return length
        }
        return 1
    }

    /// A `\u` escape, such as `\u202e`.
    private func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension UInt8 {
    /// Whether this is ASCII that a JSON string contains unchanged.
    fileprivate var isPlainInJSON: Bool {
        0x20...0x7E ~= self && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
    }
}

extension Unicode.Scalar {
    /// Whether a terminal only draws it: it is no control, format, private-use, unassigned or invisible character, and no
    /// line break.
    package var isSafeToPrint: Bool {
        guard value >= 0x80 else { return 0x20...0x7E ~= value }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: !properties.isDefaultIgnorableCodePoint
        }
    }
}
