import Foundation

/// All that is known of the jobs watched. A pure value: answers and failures go in, and a failure erases nothing.
package struct JobBoard: Hashable, Sendable {
    package private(set) var entries: [JobID: JobEntry] = [:]

    package init() {}

    package subscript(job: JobID) -> JobEntry? { entries[job] }

    package var isEmpty: Bool { entries.isEmpty }

    /// The most runs known of any job.
    package var longestHistory: Int { entries.values.lazy.map { max($0.runs.count, $0.history.runs.count) }.max() ?? 0 }

    /// Replaces the list of jobs: new ones come, vanished ones go, the others keep their runs.
    ///
    /// - Parameter now: when the list was answered: a schedule that has changed says nothing about the time before.
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

    /// Shows jobs as they were remembered, before the service has answered. What it has answered already stays.
    ///
    /// - Parameter cause: finds why a run failed.
    package mutating func recall(_ remembered: [RememberedJob], cause: FailureCause.Finder = { _ in nil }) {
        for remembered in remembered {
            var entry = entries[remembered.job.id] ?? JobEntry(job: remembered.job)
            entry.recall(remembered, cause: cause)
            entries[remembered.job.id] = entry
        }
    }

    /// Adds runs of the past to the histories of the jobs watched.
    package mutating func learn(past: [JobID: [PastRun]]) {
        for (job, runs) in past { entries[job]?.learn(past: runs) }
    }

    /// Records the answer to a request for the runs of `jobs`: each gets its own runs, newest first, and is fresh; runs of
    /// other jobs are left out.
    ///
    /// - Parameter cause: finds why a run failed; it is asked once for each trace and message of a run.
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

    /// Records that the runs of these jobs have not changed until a moment: they are as fresh as an answer of that moment.
    /// A job that was never answered stays so, and one that was answered since stays as fresh as it is.
    package mutating func confirm(_ jobs: [JobID], at now: Date) {
        for job in jobs {
            guard let answered = entries[job]?.freshness.lastAnswer else { continue }
            entries[job]?.freshness = .fresh(at: max(answered, now))
        }
    }

    /// Records the failure of a request for the runs of `jobs`: their runs stay, and say why they are old.
    package mutating func recordFailure(of jobs: [JobID], reason: String) {
        for job in jobs {
            guard let freshness = entries[job]?.freshness else { continue }
            entries[job]?.freshness = freshness.failed(reason)
        }
    }
}

/// How many jobs are broken, late, active and stale: the figures of the header.
package struct BoardCounts: Hashable, Sendable {
    package var jobs = 0
    package var broken = 0
    package var late = 0
    /// Jobs that fail and succeed in turns, and are neither broken nor late.
    package var flapping = 0
    /// Jobs with a run that runs or waits to, whatever else they are.
    package var active = 0
    /// Jobs whose newest request failed: their rows are as old as the last answer.
    package var stale = 0
    /// The causes that the broken jobs have, each once.
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
                if let cause = entry.currentCause { causes.insert(cause.signature) }
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
