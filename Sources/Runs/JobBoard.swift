import Foundation

/// Something that an answer changed on the board.
public enum BoardChange: Hashable, Sendable {
    case started(JobRun)
    case statusChanged(JobRun, from: RunStatus)
}

/// All that is known of the jobs watched: the store. A pure value; answers and failures go in, nothing is ever lost to
/// a failure.
public struct JobBoard: Hashable, Sendable {
    /// The jobs watched, by key.
    public private(set) var entries: [JobKey: JobEntry] = [:]

    public init() {}

    public subscript(key: JobKey) -> JobEntry? { entries[key] }

    public var isEmpty: Bool { entries.isEmpty }

    /// The most runs known of any job.
    public var longestHistory: Int { entries.values.lazy.map(\.runs.count).max() ?? 0 }

    /// Takes the workspace's list of jobs: new ones come, vanished ones go, the others keep their runs.
    public mutating func watch(_ jobs: [Job]) {
        var listed: [JobKey: JobEntry] = [:]
        listed.reserveCapacity(jobs.count)
        for job in jobs {
            var entry = entries[job.key] ?? JobEntry(job: job)
            entry.job = job
            listed[job.key] = entry
        }
        entries = listed
    }

    /// Takes the answer to a request for the runs of `keys`: each gets its own rows, newest first, and is fresh; rows
    /// of a job nobody asked for are left out.
    @discardableResult
    public mutating func record(_ runs: [JobRun], of keys: [JobKey], at now: Date) -> [BoardChange] {
        let byJob = Dictionary(grouping: runs, by: \.jobKey)
        var changes: [BoardChange] = []
        for key in keys {
            guard var entry = entries[key] else { continue }
            let newest = Self.newestFirst(byJob[key] ?? [])
            changes += Self.changes(from: entry, to: newest)
            entry.replaceRuns(newest)
            entry.freshness = .fresh(at: now)
            entries[key] = entry
        }
        return changes
    }

    /// Takes the failure of a request for the runs of `keys`: their rows stay, and say why they are old.
    public mutating func recordFailure(of keys: [JobKey], reason: String) {
        for key in keys {
            guard let freshness = entries[key]?.freshness else { continue }
            entries[key]?.freshness = freshness.failed(reason)
        }
    }

    /// Newest first; one row a run key, the last one sent.
    private static func newestFirst(_ runs: [JobRun]) -> [JobRun] {
        var byKey: [RunKey: JobRun] = [:]
        for run in runs { byKey[run.key] = run }
        return byKey.values.sorted { left, right in
            let (leftMoment, rightMoment) = (left.moment ?? .distantPast, right.moment ?? .distantPast)
            return leftMoment == rightMoment ? left.key > right.key : leftMoment > rightMoment
        }
    }

    /// What an answer changes; nothing is news to a job seen for the first time.
    private static func changes(from entry: JobEntry, to runs: [JobRun]) -> [BoardChange] {
        guard entry.freshness.lastAnswer != nil else { return [] }
        let known = Dictionary(entry.runs.map { ($0.key, $0.status) }, uniquingKeysWith: { first, _ in first })
        let newestKnown = entry.latest?.moment ?? .distantPast
        return runs.compactMap { run in
            switch known[run.key] {
            case .some(let before): before == run.status ? nil : .statusChanged(run, from: before)
            case nil: (run.moment ?? .distantFuture) >= newestKnown ? .started(run) : nil
            }
        }
    }
}

/// How many jobs are what: the figures of the header.
public struct BoardCounts: Hashable, Sendable {
    public var jobs = 0
    public var broken = 0
    public var late = 0
    /// Jobs with a run at work or waiting, whatever else they are.
    public var running = 0
    /// Jobs whose rows are older than the newest attempt to refresh them.
    public var stale = 0

    public init() {}
}

extension JobBoard {
    public func counts(at now: Date) -> BoardCounts {
        var counts = BoardCounts()
        for entry in entries.values {
            counts.jobs += 1
            switch entry.health(at: now) {
            case .broken: counts.broken += 1
            case .late: counts.late += 1
            default: break
            }
            if entry.runs.contains(where: \.status.isActive) { counts.running += 1 }
            if entry.freshness.reason != nil { counts.stale += 1 }
        }
        return counts
    }
}
