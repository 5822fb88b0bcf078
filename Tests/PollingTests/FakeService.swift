import AIDP
import Synchronization

/// A service of closures: each test writes the answers it is about.
struct FakeService: WorkflowService {
    var runs: @Sendable (RecentJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> = { _ in
        Page(items: [])
    }
    var jobs: @Sendable (ListJobsRequest) async throws(ServiceError) -> Page<JobSummary> = { _ in Page(items: []) }
    var tasks: @Sendable (ListTaskRunsRequest) async throws(ServiceError) -> Page<TaskRunSummary> = { _ in
        Page(items: [])
    }

    var lists: @Sendable (ListJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> = { _ in
        Page(items: [])
    }

    func listJobRuns(_ request: ListJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> {
        try await lists(request)
    }

    func recentJobRuns(_ request: RecentJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> {
        try await runs(request)
    }

    func listJobs(_ request: ListJobsRequest) async throws(ServiceError) -> Page<JobSummary> {
        try await jobs(request)
    }

    func listTaskRuns(_ request: ListTaskRunsRequest) async throws(ServiceError) -> Page<TaskRunSummary> {
        try await tasks(request)
    }
}

/// A value that concurrent tasks change.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    @discardableResult
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        mutex.withLock { value in
            // The copy crosses the lock, not the lock's own region.
            var copy = value
            let result = body(&copy)
            value = copy
            return result
        }
    }
}

func summary(_ key: String, of jobKey: String?, status: String = "SUCCESS") -> JobRunSummary {
    var summary = JobRunSummary(key: key)
    summary.jobKey = jobKey
    summary.state = RunState(status: status)
    return summary
}
