import AIDP
import Runs

/// Carries out one request of the plan: calls the service, follows the pages, and converts the answer to the domain's
/// values.
struct Fetcher: Sendable {
    /// More pages than any list within the documented limits has.
    static let jobPages = 100
    static let chunkPages = 20
    static let taskPages = 20

    let service: any WorkflowService
    let place: Place
    let settings: PollingSettings

    /// A request's answer: its value or the reason it failed, and what that cost.
    struct Answer<Value: Sendable>: Sendable {
        var result: Result<Value, ServiceError>
        var flaws: Flaws
        /// Why the walk over the pages stopped early, if it did.
        var note: String?
        /// Why the answer may not be whole, if so: then what it lacks is unknown, not absent.
        var gap: String?
        var cost: RequestCost
    }

    /// The runs of one chunk, as values and as the service sent them.
    struct ChunkRuns: Sendable {
        var runs: [JobRun] = []
        var items: [JobRunSummary] = []
        /// The jobs without a run in an answer that is not whole.
        var missing: [JobID] = []
    }

    func jobs() async -> Answer<[Job]> {
        var name: String?
        if case .workspace(let contains) = settings.scope { name = contains }
        let walked = await Walked(pageCap: Self.jobPages, of: "listJobs") { page throws(ServiceError) in
            try await service.listJobs(ListJobsRequest(displayNameContains: name, page: page))
        }
        return Answer(walked) { items in
            var seen: Set<String> = []
            return items.filter { seen.insert($0.key).inserted }.map { Job($0, in: place) }
        }
    }

    func runs(of chunk: [JobID]) async -> Answer<ChunkRuns> {
        let walked = await Walked(pageCap: Self.chunkPages, of: "recentJobRuns") { page throws(ServiceError) in
            try await service.recentJobRuns(
                RecentJobRunsRequest(
                    jobKeys: chunk.map(\.key), recordCount: settings.recordCount, limit: settings.limit,
                    page: page, sortBy: settings.sortBy, sortOrder: settings.sortOrder))
        }
        var answer = Answer(walked) { items in
            let asked = Set(chunk)
            let onlyJob = chunk.count == 1 ? chunk.first : nil
            let runs = items.compactMap { JobRun($0, in: place, onlyJob: onlyJob) }.filter { asked.contains($0.job) }
            return ChunkRuns(runs: runs, items: items)
        }
        guard case .success(var found) = answer.result else { return answer }
        // A run that names no job, or a job that was not asked for, may belong to any job of the chunk.
        let strays = found.items.count - found.runs.count
        if strays > 0 {
            let reason = "recentJobRuns: there are runs that name none of the jobs asked for"
            answer.flaws.add(strays, reason)
            answer.gap = answer.gap ?? reason
        }
        if answer.gap != nil {
            let present = Set(found.runs.map(\.job))
            found.missing = chunk.filter { !present.contains($0) }
            answer.result = .success(found)
        }
        return answer
    }

    func tasks(of run: RunID) async -> Answer<[TaskRun]> {
        let walked = await Walked(pageCap: Self.taskPages, of: "listTaskRuns") { page throws(ServiceError) in
            try await service.listTaskRuns(ListTaskRunsRequest(jobRunKey: run.key, page: page))
        }
        return Answer(walked) { $0.map(TaskRun.init) }
    }
}

extension Fetcher.Answer {
    init<Item>(_ walked: Walked<Item>, _ convert: ([Item]) -> Value) {
        self.init(
            result: walked.items.map(convert), flaws: walked.flaws, note: walked.note, gap: walked.gap,
            cost: walked.cost)
    }
}
