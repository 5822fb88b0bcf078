import Foundation
import Runs

/// What a store keeps in memory between writes, so that it does not write unchanged runs again.
struct WriterMemory: Sendable {
    var labels = Labels()
    /// When this process last pruned, or found that pruning was not due.
    var pruned: Date?
    /// The runs that were last written, by the hash of their job's identity.
    private var written: [Int: [Written]] = [:]

    /// Hashes of a run's identity and of its fields. Two runs have the same hash with a probability of 2^-64.
    private struct Written {
        let run: Int
        var fields: Int
    }

    /// Twice as many as an answer contains. Other runs are compared with the file again.
    private static let mostRunsOfJob = 20

    /// The runs of a cycle that differ from what was last written, without duplicates.
    func changed(_ cycle: SeenCycle) -> [JobRun] {
        guard !cycle.isImported else { return cycle.runs }
        return cycle.runs.filter { run in
            let hash = run.id.wholeHash
            return written[run.job.wholeHash]?.last { $0.run == hash }?.fields != run.contentHash
        }
    }

    /// Remembers the runs of a cycle that were written.
    mutating func remember(_ runs: [JobRun], of cycle: SeenCycle) {
        // The file may contain a newer state than an imported run.
        guard !cycle.isImported else { return }
        for run in runs { remember(run) }
        guard let jobs = cycle.jobs else { return }
        // Forgets the jobs that are no longer listed, and their labels.
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
    /// A hash of all parts of the identity. `hash(into:)` uses only the key.
    fileprivate var wholeHash: Int {
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(place)
        return hasher.finalize()
    }
}

extension RunID {
    /// A hash of all parts of the identity. `hash(into:)` uses only the key.
    fileprivate var wholeHash: Int {
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(job.key)
        hasher.combine(job.place)
        return hasher.finalize()
    }
}
