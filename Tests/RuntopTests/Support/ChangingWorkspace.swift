import AIDP
import Foundation

/// A service whose jobs run and fail continuously, computed from the time. Each text of a run is unique. Half of the
/// jobs are permanent; of the others, one is removed and one added every minute.
struct ChangingWorkspace: WorkflowService {
    /// After this time the state is the same, with other keys and texts.
    static let period: TimeInterval = 1_200
    static let jobCount = 40

    let start: Date
    let now: @Sendable () -> Date
    /// What started the runs.
    var launched = "SCHEDULED"

    /// The seconds from one run of a job to the next.
    private static let pace = 15

    private struct LivingJob {
        let key: String
        let since: Int
    }

    private var seconds: Int { Int(now().timeIntervalSince(start)) }

    private func job(_ slot: Int, at second: Int) -> LivingJob {
        guard slot >= Self.jobCount / 2 else { return LivingJob(key: "job-\(slot)", since: -86_400) }
        let (whole, shift) = (Int(Self.period), slot * 60)
        let life = (second + shift) / whole
        return LivingJob(key: "job-\(slot)-\(life)", since: life * whole - shift)
    }

    private func jobs(at second: Int) -> [LivingJob] { (0..<Self.jobCount).map { job($0, at: second) } }

    /// The runs of a job created from a second on, newest first.
    private func runs(of job: LivingJob, since: Int, at second: Int) -> [JobRunSummary] {
        let first = max(since, job.since)
        let newest = Int((Double(second) / Double(Self.pace)).rounded(.down))
        let oldest = Int((Double(first) / Double(Self.pace)).rounded(.up))
        guard oldest <= newest else { return [] }
        return (oldest...newest).reversed().map { run($0, of: job, at: second) }
    }

    private func run(_ number: Int, of job: LivingJob, at second: Int) -> JobRunSummary {
        let created = number * Self.pace
        let end = created + Self.pace * 3 / 5
        var run = JobRunSummary(key: "run-\(number)-of-the-job-\(job.key)")
        (run.jobKey, run.jobName) = (job.key, "a job named \(job.key)")
        (run.name, run.launched) = ("run \(number) of \(job.key)", launched)
        (run.createdByName, run.timeCreated) = ("somebody", start.addingTimeInterval(Double(created)))
        let milliseconds = { (second: Int) in Int64((start.timeIntervalSince1970 + Double(second)) * 1_000) }
        if second > created + 2 { run.startTime = milliseconds(created + 2) }
        if second >= end { run.endTime = milliseconds(end) }
        run.state = RunState(status: second >= end ? "SUCCESS" : second > created + 2 ? "RUNNING" : "QUEUED")
        if second >= end, number.isMultiple(of: 8) {
            let text = "ValueError: order \(number) of \(job.key) has no customer"
            run.state = RunState(
                status: "FAILED", stateMessage: "task load of run \(number) failed",
                errorTrace: "Traceback (most recent call last):\n  File \"/app/load.py\", line 7, in load\n\(text)\n")
        }
        return run
    }

    func recentJobRuns(_ request: RecentJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> {
        let second = seconds
        let listed = jobs(at: second).filter { request.jobKeys.contains($0.key) }
        let runs = listed.flatMap { job in
            self.runs(of: job, since: second - Self.pace * (request.recordCount + 1), at: second).prefix(
                request.recordCount)
        }
        return Page(items: runs, serverDate: now())
    }

    func listJobRuns(_ request: ListJobRunsRequest) async throws(ServiceError) -> Page<JobRunSummary> {
        let second = seconds
        let since = request.createdSince.map { Int($0.timeIntervalSince(start)) } ?? second - 60
        let wanted = Set(request.statuses.map(\.rawValue))
        let runs = jobs(at: second).flatMap { self.runs(of: $0, since: since, at: second) }
            .filter { wanted.isEmpty || wanted.contains($0.state?.status ?? "") }
        return Page(items: runs, serverDate: now())
    }

    func listJobs(_ request: ListJobsRequest) async throws(ServiceError) -> Page<JobSummary> {
        let items = jobs(at: seconds).map { JobSummary(key: $0.key, name: "a job named \($0.key)") }
        return Page(items: items, serverDate: now())
    }

    func listTaskRuns(_ request: ListTaskRunsRequest) async throws(ServiceError) -> Page<TaskRunSummary> {
        var task = TaskRunSummary(key: "task-of-\(request.jobRunKey)")
        (task.taskKey, task.state) = ("load", RunState(status: "SUCCESS"))
        return Page(items: [task], serverDate: now())
    }
}
