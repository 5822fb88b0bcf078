/// Writes JSON as UTF-8 bytes, a value at a time. A page of runs is mostly strings, which this copies many times faster than
/// an encoder that first builds a tree.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(reserving capacity: Int = 1_024) { bytes.reserveCapacity(capacity) }

    mutating func object(_ fields: (inout JSONWriter) -> Void) { enclosed("{", "}", fields) }

    mutating func array<Element>(_ elements: some Sequence<Element>, _ element: (inout JSONWriter, Element) -> Void) {
        enclosed("[", "]") { writer in
            for each in elements {
                writer.separate()
                writer.needsComma = false
                element(&writer, each)
                writer.needsComma = true
            }
        }
    }

    /// A field whose value the closure writes.
    mutating func field(_ name: String, _ value: (inout JSONWriter) -> Void) {
        separate()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        value(&self)
        needsComma = true
    }

    /// A text field; left out when there is none.
    mutating func field(_ name: String, _ value: String?) {
        if let value { field(name) { $0.string(value) } }
    }

    /// A number field; left out when there is none.
    mutating func field(_ name: String, _ value: Int64?) {
        if let value { field(name) { $0.bytes.append(contentsOf: String(value).utf8) } }
    }

    mutating func field(_ name: String, _ value: Bool) {
        field(name) { $0.bytes.append(contentsOf: (value ? "true" : "false").utf8) }
    }

    /// A string value: quotes, backslashes and control characters escaped, all other characters unchanged.
    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0..<0x20, 0x7F: bytes.append(contentsOf: ("\\u" + UInt64(byte).hex(4)).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func enclosed(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout JSONWriter) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        needsComma = false
        content(&self)
        bytes.append(UInt8(ascii: close))
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }
}
