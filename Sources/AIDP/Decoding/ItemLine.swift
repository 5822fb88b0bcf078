import JSON

/// One item of a list, decoded from a line of JSON as `runtop runs --output jsonl` prints it.
package struct ItemLine<Item: Sendable>: Sendable {
    package let item: Item
    /// The fields that could not be decoded. They are `nil` in the item.
    package let flaws: [String]
}

/// Why a line is not an item. The reason completes a sentence that begins with “it”.
package struct ItemLineFailure: Error, Equatable {
    package let reason: String

    package init(reason: String) { self.reason = reason }
}

extension JobRunSummary {
    package static func decode(line: [UInt8]) throws(ItemLineFailure) -> ItemLine<JobRunSummary> {
        try ItemLine(line)
    }
}

extension JobSummary {
    package static func decode(line: [UInt8]) throws(ItemLineFailure) -> ItemLine<JobSummary> {
        try ItemLine(line)
    }
}

extension ItemLine where Item: ListItem {
    fileprivate init(_ line: [UInt8]) throws(ItemLineFailure) {
        let value: JSONValue
        do throws(JSONParser.Failure) {
            value = try JSONParser.parse(line)
        } catch {
            throw ItemLineFailure(reason: "is not valid JSON: \(error.reason), at byte \(error.offset)")
        }
        guard case .object = value else { throw ItemLineFailure(reason: "is \(value.typeName), not an object") }
        guard case .string(let key)? = value["key"], !key.isEmpty else {
            throw ItemLineFailure(reason: "has no “key”")
        }
        var fields = FieldReader(value, path: "it")
        item = Item(key: key, from: &fields)
        flaws = fields.flaws
    }
}
