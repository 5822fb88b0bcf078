import Foundation

/// The health of a job, from all its runs: broken, late, running and so on. The worst comes first.
package enum JobHealth: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// The newest run that succeeded or failed has failed. The job stays broken until a run succeeds, even while one runs,
    /// and while the failed run is repaired.
    case broken
    /// A run has run or waited for longer than usual (it is slow or stuck), or a start was missed.
    case late
    /// The job alternates between failure and success; its newest run that succeeded or failed has succeeded.
    case flapping
    /// The newest run has a status that runtop does not know.
    case unclear
    /// All active runs wait: they are queued, blocked or paused.
    case waiting
    case running
    /// The newest run that succeeded or failed has succeeded, and no run is active.
    case healthy
    /// Only canceled, skipped and excluded runs are known.
    case inconclusive
    /// No run is known.
    case noData

    /// One word, for scripts: `broken`, `noData`.
    package var word: String { String(describing: self) }

    /// For people: `broken`, `no data`.
    package var words: String { self == .noData ? "no data" : word }

    package static func < (left: JobHealth, right: JobHealth) -> Bool { left.rawValue < right.rawValue }
}

/// How a run is late.
package enum Lateness: Hashable, Sendable {
    /// The run has run for longer than usual.
    case running
    /// The run has waited to start for longer than usual.
    case waiting
}

extension Verdict.Kind {
    /// Whether this verdict makes a job late.
    package var isLate: Bool {
        switch self {
        case .slow, .stuck, .missed: true
        case .failing, .flapping: false
        }
    }
}

extension JobEntry {
    /// The job's health at a time. A job may become late without a new answer.
    package func health(at now: Date) -> JobHealth {
        guard let latest else { return .noData }
        if latestConclusive?.status.isFailure == true || isUnderRepair { return .broken }
        if isLate(at: now) { return .late }
        if verdicts(at: now).contains(where: { $0.kind == .flapping }) { return .flapping }
        if latest.status.meaning == .unknown { return .unclear }
        if isActive { return activeRuns.allSatisfy(\.status.isWaiting) ? .waiting : .running }
        return latestConclusive == nil ? .inconclusive : .healthy
    }

    /// The time at which to judge the job's runs: now, or the last answer if later requests failed or none was sent yet, so
    /// that a lost connection does not make jobs late.
    package func moment(at now: Date) -> Date {
        switch freshness {
        case .stale(let last, _), .remembered(let last): min(last, now)
        case .never, .fresh, .unavailable: now
        }
    }

    /// The verdicts on the job at a time, with texts.
    package func assessment(at now: Date) -> JobAssessment {
        outlook.assessment(at: moment(at: now), answered: answered(at: now))
    }

    /// The verdicts on the job at a time, without texts.
    func verdicts(at now: Date) -> some Sequence<PendingVerdict> {
        outlook.verdicts(at: moment(at: now), answered: answered(at: now))
    }

    /// When the service last sent the job's runs.
    private func answered(at now: Date) -> Date { freshness.lastAnswer.map { min($0, now) } ?? .distantPast }

    /// Whether a run of the job is late, and how.
    package func lateness(of run: JobRun, at now: Date) -> Lateness? {
        guard verdicts(at: now).contains(where: { $0.run == run.id.key && $0.kind.isLate }) else { return nil }
        return run.started == nil && run.status.isWaiting ? .waiting : .running
    }

    /// When a verdict next begins or ends by time alone; `nil` if none does, or the row does not change with time.
    package func nextLateness(after now: Date) -> Date? {
        moment(at: now) == now ? outlook.nextChange(after: now) : nil
    }

    /// A run that makes the job late: one that runs too long comes before one that waits too long; then the oldest.
    package func lateRun(at now: Date) -> JobRun? {
        guard isActive else { return nil }
        let keys = verdicts(at: now).filter(\.kind.isLate).compactMap(\.run)
        guard !keys.isEmpty else { return nil }
        let late = activeRuns.filter { keys.contains($0.id.key) }
        return late.last { $0.started != nil || !$0.status.isWaiting } ?? late.last
    }

    /// Whether a run has run or waited for longer than usual, or a start was missed.
    package func isLate(at now: Date) -> Bool { verdicts(at: now).contains { $0.kind.isLate } }

    /// The run that the job's row shows: the newest if it failed or no run is active; otherwise the run that makes the job
    /// late, or a run that is running, even if newer ones were skipped or wait behind it.
    package func leadingRun(at now: Date) -> JobRun? {
        guard isActive, let latest, !latest.status.isFailure else { return latest }
        if let late = lateRun(at: now) { return late }
        if latest.status.meaning == .unknown { return latest }
        return activeRuns.first { !$0.status.isWaiting } ?? activeRuns.first
    }
}
