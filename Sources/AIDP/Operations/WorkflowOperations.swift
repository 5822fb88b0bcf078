import HTTP
import JSON

/// The operations that runtop's poller does not need. A page is one call here too.
extension AIDPClient {
    /// `GET …/workspaces`: the workspaces of the instance, that of the endpoint among them.
    public func listWorkspaces(
        _ request: ListWorkspacesRequest = ListWorkspacesRequest()
    ) async throws(ServiceError) -> Page<WorkspaceSummary> {
        try await page(.listWorkspaces, endpoint.workspacesTarget(query: request.query()))
    }

    /// `GET …/jobs/{jobKey}`.
    public func job(_ key: String) async throws(ServiceError) -> Fetched<JobDetails> {
        try await object(read(.getJob, "jobs", key))
    }

    /// `GET …/jobRuns`: runs within a window of time.
    public func listJobRuns(_ request: ListJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> {
        try await page(.listJobRuns, endpoint.target("jobRuns", query: request.query()))
    }

    /// `GET …/jobRuns/{key}`.
    public func jobRun(_ key: String, includingTaskRuns: Bool = false) async throws(ServiceError) -> Fetched<
        JobRunDetails
    > {
        var query: [QueryItem] = []
        if includingTaskRuns { query.append(QueryItem("shouldIncludeTaskRunSummaries", "true")) }
        return try await object(read(.getJobRun, "jobRuns", key, query: query))
    }

    /// `GET …/taskRuns/{key}`.
    public func taskRun(_ key: String) async throws(ServiceError) -> Fetched<TaskRunDetails> {
        try await object(read(.getTaskRun, "taskRuns", key))
    }

    /// `POST …/taskRuns/{key}/actions/fetchOutput`: what a task printed. It changes nothing.
    public func fetchOutput(_ request: FetchOutputRequest) async throws(ServiceError) -> Fetched<TaskRunOutput> {
        var call = try read(.fetchOutput, "taskRuns", request.taskRunKey)
        call.target += "/actions/fetchOutput"
        call.body = JSONValue.object([.init("outputKey", .string(request.outputKey))]).utf8
        return try await object(call)
    }

    /// `POST …/jobRuns/{key}/actions/cancel`.
    public func cancelJobRun(
        _ key: String, _ options: MutationOptions = MutationOptions()
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        var call = try mutation(.cancelJobRun, options, "jobRuns", key)
        call.target += "/actions/cancel"
        return try await object(call)
    }

    /// `POST …/jobRuns/{key}/actions/repair`.
    public func repairJobRun(
        _ request: RepairJobRunRequest, _ options: MutationOptions = MutationOptions()
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        var call = try mutation(.repairJobRun, options, "jobRuns", request.jobRunKey)
        call.target += "/actions/repair"
        call.body = request.json.utf8
        return try await object(call)
    }

    /// `POST …/jobRuns`: runs a job now.
    public func runJob(
        _ jobKey: String, parameters: [Parameter] = [], _ options: MutationOptions = MutationOptions()
    ) async throws(ServiceError) -> Fetched<JobRunDetails> {
        try ParameterCheck(operation: .createJobRun).key(jobKey, "jobKey")
        var call = try mutation(.createJobRun, options, "jobRuns")
        call.body =
            JSONValue.object([.init("jobKey", .string(jobKey))] + parameters.members).utf8
        return try await object(call)
    }

    private func read(
        _ operation: Operation, _ collection: String, _ key: String, query: [QueryItem] = []
    ) throws(ServiceError) -> Call {
        try ParameterCheck(operation: operation).key(key, "the key")
        return Call(operation: operation, target: endpoint.target(collection, key, query: query))
    }

    /// A call that changes something: it has an empty body until it is given one, and a token that makes it safe to send
    /// again.
    private func mutation(
        _ operation: Operation, _ options: MutationOptions, _ collection: String, _ key: String? = nil
    ) throws(ServiceError) -> Call {
        let check = ParameterCheck(operation: operation)
        if let key { try check.key(key, "the key") }
        let token = options.retryToken ?? dependencies.newRequestID
        try check.headerValue(token, "opc-retry-token")
        var headers = [(name: "opc-retry-token", value: token)]
        if let etag = options.ifMatch {
            try check.headerValue(etag, "if-match")
            headers.append((name: "if-match", value: etag))
        }
        let target = if let key { endpoint.target(collection, key) } else { endpoint.target(collection) }
        return Call(operation: operation, target: target, body: [], headers: headers)
    }
}

extension RepairJobRunRequest {
    fileprivate var json: JSONValue {
        var members = [JSONValue.Member("repairMode", .string(mode.rawValue))]
        if !taskKeys.isEmpty { members.append(.init("taskKeys", .array(taskKeys.map(JSONValue.string)))) }
        return .object(members + parameters.members)
    }
}

extension [Parameter] {
    /// The member `parameters`, where there are any.
    fileprivate var members: [JSONValue.Member] {
        guard !isEmpty else { return [] }
        let objects = map { parameter in
            JSONValue.object([
                .init("name", .string(parameter.name)), .init("value", .string(parameter.value)),
            ])
        }
        return [.init("parameters", .array(objects))]
    }
}

extension JSONValue {
    fileprivate var utf8: [UInt8] { Array(text().utf8) }
}
