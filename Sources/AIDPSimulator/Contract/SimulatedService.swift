import JSON

/// The workflow API of AIDP: creates the reply to a verified request from its route, its content and a time.
/// `SimulatedService+Lists.swift` has the lists, `SimulatedService+Changes.swift` the operations that change a run.
struct SimulatedService: Sendable {
    let settings: SimulatorSettings
    let world: World
    let pageTokens: PageTokens

    init(_ settings: SimulatorSettings) {
        self.settings = settings
        world = World(
            seed: settings.seed, jobCount: settings.jobCount, speed: settings.speed, hostile: settings.hostile,
            outputSize: settings.outputSize)
        pageTokens = PageTokens(seed: settings.seed)
    }

    /// A successful answer: its JSON, the token of the next page if there is one, and the version of a single object.
    struct Reply: Sendable {
        let body: [UInt8]
        var nextPage: String?
        var etag: String?
    }

    /// The parts of a request besides its route.
    struct RequestContent: Sendable {
        /// The path as sent.
        let path: Substring
        let query: Query
        let body: [UInt8]
        let retryToken: String?
        let ifMatch: String?
    }

    func reply(to route: Route, _ content: RequestContent, at moment: Milliseconds) throws(APIError) -> Reply {
        guard route.version == settings.apiVersion, route.instanceID == settings.instanceID,
            route.workspaceKey ?? settings.workspaceKey == settings.workspaceKey
        else { throw .notFound }
        let query = content.query
        let request = ListRequest(identity: "\(content.path)\u{2}\(query.identity)", query: query, moment: moment)
        let key = route.key ?? ""
        switch route.operation {
        case .workspaces: return try workspaces(request)
        case .jobs: return try jobs(request)
        case .job: return try job(key)
        case .recentJobRuns: return try recentJobRuns(request)
        case .jobRuns: return try jobRuns(request)
        case .jobRun: return try jobRun(key, query: query, at: moment)
        case .createJobRun: return try createJobRun(content, at: moment)
        case .cancelJobRun: return try cancelJobRun(key, content, at: moment)
        case .repairJobRun: return try repairJobRun(key, content, at: moment)
        case .taskRuns: return try taskRuns(request)
        case .taskRun: return try taskRun(key, at: moment)
        case .fetchOutput: return try fetchOutput(key, content, at: moment)
        case .metadata, .x509, .refresh, .workloadIdentity: throw .notFound
        }
    }
}

/// `GET …/jobs/{key}`, `…/jobRuns/{key}` and `…/taskRuns/{key}`, and `POST …/taskRuns/{key}/actions/fetchOutput`.
extension SimulatedService {
    func job(_ key: String) throws(APIError) -> Reply {
        guard let job = world.job(key: key) else { throw .notFound }
        var writer = JSONWriter()
        writer.job(job, in: world)
        return Reply(body: writer.bytes)
    }

    func jobRun(_ key: String, query: Query, at moment: Milliseconds) throws(APIError) -> Reply {
        let includingTasks = try query.flag("shouldIncludeTaskRunSummaries")
        guard let run = world.run(key: key, at: moment) else { throw .notFound }
        return reply(run, includingTasks: includingTasks)
    }

    /// One run, with its version.
    func reply(_ run: SimulatedRun, includingTasks: Bool = false) -> Reply {
        var writer = JSONWriter(reserving: 4_096)
        writer.jobRun(run, in: world, includingTasks: includingTasks)
        return Reply(body: writer.bytes, etag: run.etag(seed: world.seed))
    }

    func taskRun(_ key: String, at moment: Milliseconds) throws(APIError) -> Reply {
        let (run, task) = try found(key, at: moment)
        var writer = JSONWriter()
        writer.taskRun(task, of: run, in: world)
        return Reply(body: writer.bytes)
    }

    func fetchOutput(_ key: String, _ content: RequestContent, at moment: Milliseconds) throws(APIError) -> Reply {
        struct FetchOutputDetails: Decodable { let outputKey: String }
        let details = try content.details(FetchOutputDetails.self, "outputKey, a string")
        let (run, task) = try found(key, at: moment)
        let tries: [SimulatedTaskRun.Try?] = [nil] + task.earlierTries(until: run.seen)
        guard task.started != nil,
            let attempt = tries.first(where: { world.outputKey(of: task, $0, in: run) == details.outputKey })
        else { throw .notFound }
        var writer = JSONWriter()
        writer.taskRunOutput(task, attempt, of: run, in: world)
        return Reply(body: writer.bytes)
    }

    private func found(_ key: String, at moment: Milliseconds) throws(APIError) -> (SimulatedRun, SimulatedTaskRun) {
        guard let key = SimulatedTaskRunKey(key, seed: world.seed),
            let run = world.run(key.run, at: moment, after: world.storedChanges.all),
            let task = world.taskRuns(of: run).first(where: { $0.place == key.place })
        else { throw .notFound }
        return (run, task)
    }
}
