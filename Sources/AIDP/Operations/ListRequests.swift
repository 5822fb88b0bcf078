import Foundation

// The parameters of the lists. Ranges and defaults come from the reference page of each operation; `query()` returns
// the parameters in the order in which they are sent. Unless the caller sets an order, the oldest items come first:
// items that are created during paging are then appended at the end, and no item moves from one page to another.

/// The order of a list; `ASC` or `DESC` in the query.
public enum SortOrder: String, Sendable, CaseIterable {
    case ascending = "ASC"
    case descending = "DESC"
}

/// Parameters of `GET …/recentJobRuns`.
public struct RecentJobRunsRequest: Sendable, Equatable {
    public enum SortBy: String, Sendable, CaseIterable { case timeCreated, displayName, status }

    /// The jobs whose runs are requested. Must not be empty.
    public var jobKeys: [String]
    /// Runs per job key, 1…10; the service's default is 5.
    public var recordCount: Int
    /// Items per page, 1…25; the service's default is 10.
    public var limit: Int
    /// The `opc-next-page` of the previous page. The other parameters must be the same as for that page.
    public var page: String?
    public var sortBy: SortBy
    public var sortOrder: SortOrder

    public init(
        jobKeys: [String], recordCount: Int = 5, limit: Int = 10, page: String? = nil,
        sortBy: SortBy = .timeCreated, sortOrder: SortOrder = .descending
    ) {
        self.jobKeys = jobKeys
        self.recordCount = recordCount
        self.limit = limit
        self.page = page
        self.sortBy = sortBy
        self.sortOrder = sortOrder
    }

    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .recentJobRuns)
        try check.that(!jobKeys.isEmpty, "jobKey is required: the list of job keys is empty")
        try check.that(!jobKeys.contains(""), "jobKey must not be empty")
        try check.range(recordCount, "recordCount", 1...10)
        return jobKeys.map { QueryItem("jobKey", $0) } + [QueryItem("recordCount", String(recordCount))]
            + (try check.paging(limit: limit, from: 1...25, page: page)) + order(by: sortBy.rawValue, sortOrder)
    }
}

/// Parameters of `GET …/jobs`.
public struct ListJobsRequest: Sendable, Equatable {
    /// Only jobs with this display name.
    public var displayName: String?
    /// Only jobs whose display name contains this text.
    public var displayNameContains: String?
    /// Only the job at this path.
    public var path: String?
    /// Only jobs that this user created.
    public var createdBy: String?
    /// Items per page, 1…1000; the service's default is 100.
    public var limit: Int
    public var page: String?
    public var sortBy: RecentJobRunsRequest.SortBy
    public var sortOrder: SortOrder

    public init(
        displayName: String? = nil, displayNameContains: String? = nil, path: String? = nil, createdBy: String? = nil,
        limit: Int = 1000, page: String? = nil, sortBy: RecentJobRunsRequest.SortBy = .timeCreated,
        sortOrder: SortOrder = .ascending
    ) {
        self.displayName = displayName
        self.displayNameContains = displayNameContains
        self.path = path
        self.createdBy = createdBy
        self.sortBy = sortBy
        self.sortOrder = sortOrder
        self.limit = limit
        self.page = page
    }

    func query() throws(ServiceError) -> [QueryItem] {
        // An empty filter is not sent: every name contains the empty text, and no job has an empty path.
        let filters = [
            ("displayName", displayName), ("displayNameContains", displayNameContains), ("path", path),
            ("createdBy", createdBy),
        ].compactMap { name, value in value.flatMap { $0.isEmpty ? nil : QueryItem(name, $0) } }
        let check = ParameterCheck(operation: .listJobs)
        return filters + (try check.paging(limit: limit, from: 1...1000, page: page))
            + order(by: sortBy.rawValue, sortOrder)
    }
}

/// Parameters of `GET …/jobRuns`: the runs of some or all jobs, created within a time window.
public struct ListJobRunsRequest: Sendable, Equatable {
    /// The jobs; empty for all jobs.
    public var jobKeys: [String]
    /// Only runs with one of these statuses; empty for any status.
    public var statuses: [FilterableStatus]
    /// Only runs created at or after this time.
    public var createdSince: Date?
    /// Only runs created at or before this time.
    public var createdUntil: Date?
    /// Items per page, 1…1000; the service's default is 100.
    public var limit: Int
    public var page: String?
    public var sortBy: RecentJobRunsRequest.SortBy
    public var sortOrder: SortOrder

    public init(
        jobKeys: [String] = [], statuses: [FilterableStatus] = [], createdSince: Date? = nil,
        createdUntil: Date? = nil, limit: Int = 100, page: String? = nil,
        sortBy: RecentJobRunsRequest.SortBy = .timeCreated,
        sortOrder: SortOrder = .descending
    ) {
        self.jobKeys = jobKeys
        self.statuses = statuses
        self.createdSince = createdSince
        self.createdUntil = createdUntil
        self.limit = limit
        self.page = page
        self.sortBy = sortBy
        self.sortOrder = sortOrder
    }

    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .listJobRuns)
        try check.that(!jobKeys.contains(""), "jobKey must not be empty")
        if let createdSince, let createdUntil {
            try check.that(createdSince <= createdUntil, "the window of time ends before it begins")
        }
        let window = [
            ("timeCreatedGreaterThanOrEqualTo", createdSince), ("timeCreatedLessThanOrEqualTo", createdUntil),
        ].compactMap { name, date in date.map { QueryItem(name, RFC3339.text($0)) } }
        return jobKeys.map { QueryItem("jobKey", $0) } + statuses.map { QueryItem("status", $0.rawValue) } + window
            + (try check.paging(limit: limit, from: 1...1000, page: page)) + order(by: sortBy.rawValue, sortOrder)
    }

    /// The statuses that this operation can filter by: 12 of the 15. Its reference page does not list `CANCELING`,
    /// `TIMED_OUT` and `PAUSED_MAINTENANCE`.
    public enum FilterableStatus: String, Sendable, CaseIterable {
        case pending = "PENDING"
        case queued = "QUEUED"
        case running = "RUNNING"
        case skipped = "SKIPPED"
        case internalError = "INTERNAL_ERROR"
        case blocked = "BLOCKED"
        case success = "SUCCESS"
        case failed = "FAILED"
        case canceled = "CANCELED"
        case upstreamCanceled = "UPSTREAM_CANCELED"
        case upstreamFailed = "UPSTREAM_FAILED"
        case excluded = "EXCLUDED"
    }
}

/// Parameters of `GET …/taskRuns`.
public struct ListTaskRunsRequest: Sendable, Equatable {
    /// The job run whose task runs are requested.
    public var jobRunKey: String
    /// Items per page, 1…1000; the service's default is 100.
    public var limit: Int
    public var page: String?

    public init(jobRunKey: String, limit: Int = 1000, page: String? = nil) {
        self.jobRunKey = jobRunKey
        self.limit = limit
        self.page = page
    }

    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .listTaskRuns)
        try check.that(!jobRunKey.isEmpty, "jobRunKey must not be empty")
        return [QueryItem("jobRunKey", jobRunKey)] + (try check.paging(limit: limit, from: 1...1000, page: page))
            + order(by: "timeCreated", .ascending)
    }
}

/// Parameters of `GET …/workspaces`.
public struct ListWorkspacesRequest: Sendable, Equatable {
    /// Items per page, 1…1000; the service's default is 100.
    public var limit: Int
    public var page: String?

    public init(limit: Int = 100, page: String? = nil) {
        self.limit = limit
        self.page = page
    }

    func query() throws(ServiceError) -> [QueryItem] {
        let check = ParameterCheck(operation: .listWorkspaces)
        return (try check.paging(limit: limit, from: 1...1000, page: page)) + order(by: "timeCreated", .ascending)
    }
}

private func order(by field: String, _ order: SortOrder) -> [QueryItem] {
    [QueryItem("sortBy", field), QueryItem("sortOrder", order.rawValue)]
}

/// Checks parameters against their documented ranges before the request is sent: the service would answer 400, and the
/// request would count against its rate limit.
struct ParameterCheck {
    var operation: WorkflowOperation

    /// A key is a path segment: an empty key or a dot segment would change the path.
    func key(_ key: String, _ name: String) throws(ServiceError) {
        try that(!key.isEmpty && key != "." && key != "..", "\(name) is \(key.isEmpty ? "empty" : key)")
    }

    /// Checks that a header value is visible ASCII.
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

    /// Builds `limit` and `page`. Page tokens are opaque; their length must be from 1 to 4096 bytes.
    func paging(limit: Int, from range: ClosedRange<Int>, page: String?) throws(ServiceError) -> [QueryItem] {
        try self.range(limit, "limit", range)
        let items = [QueryItem("limit", String(limit))]
        guard let page else { return items }
        try that(1...4096 ~= page.utf8.count, "page is \(page.utf8.count) bytes; it must be from 1 to 4096")
        return items + [QueryItem("page", page)]
    }
}

/// A query parameter, not percent-encoded. A name may occur several times.
struct QueryItem: Sendable, Equatable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
