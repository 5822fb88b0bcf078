import Foundation
import Runs

/// What a store keeps in memory between writes, so that it does not write unchanged runs again.
struct WriterMemory: Sendable {
    var labels = Labels()
    /// When this process last pruned, or found that pruning was not due.
    var pruned: Date?
    /// What was last written: for the hash of a run's identity, the hash of its fields. Two runs have the same hash
    /// with a probability of 2^-64.
    private var written: [Int: Int] = [:]

    /// The limit, about a megabyte. When it is reached, all runs are compared with the file again.
    private static let mostHashes = 60_000

    /// The runs of a cycle that differ from what was last written, without duplicates.
    func changed(_ cycle: SeenCycle) -> [JobRun] {
        guard !cycle.isImported else { return cycle.runs }
        return cycle.runs.filter { written[$0.id.wholeHash] != $0.contentHash }
    }

    mutating func remember(_ runs: [JobRun], imported: Bool) {
        // The file may contain a newer state than an imported run.
        guard !imported else { return }
        if written.count + runs.count > Self.mostHashes { written = [:] }
        for run in runs { written[run.id.wholeHash] = run.contentHash }
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
