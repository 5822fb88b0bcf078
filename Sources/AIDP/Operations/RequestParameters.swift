// The parameters of each operation, in the order in which they are sent. A value outside its documented range is refused
// here: the service would answer 400 and count the request.

extension RecentJobRunsRequest {
    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .recentJobRuns)
        try check.that(!jobKeys.isEmpty, "jobKey is required: the list of job keys is empty")
        try check.that(!jobKeys.contains(""), "jobKey must not be empty")
        try check.range(recordCount, "recordCount", 1...10)
        try check.range(limit, "limit", 1...25)
        return jobKeys.map { QueryItem("jobKey", $0) }
            + [QueryItem("recordCount", String(recordCount)), QueryItem("limit", String(limit))]
            + (try check.page(page))
            + [QueryItem("sortBy", sortBy.rawValue), QueryItem("sortOrder", sortOrder.rawValue)]
    }
}

extension ListJobsRequest {
    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .listJobs)
        try check.range(limit, "limit", 1...1000)
        // An empty filter is not sent: every name contains the empty text, and no job has an empty path.
        let filters = [
            ("displayName", displayName), ("displayNameContains", displayNameContains), ("path", path),
            ("createdBy", createdBy),
        ].compactMap { name, value in value.flatMap { $0.isEmpty ? nil : QueryItem(name, $0) } }
        return filters + [QueryItem("limit", String(limit))] + (try check.page(page))
            + [QueryItem("sortBy", sortBy.rawValue), QueryItem("sortOrder", sortOrder.rawValue)]
    }
}

extension ListTaskRunsRequest {
    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .listTaskRuns)
        try check.that(!jobRunKey.isEmpty, "jobRunKey must not be empty")
        try check.range(limit, "limit", 1...1000)
        return [QueryItem("jobRunKey", jobRunKey), QueryItem("limit", String(limit))] + (try check.page(page))
            + .oldestFirst
    }
}

extension [QueryItem] {
    /// Items that are created while the pages are read come last, so that none moves from one page to another.
    fileprivate static var oldestFirst: [QueryItem] {
        [QueryItem("sortBy", "timeCreated"), QueryItem("sortOrder", SortOrder.ascending.rawValue)]
    }
}

extension ListWorkspacesRequest {
    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .listWorkspaces)
        try check.range(limit, "limit", 1...1000)
        return [QueryItem("limit", String(limit))] + (try check.page(page)) + .oldestFirst
    }
}

extension ListJobRunsRequest {
    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .listJobRuns)
        try check.that(!jobKeys.contains(""), "jobKey must not be empty")
        try check.range(limit, "limit", 1...1000)
        if let createdSince, let createdUntil {
            try check.that(createdSince <= createdUntil, "the window of time ends before it begins")
        }
        var items = jobKeys.map { QueryItem("jobKey", $0) } + statuses.map { QueryItem("status", $0.rawValue) }
        if let createdSince {
            items.append(QueryItem("timeCreatedGreaterThanOrEqualTo", RFC3339.text(createdSince)))
        }
        if let createdUntil { items.append(QueryItem("timeCreatedLessThanOrEqualTo", RFC3339.text(createdUntil))) }
        return items + [QueryItem("limit", String(limit))] + (try check.page(page))
            + [QueryItem("sortBy", sortBy.rawValue), QueryItem("sortOrder", sortOrder.rawValue)]
    }
}

/// Checks parameters against their documented ranges.
struct ParameterCheck {
    var operation: Operation

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

    /// Page tokens are opaque; one of 1 to 4096 bytes is accepted.
    func page(_ token: String?) throws(ServiceError) -> [QueryItem] {
        guard let token else { return [] }
        try that(1...4096 ~= token.utf8.count, "page is \(token.utf8.count) bytes; it must be from 1 to 4096")
        return [QueryItem("page", token)]
    }
}
