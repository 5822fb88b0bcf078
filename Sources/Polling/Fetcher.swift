import AIDPClient
import Runs

/// Carries out one request of the plan: calls the service, follows the pages, turns what came into the domain's values.
struct Fetcher: Sendable {
    /// More pages than any list that fits the documented limits.
    static let jobPages = 100
    static let chunkPages = 20
    static let taskPages = 20

    let service: any WorkflowService
    let settings: PollingSettings

    /// A request's answer: what it brought, or why it did not, and what that cost.
    struct Answer<Value: Sendable>: Sendable {
        var result: Result<Value, ServiceError>
        var flaws: Int
        var note: String?
        var cost: RequestCost
    }

    /// The runs of one chunk, as values and as the service sent them.
    struct ChunkRuns: Sendable {
        var runs: [JobRun] = []
        var items: [JobRunSummary] = []
    }

    func jobs() async -> Answer<[Job]> {
        var name: String?
        if case .workspace(let contains) = settings.scope { name = contains }
        let walked = await Walked(pageCap: Self.jobPages, of: "listJobs") { page throws(ServiceError) in
            try await service.listJobs(ListJobsRequest(displayNameContains: name, page: page))
        }
        return Answer(walked) { items in
            var seen: Set<String> = []
            return items.filter { seen.insert($0.key).inserted }.map(Job.init)
        }
    }

    func runs(of chunk: [JobKey]) async -> Answer<ChunkRuns> {
        let walked = await Walked(pageCap: Self.chunkPages, of: "recentJobRuns") { page throws(ServiceError) in
            try await service.recentJobRuns(
                RecentJobRunsRequest(
                    jobKeys: chunk.map(\.rawValue), recordCount: settings.recordCount, limit: settings.limit,
                    page: page, sortBy: settings.sortBy, sortOrder: settings.sortOrder))
        }
        var strays = 0
        var answer = Answer(walked) { items in
            let asked = Set(chunk)
            let onlyJob = chunk.count == 1 ? chunk.first : nil
            let runs = items.compactMap { JobRun($0, onlyJob: onlyJob) }.filter { asked.contains($0.jobKey) }
            strays = items.count - runs.count
            return ChunkRuns(runs: runs, items: items)
        }
        // A run of no job, or of one nobody asked about, cannot be shown anywhere.
        answer.flaws += strays
        return answer
    }

    func tasks(of run: RunKey) async -> Answer<[TaskRun]> {
        let walked = await Walked(pageCap: Self.taskPages, of: "listTaskRuns") { page throws(ServiceError) in
            try await service.listTaskRuns(ListTaskRunsRequest(jobRunKey: run.rawValue, page: page))
        }
        return Answer(walked) { $0.map(TaskRun.init) }
    }
}

extension Fetcher.Answer {
    init<Item>(_ walked: Walked<Item>, _ convert: ([Item]) -> Value) {
        self.init(result: walked.items.map(convert), flaws: walked.flaws, note: walked.note, cost: walked.cost)
    }
}
