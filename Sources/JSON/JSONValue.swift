/// Any JSON, as it was sent.
///
/// Foundation's decoders lose three things that this keeps: the order of an object's members and the digits of a number,
/// which `runs --output json` prints as they came, and a page with bytes that are not UTF-8, which become U+FFFD.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The digits as they stood, valid by JSON's grammar: `1.50`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One name and value of an object.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member of that name, the last where there are several; `nil` when this is no object or has none.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The type, for a message: `a number`.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The value as JSON text that is safe to print.
    ///
    /// - Parameter pretty: one member a line, indented by two spaces; otherwise all on one line.
    package func text(pretty: Bool = false) -> String { String(decoding: utf8(pretty: pretty), as: UTF8.self) }

    /// The bytes of ``text(pretty:)``.
    package func utf8(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.value(self)
        return writer.bytes
    }
}
