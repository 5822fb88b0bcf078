import Foundation
import Runs

/// What a store remembers between its writes, so that what did not change costs nothing.
struct WriterMemory: Sendable {
    var labels = Labels()
    /// When this process last pruned or saw that it was not due.
    var pruned: Date?
    /// What was last written of each run: a hash of its fields by a hash of its identity. Two different runs share a hash
    /// once in 2^64.
    private var written: [Int: Int] = [:]

    /// About a megabyte. After that everything is compared with the file again.
    private static let mostHashes = 60_000

    /// The runs of a cycle that are not what was last written, each once.
    func changed(_ cycle: SeenCycle) -> [JobRun] {
        guard !cycle.isImported else { return cycle.runs }
        return cycle.runs.filter { written[$0.id.wholeHash] != $0.contentHash }
    }

    mutating func remember(_ runs: [JobRun], imported: Bool) {
        // The file may hold a newer state of an imported run.
        guard !imported else { return }
        if written.count + runs.count > Self.mostHashes { written = [:] }
        for run in runs { written[run.id.wholeHash] = run.contentHash }
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
