import Foundation
import HTTP
import JSON

/// Reads the fields of one object leniently. An absent or null field is `nil`. A field of the wrong type is `nil` and
/// adds a flaw. Fields that are not read are ignored.
struct FieldReader {
    private let object: JSONValue
    /// The path of the object, which each flaw starts with: `items[3]`.
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

    /// An int64, sent as a number or as a string. A value out of range is `nil` and adds a flaw.
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

    /// A nested object, read with the given function. Its flaws are added to the flaws of this reader.
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

    /// An array of strings. An element that is not a string is left out and adds a flaw.
    mutating func texts(_ name: String) -> [String] {
        elements(name).enumerated().compactMap { index, element in
            if case .string(let text) = element { return text }
            return flaw("\(name)[\(index)]", "is \(element.typeName), not a string")
        }
    }

    /// An array of objects, each read with the given function. Any other element is left out and adds a flaw.
    mutating func list<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> [Value] {
        elements(name).enumerated().compactMap { index, element in
            within(element, at: "\(name)[\(index)]", read)
        }
    }

    /// The values of a map, which are objects, sorted by their names.
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

    /// Parses an integer in the forms that services send: `12`, `12.0`, `1.2e1`.
    static func integer(_ digits: String) -> Int64? {
        if let exact = Int64(digits) { return exact }
        // A Double represents every whole number exactly only up to 2^53. Beyond that, the digits would be wrong.
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
