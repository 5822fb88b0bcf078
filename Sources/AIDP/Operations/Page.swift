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

    public init(
        items: [Item], flaws: [ItemFlaw] = [], nextPage: String? = nil, opcRequestID: String? = nil, attempts: Int = 1
    ) {
        self.items = items
        self.flaws = flaws
        self.nextPage = nextPage
        self.opcRequestID = opcRequestID
        self.attempts = attempts
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
