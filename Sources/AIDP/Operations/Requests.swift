/// The order of a list, `ASC` or `DESC` on the wire.
public enum SortOrder: String, Sendable, CaseIterable {
    case ascending = "ASC"
    case descending = "DESC"
}

/// Parameters of `GET …/recentJobRuns`. Ranges and defaults: the operation's reference page.
public struct RecentJobRunsRequest: Sendable, Equatable {
    public enum SortBy: String, Sendable, CaseIterable { case timeCreated, displayName, status }

    /// The jobs asked for; never empty.
    public var jobKeys: [String]
    /// Runs per job key, 1…10; the service's default is 5.
    public var recordCount: Int
    /// Items per page, 1…25; the service's default is 10.
    public var limit: Int
    /// The `opc-next-page` of the page before, bound to these very parameters.
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
}

/// Parameters of `GET …/jobs`.
public struct ListJobsRequest: Sendable, Equatable {
    /// Only jobs of this display name.
    public var displayName: String?
    /// Only jobs whose display name contains this.
    public var displayNameContains: String?
    /// Only the job at this path.
    public var path: String?
    /// Only jobs that this user made.
    public var createdBy: String?
    /// Items per page, 1…1000; the service's default is 100.
    public var limit: Int
    public var page: String?
    /// The oldest first by default: items that are created while the pages are read come last, so that none moves from one
    /// page to another.
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
}

/// Parameters of `GET …/taskRuns`.
public struct ListTaskRunsRequest: Sendable, Equatable {
    /// The job run whose tasks are asked for.
    public var jobRunKey: String
    /// Items per page, 1…1000; the service's default is 100.
    public var limit: Int
    public var page: String?

    public init(jobRunKey: String, limit: Int = 1000, page: String? = nil) {
        self.jobRunKey = jobRunKey
        self.limit = limit
        self.page = page
    }
}
