/// Any JSON value, without loss.
///
/// Foundation's decoders lose three things that this keeps: the order of members and the digits of numbers, which `runs
/// --output json` prints unchanged, and pages with bytes that are not UTF-8, which become U+FFFD here.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The original digits, valid by JSON's grammar: `1.50`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value in an object.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member with this name, the last if there are several; `nil` if there is none, or this is not an object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The type, for messages: `a number`.
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
    /// - Parameter pretty: one member per line, indented by two spaces; if `false`, all on one line.
    package func text(pretty: Bool = false) -> String { String(decoding: utf8(pretty: pretty), as: UTF8.self) }

    /// The bytes of ``text(pretty:)``.
    package func utf8(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.value(self)
        return writer.bytes
    }
}
