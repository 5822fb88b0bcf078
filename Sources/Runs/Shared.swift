/// A large value with copy-on-write: copies share one storage until one of them changes.
struct Shared<Value: Sendable>: Sendable {
    /// `@unchecked`, because the value is a variable. Only ``change(_:)`` changes it, and only while nothing else refers to
    /// the storage, so no other thread can read it at that time.
    private final class Storage: @unchecked Sendable {
        fileprivate(set) var value: Value

        init(_ value: Value) { self.value = value }
    }

    private var storage: Storage

    init(_ value: Value) { storage = Storage(value) }

    var value: Value { storage.value }

    /// Changes the value; copies of it keep the old one.
    mutating func change<Result>(_ body: (inout Value) -> Result) -> Result {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
        return body(&storage.value)
    }

    /// Whether both share one storage, and so are equal without a comparison.
    func isSame(as other: Shared) -> Bool { storage === other.storage }
}
