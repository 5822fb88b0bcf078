/// The operations of the workflow API that runtop reads.
///
/// ``AIDPClient`` calls them over HTTP; callers depend on this protocol, so that a test can replace the service. One call is
/// one page; the caller requests the next one.
public protocol WorkflowService: Sendable {
    /// `GET …/recentJobRuns`: the latest runs of the given job keys.
    func recentJobRuns(_ request: RecentJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary>
    /// `GET …/jobs`: the jobs of the workspace.
    func listJobs(_ request: ListJobsRequest) async throws(ServiceError) -> Page<JobSummary>
    /// `GET …/taskRuns`: the task runs of one job run.
    func listTaskRuns(_ request: ListTaskRunsRequest) async throws(ServiceError) -> Page<TaskRunSummary>
}

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
