import Foundation

/// Parameters of `GET …/workspaces`.
public struct ListWorkspacesRequest: Sendable, Equatable {
    /// Items per page, 1…1000; the service's default is 100.
    public var limit: Int
    public var page: String?

    public init(limit: Int = 100, page: String? = nil) {
        self.limit = limit
        self.page = page
    }
}

/// Parameters of `GET …/jobRuns`: the runs of some jobs, or of all, within a window of time.
public struct ListJobRunsRequest: Sendable, Equatable {
    /// The jobs; empty for all of them.
    public var jobKeys: [String]
    /// Only runs in one of these; empty for any.
    public var statuses: [FilterableStatus]
    /// Only runs created from this moment on.
    public var createdSince: Date?
    /// Only runs created up to this moment.
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

    /// The statuses that can be asked for: twelve of the fifteen. The service does not document `CANCELING`, `TIMED_OUT`
    /// and `PAUSED_MAINTENANCE` here.
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

/// `POST …/taskRuns/{key}/actions/fetchOutput`.
public struct FetchOutputRequest: Sendable, Equatable {
    public var taskRunKey: String
    /// The task run's ``TaskRunDetails/outputKey``.
    public var outputKey: String

    public init(taskRunKey: String, outputKey: String) {
        self.taskRunKey = taskRunKey
        self.outputKey = outputKey
    }
}

/// What goes with an operation that changes something.
public struct MutationOptions: Sendable, Equatable {
    /// The service carries out two requests with the same token once; nil lets the client make one for the call.
    public var retryToken: String?
    /// The version the change is meant for, from ``Fetched/etag``; the service refuses when there is a newer one.
    public var ifMatch: String?

    public init(retryToken: String? = nil, ifMatch: String? = nil) {
        self.retryToken = retryToken
        self.ifMatch = ifMatch
    }
}

/// `POST …/jobRuns/{key}/actions/repair`: runs a finished run again, wholly or in part.
public struct RepairJobRunRequest: Sendable, Equatable {
    public var jobRunKey: String
    /// The tasks to run again; empty leaves the choice to the mode.
    public var taskKeys: [String]
    public var mode: Mode
    public var parameters: [Parameter]

    /// `repairMode`.
    public enum Mode: String, Sendable, CaseIterable {
        /// Only what did not succeed.
        case resume = "RESUME"
        /// Everything.
        case rerun = "RERUN"
    }

    public init(jobRunKey: String, taskKeys: [String] = [], mode: Mode = .resume, parameters: [Parameter] = []) {
        self.jobRunKey = jobRunKey
        self.taskKeys = taskKeys
        self.mode = mode
        self.parameters = parameters
    }
}
