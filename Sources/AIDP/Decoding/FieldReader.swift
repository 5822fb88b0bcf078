import Foundation
import HTTP
import JSON

/// Reads the fields of one object leniently: an absent or null field is `nil`; one of the wrong type is `nil` and a flaw;
/// other fields are ignored.
struct FieldReader {
    private let object: JSONValue
    /// The path of the object, for the flaws: `items[3]`.
    private let path: String
    private(set) var flaws: [String] = []

    init(_ object: JSONValue, path: String) {
        self.object = object
        self.path = path
    }

    mutating func text(_ name: String) -> String? {
        switch present(name) {
        case .string(let text): return text
        case let other?: return flaw(name, "is \(other.typeName), not a string")
        case nil: return nil
        }
    }

    mutating func boolean(_ name: String) -> Bool? {
        switch present(name) {
        case .bool(let value): return value
        case let other?: return flaw(name, "is \(other.typeName), not a boolean")
        case nil: return nil
        }
    }

    /// An int64: a number, or a string of one. Out of range is missing.
    mutating func integer(_ name: String) -> Int64? {
        switch present(name) {
        case .number(let digits), .string(let digits):
            if let exact = Self.integer(digits) { return exact }
            return flaw(name, "is not an integer of 64 bits: \(digits.bounded(to: 40).onOneLine)")
        case let other?: return flaw(name, "is \(other.typeName), not a number")
        case nil: return nil
        }
    }

    mutating func date(_ name: String) -> Date? {
        guard let text = text(name) else { return nil }
        return RFC3339.date(text) ?? flaw(name, "is not a date and time: \(text.bounded(to: 40).onOneLine)")
    }

    /// An object within, read by the given function; its flaws become this reader's.
    mutating func object<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> Value? {
        switch present(name) {
        case .object(let members):
            var inner = FieldReader(.object(members), path: "\(path).\(name)")
            let value = read(&inner)
            flaws += inner.flaws
            return value
        case let other?: return flaw(name, "is \(other.typeName), not an object")
        case nil: return nil
        }
    }

    /// An array of strings; an element that is no string is left out and flagged.
    mutating func texts(_ name: String) -> [String] {
        elements(name).enumerated().compactMap { index, element in
            if case .string(let text) = element { return text }
            return flaw("\(name)[\(index)]", "is \(element.typeName), not a string")
        }
    }

    /// An array of objects, each read by the given function; an element that is no object is left out and flagged.
    mutating func list<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> [Value] {
        elements(name).enumerated().compactMap { index, element in
            within(element, at: "\(name)[\(index)]", read)
        }
    }

    /// The objects of a map, by their names' order.
    mutating func map<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> [Value] {
        guard let value = present(name) else { return [] }
        guard case .object(let members) = value else {
            return flaw(name, "is \(value.typeName), not an object") ?? []
        }
        return members.sorted { $0.name < $1.name }.compactMap { member in
            within(member.value, at: "\(name).\(member.name.bounded(to: 40).onOneLine)", read)
        }
    }

    private mutating func elements(_ name: String) -> [JSONValue] {
        switch present(name) {
        case .array(let elements): return elements
        case let other?: return flaw(name, "is \(other.typeName), not an array") ?? []
        case nil: return []
        }
    }

    private mutating func within<Value>(
        _ value: JSONValue, at name: String, _ read: (inout FieldReader) -> Value
    ) -> Value? {
        guard case .object = value else { return flaw(name, "is \(value.typeName), not an object") }
        var inner = FieldReader(value, path: "\(path).\(name)")
        let result = read(&inner)
        flaws += inner.flaws
        return result
    }

    /// Integers as services send them: `12`, `12.0`, `1.2e1`.
    static func integer(_ digits: String) -> Int64? {
        if let exact = Int64(digits) { return exact }
        // A Double holds whole numbers exactly only up to 2^53; beyond, its digits would be invented.
        guard digits.utf8.count <= 64, let number = Double(digits), number.magnitude <= 0x1p53 else { return nil }
        return Int64(exactly: number)
    }

    private func present(_ name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    private mutating func flaw<Value>(_ name: String, _ problem: String) -> Value? {
        flaws.append("\(path).\(name) \(problem)")
        return nil
    }
}
