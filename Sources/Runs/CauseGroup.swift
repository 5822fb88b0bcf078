import Foundation

/// Failures with one cause, of all jobs.
package struct CauseGroup: Hashable, Sendable, Identifiable {
    package let signature: String
    /// The cause of the newest of them, as it was written.
    package private(set) var text = ""
    /// The jobs that it breaks now.
    package private(set) var broken: Set<JobID> = []
    /// All jobs that have failed for it, as far back as is known.
    package private(set) var jobs: Set<JobID> = []
    package private(set) var failures = 0
    package private(set) var first: Date?
    package private(set) var last: Date?

    package var id: String { signature }

    init(signature: String) { self.signature = signature }

    /// The failures known of some jobs, by their causes; those of which no cause is known are left out.
    ///
    /// - Parameter signatureOf: the signature of a cause that is known from the past as a text.
    package static func groups(
        of entries: some Sequence<JobEntry>, signatureOf: (String) -> String
    ) -> [CauseGroup] {
        var groups: [String: CauseGroup] = [:]
        for entry in entries {
            for run in entry.history.runs where run.status.isFailure {
                let known = entry.causes[run.key]
                guard let text = known?.text ?? run.cause else { continue }
                let signature = known?.signature ?? signatureOf(text)
                groups[signature, default: CauseGroup(signature: signature)].add(run, of: entry.id, text: text)
            }
            guard let current = entry.currentCause else { continue }
            groups[current.signature, default: CauseGroup(signature: current.signature)].breaks(entry.id, current)
        }
        return Array(groups.values)
    }

    private mutating func add(_ run: PastRun, of job: JobID, text: String) {
        jobs.insert(job)
        failures += 1
        guard let moment = run.ended ?? run.moment else {
            if self.text.isEmpty { self.text = text }
            return
        }
        first = min(first ?? moment, moment)
        guard moment >= last ?? .distantPast else { return }
        (last, self.text) = (moment, text)
    }

    private mutating func breaks(_ job: JobID, _ cause: FailureCause) {
        broken.insert(job)
        jobs.insert(job)
        if text.isEmpty { text = cause.text }
    }
}

/// What the table of causes can be sorted by.
package enum CauseSortKey: String, Hashable, Sendable, CaseIterable {
    /// How many jobs it breaks now; of one that breaks none, how many it has broken. The default.
    case jobs
    case failures
    case first
    case last
    case cause
}

package typealias CauseOrder = Order<CauseSortKey>

extension CauseOrder {
    /// The causes in order; equal ones by how lately they were seen, then by their text.
    package func sorted(_ groups: [CauseGroup]) -> [CauseGroup] {
        func precedes(_ left: CauseGroup, _ right: CauseGroup) -> Bool? {
            switch key {
            case .jobs:
                if left.broken.count != right.broken.count { return left.broken.count > right.broken.count }
                return left.jobs.count == right.jobs.count ? nil : left.jobs.count > right.jobs.count
            case .failures: return left.failures == right.failures ? nil : left.failures > right.failures
            case .first:
                return left.first == right.first ? nil : left.first ?? .distantPast > right.first ?? .distantPast
            case .last, .cause: return nil
            }
        }
        let ordered = groups.sorted { left, right in
            if let precedes = precedes(left, right) { return precedes }
            if key != .cause, left.last != right.last {
                return left.last ?? .distantPast > right.last ?? .distantPast
            }
            return left.signature < right.signature
        }
        return isReversed ? ordered.reversed() : ordered
    }
}
