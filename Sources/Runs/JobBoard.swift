import Foundation

/// Something that an answer changed on the board.
package enum BoardChange: Hashable, Sendable {
    case started(JobRun)
    case statusChanged(JobRun, from: RunStatus)
}

/// All that is known of the jobs watched. A pure value: answers and failures go in, and a failure erases nothing.
package struct JobBoard: Hashable, Sendable {
    /// The jobs watched, by key.
    package private(set) var entries: [JobID: JobEntry] = [:]

    package init() {}

    package subscript(key: JobID) -> JobEntry? { entries[key] }

    package var isEmpty: Bool { entries.isEmpty }

    /// The most runs known of any job.
    package var longestHistory: Int { entries.values.lazy.map(\.runs.count).max() ?? 0 }

    /// Takes the workspace's list of jobs: new ones come, vanished ones go, the others keep their runs.
    package mutating func watch(_ jobs: [Job]) {
        var listed: [JobID: JobEntry] = [:]
        listed.reserveCapacity(jobs.count)
        for job in jobs {
            var entry = entries[job.id] ?? JobEntry(job: job)
            entry.job = job
            listed[job.id] = entry
        }
        entries = listed
    }

    /// Takes the answer to a request for the runs of `keys`: each gets its own rows, newest first, and is fresh; rows
    /// of other jobs are left out.
    @discardableResult
    package mutating func record(_ runs: [JobRun], of keys: [JobID], at now: Date) -> [BoardChange] {
        let byJob = Dictionary(grouping: runs, by: \.job)
        var changes: [BoardChange] = []
        for key in keys {
            guard var entry = entries[key] else { continue }
            let newest = Self.oneRowEach(byJob[key] ?? [])
            changes += Self.changes(from: entry, to: newest)
            entry.replaceRuns(newest)
            entry.freshness = .fresh(at: now)
            entries[key] = entry
        }
        return changes
    }

    /// Takes the failure of a request for the runs of `keys`: their rows stay, and say why they are old.
    package mutating func recordFailure(of keys: [JobID], reason: String) {
        for key in keys {
            guard let freshness = entries[key]?.freshness else { continue }
            entries[key]?.freshness = freshness.failed(reason)
        }
    }

    /// Newest first; of several rows with one run key, the last one sent.
    private static func oneRowEach(_ runs: [JobRun]) -> [JobRun] {
        var byKey: [RunID: JobRun] = [:]
        for run in runs { byKey[run.id] = run }
        return Array(byKey.values).newestFirst()
    }

    /// What an answer changes. A job's first answer changes nothing.
    private static func changes(from entry: JobEntry, to runs: [JobRun]) -> [BoardChange] {
        guard entry.freshness.lastAnswer != nil else { return [] }
        let known = Dictionary(entry.runs.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first })
        let newestKnown = entry.latest?.moment ?? .distantPast
        return runs.compactMap { run in
            switch known[run.id] {
            case .some(let before): before == run.status ? nil : .statusChanged(run, from: before)
            case nil: (run.moment ?? .distantFuture) >= newestKnown ? .started(run) : nil
            }
        }
    }
}

/// How many jobs are broken, late, active and stale: the figures of the header.
package struct BoardCounts: Hashable, Sendable {
    package var jobs = 0
    package var broken = 0
    package var late = 0
    /// Jobs with a run that runs or waits to, whatever else they are.
    package var active = 0
    /// Jobs whose newest request failed: their rows are as old as the last answer.
    package var stale = 0

    package init() {}
}

extension JobBoard {
    package func counts(at now: Date) -> BoardCounts {
        var counts = BoardCounts()
        for entry in entries.values {
            counts.jobs += 1
            switch entry.health(at: now) {
            case .broken: counts.broken += 1
            case .late: counts.late += 1
            default: break
            }
            if entry.isActive { counts.active += 1 }
            if entry.freshness.reason != nil { counts.stale += 1 }
        }
        return counts
    }
}
