import Foundation
import HTTP
import JSON

/// One page of a list operation.
public struct Page<Item: Sendable>: Sendable {
    /// The items that could be decoded, in the order of the page.
    public var items: [Item]
    /// The items and fields that could not be decoded and are missing from `items`.
    public var flaws: [ItemFlaw]
    /// The token of the next page. `nil` on the last page, where the header `opc-next-page` is absent or empty.
    public var nextPage: String?
    /// The service's `opc-request-id`, for a support ticket.
    public var opcRequestID: String?
    /// The number of attempts that the call took: 1 without a retry.
    public var attempts: Int
    /// The service's time when it answered, from the header `Date`. `nil` if the header is missing or invalid.
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

/// One object, with its version and the request id.
public struct Fetched<Item: Sendable>: Sendable {
    public var item: Item
    /// The fields that could not be decoded.
    public var flaws: [ItemFlaw]
    /// The version of the object, to send back as `if-match`.
    public var etag: String?
    /// The service's `opc-request-id`, for a support ticket.
    public var opcRequestID: String?
    public var attempts: Int
}

/// An item without a usable `key`, or a field of an item that has the wrong type.
public struct ItemFlaw: Sendable, Equatable {
    /// The item's index on its page.
    public var index: Int
    /// What is wrong, e.g. `items[3].key is missing`.
    public var reason: String
    /// Whether the whole item is missing from the page, not only one of its fields.
    public var isItemLost: Bool

    public init(index: Int, reason: String, isItemLost: Bool = false) {
        self.index = index
        self.reason = reason
        self.isItemLost = isItemLost
    }
}

/// An item of a list or a single object, decoded leniently. Only a usable `key` is required.
protocol ListItem: Sendable {
    init(key: String, from fields: inout FieldReader)
    /// The JSON of the item as the service sent it, if the settings keep it.
    var json: SentJSON? { get set }
}

/// The items of a page, and their flaws.
struct DecodedItems<Item: ListItem> {
    private(set) var items: [Item] = []
    private(set) var flaws: [ItemFlaw] = []

    /// Why a body is not a page, in one sentence.
    struct Failure: Error, Equatable {
        var reason: String
    }

    /// Decodes a body item by item. A bad item adds a flaw and the page is kept. Throws only if the body is not a list.
    init(_ body: [UInt8], keepsJSON: Bool) throws(Failure) {
        let (values, sent) = try Self.values(body)
        for (index, value) in values.enumerated() {
            read(value, index: index, at: "items[\(index)]", sent: keepsJSON ? sent[index] : nil)
        }
    }

    /// Decodes a body that is a single item.
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
    /// Requests one page of a list.
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

    /// Sends a call whose answer is one object.
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
