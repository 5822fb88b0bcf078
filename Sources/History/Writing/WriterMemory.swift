import Foundation
import Runs

/// What a store remembers between its writes, so that what did not change costs nothing.
struct WriterMemory: Sendable {
    var labels = Labels()
    /// When this process last pruned or saw that it was not due.
    var pruned: Date?
    /// What was last written of the runs of each job, by a hash of its identity.
    private var written: [Int: [Written]] = [:]

    /// Hashes of a run's identity and of its fields. Two different runs share a hash once in 2^64.
    private struct Written {
        let run: Int
        var fields: Int
    }

    /// Twice as many as an answer holds. A run that is forgotten is compared with the file again.
    private static let mostRunsOfJob = 20

    /// The runs of a cycle that are not what was last written, each once.
    func changed(_ cycle: SeenCycle) -> [JobRun] {
        guard !cycle.isImported else { return cycle.runs }
        return cycle.runs.filter { run in
            let hash = run.id.wholeHash
            return written[run.job.wholeHash]?.last { $0.run == hash }?.fields != run.contentHash
        }
    }

    /// Remembers the runs of a cycle that were written.
    mutating func remember(_ runs: [JobRun], of cycle: SeenCycle) {
        // The file may hold a newer state of an imported run.
        guard !cycle.isImported else { return }
        for run in runs { remember(run) }
        guard let jobs = cycle.jobs else { return }
        // What comes and goes with the jobs is forgotten with them.
        let listed = Set(jobs.map(\.id.wholeHash))
        written = written.filter { listed.contains($0.key) }
        labels = Labels()
    }

    private mutating func remember(_ run: JobRun) {
        let (hash, fields) = (run.id.wholeHash, run.contentHash)
        var ofJob = written[run.job.wholeHash] ?? []
        if let index = ofJob.lastIndex(where: { $0.run == hash }) {
            ofJob[index].fields = fields
        } else {
            if ofJob.count >= Self.mostRunsOfJob { ofJob.removeFirst() }
            ofJob.append(Written(run: hash, fields: fields))
        }
        written[run.job.wholeHash] = ofJob
    }
}

extension JobID {
    /// A hash of all its parts; `hash(into:)` uses the key alone.
    fileprivate var wholeHash: Int {
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(place)
        return hasher.finalize()
    }
}

extension RunID {
    /// A hash of all its parts; `hash(into:)` uses the key alone.
    fileprivate var wholeHash: Int {
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(job.key)
        hasher.combine(job.place)
        return hasher.finalize()
    }
}
