import Foundation

/// The failures of all jobs that have the same cause.
package struct CauseGroup: Hashable, Sendable, Identifiable {
    package let signature: String
    /// The cause of the newest failure, as it was written.
    package private(set) var text = ""
    /// The jobs that are broken now with this cause.
    package private(set) var broken: Set<JobID> = []
    /// All jobs that have failed with this cause in the known past.
    package private(set) var jobs: Set<JobID> = []
    package private(set) var failures = 0
    /// Whether each of the failures followed from the failure of another job: none of them is the fault to look for.
    package private(set) var isConsequence = true
    package private(set) var first: Date?
    package private(set) var last: Date?

    package var id: String { signature }

    init(signature: String) { self.signature = signature }

    /// Groups the known failures of some jobs by cause. Failures without a known cause are omitted.
    ///
    /// - Parameter signatureOf: returns the signature of a cause that the history has as a text.
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
            groups[current.signature, default: CauseGroup(signature: current.signature)].breaks(entry, current)
        }
        return Array(groups.values)
    }

    private mutating func add(_ run: PastRun, of job: JobID, text: String) {
        jobs.insert(job)
        failures += 1
        if run.status != .upstreamFailed { isConsequence = false }
        guard let moment = run.ended ?? run.moment else {
            if self.text.isEmpty { self.text = text }
            return
        }
        first = min(first ?? moment, moment)
        guard moment >= last ?? .distantPast else { return }
        (last, self.text) = (moment, text)
    }

    private mutating func breaks(_ entry: JobEntry, _ cause: FailureCause) {
        broken.insert(entry.id)
        jobs.insert(entry.id)
        if entry.latestConclusive?.status != .upstreamFailed { isConsequence = false }
        if text.isEmpty { text = cause.text }
    }
}

/// The sort keys of the table of causes.
package enum CauseSortKey: String, Hashable, Sendable, CaseIterable {
    /// How many jobs it breaks now; the causes of other failures before their consequences. The default.
    case broken
    /// How many jobs it has broken.
    case jobs
    case failures
    case first
    case last
    case cause
}

package typealias CauseOrder = Order<CauseSortKey>

extension CauseOrder {
    /// The causes in order; equal ones by the time of the newest failure, then by text.
    package func sorted(_ groups: [CauseGroup]) -> [CauseGroup] {
        func precedes(_ left: CauseGroup, _ right: CauseGroup) -> Bool? {
            switch key {
            case .broken:
                if left.broken.isEmpty != right.broken.isEmpty { return right.broken.isEmpty }
                if left.isConsequence != right.isConsequence { return right.isConsequence }
                if left.broken.count != right.broken.count { return left.broken.count > right.broken.count }
                return left.jobs.count == right.jobs.count ? nil : left.jobs.count > right.jobs.count
            case .jobs: return left.jobs.count == right.jobs.count ? nil : left.jobs.count > right.jobs.count
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
