import Foundation
import HTTP
import JSON

/// One page of a list operation.
public struct Page<Item: Sendable>: Sendable {
    /// What could be decoded, in the order of the page.
    public var items: [Item]
    /// The items and fields that could not be decoded; the page is returned without them.
    public var flaws: [ItemFlaw]
    /// The token of the next page; `nil` at the end (header absent or empty).
    public var nextPage: String?
    /// The service's `opc-request-id`, for a ticket.
    public var opcRequestID: String?
    /// How many attempts it took: 1 without a retry.
    public var attempts: Int
    /// The moment of the answer by the service's clock, from the header `Date`; `nil` when it has none.
    public var serverDate: Date?

    public init(
        items: [Item], flaws: [ItemFlaw] = [], nextPage: String? = nil, opcRequestID: String? = nil, attempts: Int = 1,
        serverDate: Date? = nil
    ) {
        self.items = items
        self.flaws = flaws
        self.nextPage = nextPage
        self.opcRequestID = opcRequestID
        self.attempts = attempts
        self.serverDate = serverDate
    }
}

extension Page: Equatable where Item: Equatable {}

/// One object, and what came with it.
public struct Fetched<Item: Sendable>: Sendable {
    public var item: Item
    /// The fields that could not be read.
    public var flaws: [ItemFlaw]
    /// The object's version, to be sent back as `if-match`.
    public var etag: String?
    /// The service's `opc-request-id`, for a ticket.
    public var opcRequestID: String?
    public var attempts: Int
}

/// An item of a page that had no usable `key`, or a field of an item that had the wrong type.
public struct ItemFlaw: Sendable, Equatable {
    /// The item's index on its page.
    public var index: Int
    /// What was wrong, e.g. `items[3].key is missing`.
    public var reason: String
    /// The whole item is missing from the page, not only one of its fields.
    public var isItemLost: Bool

    public init(index: Int, reason: String, isItemLost: Bool = false) {
        self.index = index
        self.reason = reason
        self.isItemLost = isItemLost
    }
}

/// An item of a list, or an object by itself, read leniently from JSON that has a usable `key`.
protocol ListItem: Sendable {
    init(key: String, from fields: inout FieldReader)
    /// The item as it was sent, where it is kept.
    var json: SentJSON? { get set }
}

/// The items of a page and what was wrong with them.
struct DecodedItems<Item: ListItem> {
    private(set) var items: [Item] = []
    private(set) var flaws: [ItemFlaw] = []

    /// Why a body is no page: one sentence.
    struct Failure: Error, Equatable {
        var reason: String
    }

    /// Decodes a body item by item: a bad item is flagged and the page kept; only a body that is no list is refused.
    init(_ body: [UInt8], keepsJSON: Bool) throws(Failure) {
        let (values, sent) = try Self.values(body)
        for (index, value) in values.enumerated() {
            read(value, index: index, at: "items[\(index)]", sent: keepsJSON ? sent[index] : nil)
        }
    }

    /// Decodes a body that is one item itself.
    init(object body: [UInt8], keepsJSON: Bool) throws(Failure) {
        let root = try Self.root(body).value
        guard case .object = root else { throw Failure(reason: "the answer is \(root.typeName), not an object") }
        read(root, index: 0, at: "answer", sent: keepsJSON ? SentJSON(root) : nil)
    }

    private static func root(_ body: [UInt8]) throws(Failure) -> (value: JSONValue, items: [SentJSON]) {
        do throws(JSONParser.Failure) {
            let (value, items) = try JSONParser.parse(body, elementsOf: "items")
            return (value, items)
        } catch {
            if let page = ErrorBody.notJSON(body) { throw Failure(reason: page) }
            throw Failure(reason: "the answer is not valid JSON: \(error.reason), at byte \(error.offset)")
        }
    }

    private static func values(_ body: [UInt8]) throws(Failure) -> ([JSONValue], sent: [SentJSON]) {
        let (root, sent) = try root(body)
        guard case .object = root else {
            throw Failure(reason: "the answer is \(root.typeName), not an object with “items”")
        }
        switch root["items"] {
        case .array(let values): return (values, sent)
        case let other?: throw Failure(reason: "“items” in the answer is \(other.typeName), not an array")
        case nil: throw Failure(reason: "the answer has no “items”: it is not a list")
        }
    }

    private mutating func read(_ value: JSONValue, index: Int, at path: String, sent: SentJSON?) {
        func flaw(_ reason: String) { flaws.append(ItemFlaw(index: index, reason: reason, isItemLost: true)) }
        guard case .object = value else { return flaw("\(path) is \(value.typeName), not an object") }
        switch value["key"] {
        case .string(let key) where !key.isEmpty:
            var fields = FieldReader(value, path: path)
            var item = Item(key: key, from: &fields)
            item.json = sent
            items.append(item)
            flaws += fields.flaws.map { ItemFlaw(index: index, reason: $0) }
        case nil, .null: flaw("\(path).key is missing")
        case .string: flaw("\(path).key is empty")
        case let other?: flaw("\(path).key is \(other.typeName), not a string")
        }
    }
}

extension AIDPClient {
    /// One page of a list.
    func page<Item: ListItem>(_ operation: WorkflowOperation, _ target: String) async throws(ServiceError) -> Page<Item>
    {
        let answer = try await answer(to: Call(operation: operation, target: target))
        let reply = answer.reply
        let requestID = reply.requestID ?? answer.sentRequestID
        do throws(DecodedItems<Item>.Failure) {
            let decoded = try DecodedItems<Item>(reply.body, keepsJSON: settings.keepsItemJSON)
            return Page(
                items: decoded.items, flaws: decoded.flaws, nextPage: reply.header("opc-next-page"),
                opcRequestID: requestID, attempts: answer.attempts,
                serverDate: reply.header("date").flatMap(HTTPDate.date))
        } catch {
            throw answer.malformed(error.reason, operation: operation)
        }
    }

    /// One object, of any operation that answers with one.
    func object<Item: ListItem>(_ call: Call) async throws(ServiceError) -> Fetched<Item> {
        let answer = try await answer(to: call)
        do throws(DecodedItems<Item>.Failure) {
            let decoded = try DecodedItems<Item>(object: answer.reply.body, keepsJSON: settings.keepsItemJSON)
            guard let item = decoded.items.first else {
                throw .init(reason: decoded.flaws.first?.reason ?? "the answer has no key")
            }
            return Fetched(
                item: item, flaws: decoded.flaws, etag: answer.reply.header("etag"),
                opcRequestID: answer.reply.requestID ?? answer.sentRequestID, attempts: answer.attempts)
        } catch {
            throw answer.malformed(error.reason, operation: call.operation)
        }
    }
}

extension CallReply {
    fileprivate func malformed(_ reason: String, operation: WorkflowOperation) -> ServiceError {
        var error = ServiceError(
            operation: operation.name, kind: .malformedResponse, status: reply.status, message: reason,
            opcRequestID: reply.requestID ?? sentRequestID, attempts: attempts,
            advice: ServiceError.Kind.malformedResponse.advice)
        error.mayHaveBeenCarriedOut = operation.isMutation
        return error
    }
}
