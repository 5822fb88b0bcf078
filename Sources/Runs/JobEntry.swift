import Foundation

/// A job with what is known of its runs.
public struct JobEntry: Hashable, Sendable, Identifiable {
    public var job: Job
    /// The runs known, newest first.
    public private(set) var runs: [JobRun] = []
    public var freshness: Freshness = .never
    /// How long the job usually takes, when enough is known.
    public private(set) var usual: UsualDuration?

    public var id: JobKey { job.key }

    public init(job: Job) { self.job = job }

    /// The newest run.
    public var latest: JobRun? { runs.first }

    /// The name to show: the job's own, else the one its runs carry, else its key.
    public var name: String {
        for name in [job.name, latest?.jobName] {
            if let name, !name.isEmpty { return name }
        }
        return job.key.rawValue
    }

    /// The newest run that ended badly.
    public var latestFailure: JobRun? { runs.first { $0.status.isFailure } }

    /// Takes the runs of an answer in place of those known.
    mutating func replaceRuns(_ newest: [JobRun]) {
        guard newest != runs else { return }
        runs = newest
        usual = UsualDuration(of: newest)
    }
}
