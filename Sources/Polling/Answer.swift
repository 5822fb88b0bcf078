import AIDP
import Foundation
import Runs

/// The answer to one request of the plan: all its pages together, in the domain's values.
struct Answer: Sendable {
    enum Content: Sendable {
        case jobs([Job])
        case runs(ChunkRuns)
        case tasks([TaskRun], of: RunID)
        /// The runs of a list of new, active or past runs: those of any job.
        case listed([JobRun], PollRequest)
        /// A page failed, so there is nothing.
        case failed(PollRequest, ServiceError)
    }

    var content: Content
    /// What of the answer could not be used.
    var flaws = Flaws()
    /// Why not all pages were read, if so.
    var note: String?
    /// Why items may be missing, if they may: the answer is incomplete, and what it lacks is unknown, not absent.
    var gap: String?
    var cost: RequestCost
    /// The moment of the first page by the service's clock, if it said.
    var serviceDate: Date?
}

/// The runs of the jobs of one request.
struct ChunkRuns: Sendable {
    /// The jobs asked for.
    let jobs: [JobID]
    var runs: [JobRun] = []
    /// The jobs without a run in an incomplete answer: nothing is known of theirs.
    var missing: [JobID] = []
    /// The runs as the service sent them, when the fetcher keeps them.
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

/// What an answer cost.
struct RequestCost: Sendable, Equatable {
    /// Calls made, each page its own.
    var requests = 1
    /// Attempts of all of them together, retries included.
    var attempts = 1
}

/// The newest answers, kept to complete an incomplete one: what that lacks is unknown, not absent.
struct KnownAnswers: Sendable {
    private var jobs: [Job] = []
    /// The runs of each job's newest answer.
    private var runs: [JobID: [JobRun]] = [:]

    /// Replaces the list of jobs, and forgets the runs of those that vanished.
    mutating func replaceJobs(_ jobs: [Job]) {
        self.jobs = jobs
        let listed = Set(jobs.map(\.id))
        runs = runs.filter { listed.contains($0.key) }
    }

    /// Records an answer. Each run in it that is as it was takes the place of the one known in memory: all that holds it
    /// shares one copy.
    mutating func record(_ answer: inout Answer) {
        guard case .runs(var found) = answer.content else { return }
        found.runs = found.runs.map { run in runs[run.job]?.first { $0 == run } ?? run }
        let byJob = Dictionary(grouping: found.runs, by: \.job)
        for job in found.answered { runs[job] = byJob[job] ?? [] }
        answer.content = .runs(found)
    }

    /// Adds what is known to an incomplete answer. A list of jobs gets the known jobs that it lacks; each job in an answer of
    /// runs gets its newest known runs, up to `mostRuns` runs a job.
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
