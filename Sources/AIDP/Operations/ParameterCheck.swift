/// Checks parameters against their documented ranges. A value outside is refused here: the service would answer 400 and
/// count the request.
struct ParameterCheck {
    var operation: WorkflowOperation

    /// A key is a segment of the path: an empty one, or a dot segment, would be another path.
    func key(_ key: String, _ name: String) throws(ServiceError) {
        try that(!key.isEmpty && key != "." && key != "..", "\(name) is \(key.isEmpty ? "empty" : key)")
    }

    /// Visible ASCII, as a header's value may be.
    func headerValue(_ value: String, _ name: String) throws(ServiceError) {
        try that(
            1...256 ~= value.utf8.count && value.utf8.allSatisfy { 0x21...0x7E ~= $0 },
            "\(name) must be 1 to 256 visible ASCII characters")
    }

    func that(_ isAllowed: Bool, _ problem: @autoclosure () -> String) throws(ServiceError) {
        guard !isAllowed else { return }
        throw ServiceError(operation: operation.name, kind: .invalidRequest, message: problem())
    }

    func range(_ value: Int, _ name: String, _ range: ClosedRange<Int>) throws(ServiceError) {
        try that(range ~= value, "\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
    }

    /// `limit` and `page`. Page tokens are opaque; one of 1 to 4096 bytes is accepted.
    func paging(limit: Int, from range: ClosedRange<Int>, page: String?) throws(ServiceError) -> [QueryItem] {
        try self.range(limit, "limit", range)
        let items = [QueryItem("limit", String(limit))]
        guard let page else { return items }
        try that(1...4096 ~= page.utf8.count, "page is \(page.utf8.count) bytes; it must be from 1 to 4096")
        return items + [QueryItem("page", page)]
    }
}

/// One name and value of a query, not yet encoded; a name may come more than once.
struct QueryItem: Sendable, Equatable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
