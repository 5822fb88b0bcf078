/// A large value that is kept once and referred to: copies of it are as cheap as a reference, and change on their own.
struct Shared<Value: Sendable>: Sendable {
    /// `@unchecked`, because the value is a variable: it is changed only by ``change(_:)``, while nothing else refers to the
    /// storage, so that no other thread can read it meanwhile.
    private final class Storage: @unchecked Sendable {
        fileprivate(set) var value: Value

        init(_ value: Value) { self.value = value }
    }

    private var storage: Storage

    init(_ value: Value) { storage = Storage(value) }

    var value: Value { storage.value }

    /// Changes the value; copies of it stay as they are.
    mutating func change<Result>(_ body: (inout Value) -> Result) -> Result {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
        return body(&storage.value)
    }

    /// Whether both refer to one value, and are equal without a look at it.
    func isSame(as other: Shared) -> Bool { storage === other.storage }
}
