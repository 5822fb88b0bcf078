import Foundation

/// Everything known about the watched jobs. A pure value: it takes answers and failures; a failure deletes nothing.
package struct JobBoard: Hashable, Sendable {
    package private(set) var entries: [JobID: JobEntry] = [:]

    package init() {}

    package subscript(job: JobID) -> JobEntry? { entries[job] }

    package var isEmpty: Bool { entries.isEmpty }

    /// The largest number of known runs of a job.
    package var longestHistory: Int { entries.values.lazy.map { max($0.runs.count, $0.history.runs.count) }.max() ?? 0 }

    /// Replaces the list of jobs: adds new jobs, removes those no longer listed, and keeps the runs of the others.
    ///
    /// - Parameter now: when the list was received: a changed schedule does not apply to the time before.
    package mutating func watch(_ jobs: [Job], at now: Date? = nil) {
        var listed: [JobID: JobEntry] = [:]
        listed.reserveCapacity(jobs.count)
        for job in jobs {
            var entry = entries[job.id] ?? JobEntry(job: job)
            entry.describe(as: job, at: now)
            listed[job.id] = entry
        }
        entries = listed
    }

    /// Shows the remembered state of jobs until the service answers. Jobs that were answered already do not change.
    ///
    /// - Parameter cause: finds why a run failed, where ``RememberedJob/causes`` does not say.
    package mutating func recall(_ remembered: [RememberedJob], cause: FailureCause.Finder = { _ in nil }) {
        for remembered in remembered {
            var entry = entries[remembered.job.id] ?? JobEntry(job: remembered.job)
            entry.recall(remembered, cause: cause)
            entries[remembered.job.id] = entry
        }
    }

    /// Adds past runs to the histories of the watched jobs.
    package mutating func learn(past: [JobID: [PastRun]]) {
        for (job, runs) in past { entries[job]?.learn(past: runs) }
    }

    /// Records the answer to a request for the runs of `jobs`: each job gets its own runs, newest first, and becomes fresh.
    /// Runs of other jobs are ignored.
    ///
    /// - Parameter cause: finds why a run failed; called once for each trace and message of a run.
    package mutating func record(
        _ runs: [JobRun], of jobs: [JobID], at now: Date, cause: FailureCause.Finder = { _ in nil }
    ) {
        let byJob = Dictionary(grouping: runs, by: \.job)
        for job in jobs {
            guard var entry = entries[job] else { continue }
            entry.replaceRuns((byJob[job] ?? []).newestFirst(), cause: cause)
            entry.freshness = .fresh(at: now)
            entries[job] = entry
        }
    }

    /// Records that the runs of these jobs did not change until `now`: they are as current as an answer of that time. Jobs
    /// without any answer do not change, and neither do jobs with a later answer.
    package mutating func confirm(_ jobs: [JobID], at now: Date) {
        for job in jobs {
            guard let answered = entries[job]?.freshness.lastAnswer else { continue }
            entries[job]?.freshness = .fresh(at: max(answered, now))
        }
    }

    /// Records that a request for the runs of `jobs` failed: their runs stay and become stale, with the reason.
    package mutating func recordFailure(of jobs: [JobID], reason: String) {
        for job in jobs {
            guard let freshness = entries[job]?.freshness else { continue }
            entries[job]?.freshness = freshness.failed(reason)
        }
    }
}

/// The counts in the header: broken, late, active and stale jobs, and others.
package struct BoardCounts: Hashable, Sendable {
    package var jobs = 0
    package var broken = 0
    package var late = 0
    /// Jobs that alternate between failure and success, and are neither broken nor late.
    package var flapping = 0
    /// Jobs with a running or waiting run, in any state of health.
    package var active = 0
    /// Jobs whose last request failed: their rows show the last answer.
    package var stale = 0
    /// The number of different causes of the broken jobs. A job that failed because of another job has no cause of its own.
    package var causes = 0

    package init() {}
}

extension JobBoard {
    package func counts(at now: Date) -> BoardCounts {
        var counts = BoardCounts()
        var causes: Set<String> = []
        for entry in entries.values {
            counts.jobs += 1
            switch entry.health(at: now) {
            case .broken:
                counts.broken += 1
                if let cause = entry.currentCause, entry.latestConclusive?.status != .upstreamFailed {
                    causes.insert(cause.signature)
                }
            case .late: counts.late += 1
            case .flapping: counts.flapping += 1
            default: break
            }
            if entry.isActive { counts.active += 1 }
            if entry.freshness.reason != nil { counts.stale += 1 }
        }
        counts.causes = causes.count
        return counts
    }
}
