import HTTP
import JSON

/// The operations that the poller calls. Tests implement this protocol instead of using ``AIDPClient``.
package protocol WorkflowService: Sendable {
    func recentJobRuns(_ request: RecentJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary>
    func listJobs(_ request: ListJobsRequest) async throws(ServiceError) -> Page<JobSummary>
    func listJobRuns(_ request: ListJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary>
    func listTaskRuns(_ request: ListTaskRunsRequest) async throws(ServiceError) -> Page<TaskRunSummary>
}

/// The operations on single objects that the dashboard calls. Tests implement this protocol instead of using
/// ``AIDPClient``.
package protocol SingleObjectService: Sendable {
    func job(_ key: String) async throws(ServiceError) -> Fetched<JobDetails>
    func jobRun(_ key: String, includingTaskRuns: Bool) async throws(ServiceError) -> Fetched<JobRunDetails>
    func taskRun(_ key: String) async throws(ServiceError) -> Fetched<TaskRunDetails>
    func fetchOutput(_ request: FetchOutputRequest) async throws(ServiceError) -> Fetched<TaskRunOutput>
}

/// List operations. Each call returns one page; pass ``Page/nextPage`` to get the next one.
extension AIDPClient {
    /// `GET …/workspaces`: the workspaces of the instance, including the endpoint's own.
    public func listWorkspaces(
        _ request: ListWorkspacesRequest = ListWorkspacesRequest()
    ) async throws(ServiceError) -> Page<WorkspaceSummary> {
        try await page(.listWorkspaces, endpoint.target(.listWorkspaces, query: request.query()))
    }

    /// `GET …/jobs`: the jobs of the workspace.
    public func listJobs(
        _ request: ListJobsRequest = ListJobsRequest()
    ) async throws(ServiceError) -> Page<JobSummary> {
        try await page(.listJobs, endpoint.target(.listJobs, query: request.query()))
    }

    /// `GET …/recentJobRuns`: the latest runs of the given jobs.
    public func recentJobRuns(_ request: RecentJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> {
        try await page(.recentJobRuns, endpoint.target(.recentJobRuns, query: request.query()))
    }

    /// `GET …/jobRuns`: the runs created within a time window.
    public func listJobRuns(
        _ request: ListJobRunsRequest = ListJobRunsRequest()
    ) async throws(ServiceError) -> Page<JobRunSummary> {
        try await page(.listJobRuns, endpoint.target(.listJobRuns, query: request.query()))
    }

    /// `GET …/taskRuns`: the task runs of one job run.
    public func listTaskRuns(_ request: ListTaskRunsRequest) async throws(ServiceError) -> Page<TaskRunSummary> {
        try await page(.listTaskRuns, endpoint.target(.listTaskRuns, query: request.query()))
    }
}

/// Operations on one object.
extension AIDPClient {
    /// `GET …/jobs/{jobKey}`.
    public func job(_ key: String) async throws(ServiceError) -> Fetched<JobDetails> {
        try await object(call(.getJob, key))
    }

    /// `GET …/jobRuns/{key}`.
    public func jobRun(
        _ key: String, includingTaskRuns: Bool = false
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        let query = includingTaskRuns ? [QueryItem("shouldIncludeTaskRunSummaries", "true")] : []
        return try await object(call(.getJobRun, key, query: query))
    }

    /// `GET …/taskRuns/{key}`.
    public func taskRun(_ key: String) async throws(ServiceError) -> Fetched<TaskRunDetails> {
        try await object(call(.getTaskRun, key))
    }

    /// `POST …/taskRuns/{key}/actions/fetchOutput`: the output of a task. Changes nothing.
    public func fetchOutput(_ request: FetchOutputRequest) async throws(ServiceError) -> Fetched<TaskRunOutput> {
        try await object(call(.fetchOutput, request.taskRunKey, body: request.json.utf8()))
    }

    /// `POST …/jobRuns`: runs a job now.
    public func runJob(
        _ jobKey: String, parameters: [Parameter] = [], _ options: MutationOptions = MutationOptions()
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        try ParameterCheck(operation: .createJobRun).key(jobKey, "jobKey")
        let body = JSONValue.object([.init("jobKey", .string(jobKey))] + parameters.members)
        return try await object(mutation(.createJobRun, options, body: body.utf8()))
    }

    /// `POST …/jobRuns/{key}/actions/cancel`.
    public func cancelJobRun(
        _ key: String, _ options: MutationOptions = MutationOptions()
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        try await object(mutation(.cancelJobRun, key: key, options, body: []))
    }

    /// `POST …/jobRuns/{key}/actions/repair`: repairs a finished run.
    public func repairJobRun(
        _ request: RepairJobRunRequest, _ options: MutationOptions = MutationOptions()
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        try await object(mutation(.repairJobRun, key: request.jobRunKey, options, body: request.json.utf8()))
    }

    /// A call for the object with this key, or for the collection if the key is `nil`.
    private func call(
        _ operation: WorkflowOperation, _ key: String?, query: [QueryItem] = [], body: [UInt8]? = nil
    ) throws(ServiceError) -> Call {
        if let key { try ParameterCheck(operation: operation).key(key, "the key") }
        return Call(operation: operation, target: endpoint.target(operation, key: key, query: query), body: body)
    }

    /// A call that changes something. Its retry token makes it safe to send it again.
    private func mutation(
        _ operation: WorkflowOperation, key: String? = nil, _ options: MutationOptions, body: [UInt8]
    ) throws(ServiceError) -> Call {
        var call = try call(operation, key, body: body)
        let check = ParameterCheck(operation: operation)
        let token = options.retryToken ?? dependencies.newRequestID
        try check.headerValue(token, "opc-retry-token")
        call.headers.append((name: "opc-retry-token", value: token))
        if let etag = options.ifMatch {
            try check.headerValue(etag, "if-match")
            call.headers.append((name: "if-match", value: etag))
        }
        return call
    }
}
