import Foundation
import Runs
import TestSupport

/// The moment all stories are told at.
let now = Date(timeIntervalSince1970: 1_800_000_000)

/// A run that was created some seconds ago, began at once, and took so long if it is over.
func run(
    _ key: String, _ status: RunStatus, of job: String = "job", ago: Double = 100, took: Double? = nil
) -> JobRun {
    var run = JobRun(id: RunID(key, of: JobID(job)), status: status)
    run.created = now.addingTimeInterval(-ago)
    run.started = run.created
    run.ended = took.map { now.addingTimeInterval(-ago + $0) }
    return run
}

/// A board of one job with these runs, answered now.
func board(_ runs: [JobRun], of job: String = "job", name: String? = nil) -> JobBoard {
    var board = JobBoard()
    board.watch([Job(id: JobID(job), name: name)])
    board.record(runs, of: [JobID(job)], at: now)
    return board
}

/// One job with these runs.
func entry(_ runs: [JobRun], of job: String = "job", name: String? = nil) -> JobEntry {
    board(runs, of: job, name: name)[JobID(job)] ?? JobEntry(job: Job(id: JobID(job)))
}

/// Successes a day apart, that took so many seconds.
func successes(_ seconds: [Double], of job: String = "job") -> [JobRun] {
    seconds.enumerated().map { run("ok-\($0)", .success, of: job, ago: 86_400 * Double($0 + 1), took: $1) }
}

extension JobFilter {
    /// Whether a job is shown.
    func matches(
        _ entry: JobEntry, at now: Date, statusTexts: (JobEntry, JobRun?) -> [String] = { _, _ in [] }
    ) -> Bool {
        !shown(of: [entry], at: now, statusTexts: statusTexts).isEmpty
    }
}
