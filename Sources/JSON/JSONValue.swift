/// Any JSON, as it was sent: objects keep their order and their unknown members, numbers their digits.
///
/// Foundation's decoder rejects a whole page for one number that overflows; this value cannot overflow, since a number
/// stays text until somebody asks for an integer.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The digits as they stood, valid by JSON's grammar.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One name and value of an object.
    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member of that name, the last where there are several; `nil` when this is no object or has none.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// What it is, for a message: `a number`.
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
}
