import AIDP
import Foundation
import Runs

/// The answer to one request of the plan: all its pages together, as domain values.
struct Answer: Sendable {
    enum Content: Sendable {
        case jobs([Job])
        case runs(ChunkRuns)
        case tasks([TaskRun], of: RunID)
        /// The runs in a list of new, active or past runs. They can belong to any job.
        case listed([JobRun], PollRequest)
        /// A page failed, so the answer has no content.
        case failed(PollRequest, ServiceError)
    }

    var content: Content
    /// The parts of the answer that could not be used.
    var flaws = Flaws()
    /// Why the reader stopped before the last page; `nil` if it read all pages.
    var note: String?
    /// Why the answer may be incomplete; `nil` if it is complete. Items missing from an incomplete answer are unknown.
    var gap: String?
    var cost: RequestCost
    /// The time of the first page by the service's clock; `nil` if the service did not send one.
    var serviceDate: Date?
}

/// The runs of the jobs of one request.
struct ChunkRuns: Sendable {
    /// The jobs requested.
    let jobs: [JobID]
    var runs: [JobRun] = []
    /// The jobs that have no run in an incomplete answer: their runs are unknown.
    var missing: [JobID] = []
    /// The runs as the service sent them; empty unless the fetcher keeps them.
    var items: [JobRunSummary] = []

    /// The jobs whose runs are known now.
    var answered: [JobID] { missing.isEmpty ? jobs : jobs.filter { !missing.contains($0) } }
}

/// Items and fields of an answer that could not be used.
struct Flaws: Sendable, Equatable {
    private(set) var count = 0
    /// What was wrong with the first of them.
    private(set) var first: String?

    mutating func add(_ more: Int, _ reason: String) {
        guard more > 0 else { return }
        count += more
        first = first ?? reason
    }
}

/// How many requests an answer took.
struct RequestCost: Sendable, Equatable {
    /// The number of calls; each page is one call.
    var requests = 1
    /// The number of attempts of all calls, including retries.
    var attempts = 1
}

/// The newest answers, which fill the gaps of an incomplete answer.
struct KnownAnswers: Sendable {
    private var jobs: [Job] = []
    /// The runs of each job's newest answer.
    private var runs: [JobID: [JobRun]] = [:]

    /// Replaces the list of jobs, and removes the runs of jobs that are no longer listed.
    mutating func replaceJobs(_ jobs: [Job]) {
        self.jobs = jobs
        let listed = Set(jobs.map(\.id))
        runs = runs.filter { listed.contains($0.key) }
    }

    /// Records an answer. A run that has not changed is replaced by the known copy of it, so that all parts share one copy.
    mutating func record(_ answer: inout Answer) {
        guard case .runs(var found) = answer.content else { return }
        found.runs = found.runs.map { run in runs[run.job]?.first { $0 == run } ?? run }
        let byJob = Dictionary(grouping: found.runs, by: \.job)
        for job in found.answered { runs[job] = byJob[job] ?? [] }
        answer.content = .runs(found)
    }

    /// Adds known values to an incomplete answer: to a list of jobs, the known jobs that are missing; to an answer with
    /// runs, the newest known runs of each job, up to `mostRuns` runs per job.
    func complete(_ answer: inout Answer, mostRuns: Int) {
        switch answer.content {
        case .jobs(let listed): answer.content = .jobs(knownJobs(updatedBy: listed))
        case .runs(var found):
            found.runs = found.answered.flatMap { knownRuns(of: $0, updatedBy: found.runs, most: mostRuns) }
            answer.content = .runs(found)
        case .tasks, .listed, .failed: break
        }
    }

    private func knownJobs(updatedBy listed: [Job]) -> [Job] {
        let new = Dictionary(listed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Set(jobs.map(\.id))
        return jobs.map { new[$0.id] ?? $0 } + listed.filter { !known.contains($0.id) }
    }

    private func knownRuns(of job: JobID, updatedBy answer: [JobRun], most: Int) -> [JobRun] {
        let new = answer.filter { $0.job == job }
        let newIDs = Set(new.map(\.id))
        let known = (runs[job] ?? []).filter { !newIDs.contains($0.id) }.newestFirst()
        return new + known.prefix(max(0, most - newIDs.count))
    }
}
