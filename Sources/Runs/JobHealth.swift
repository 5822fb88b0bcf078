import Foundation

/// The health of a job, judged from all its runs: what is broken, what is late, what is running. Worst first.
package enum JobHealth: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// The newest run that succeeded or failed has failed. The job stays broken until a run succeeds, also while one runs.
    case broken
    /// A run has run or waited for longer than is usual (it is slow or stuck), or a start was missed.
    case late
    /// It fails and succeeds in turns, and its newest run that succeeded or failed has succeeded.
    case flapping
    /// Its newest run has a status runtop does not know.
    case unclear
    /// All active runs wait: queued, blocked, paused.
    case waiting
    case running
    /// The newest run that succeeded or failed has succeeded, and none is active.
    case healthy
    /// Only canceled, skipped and excluded runs are known.
    case inconclusive
    /// Not one run is known.
    case noData

    /// One word, for scripts: `broken`, `noData`.
    package var word: String { String(describing: self) }

    package static func < (left: JobHealth, right: JobHealth) -> Bool { left.rawValue < right.rawValue }
}

/// How a run is late.
package enum Lateness: Hashable, Sendable {
    /// It has run for longer than usual.
    case running
    /// It has waited to start for longer than usual.
    case waiting
}

extension Verdict.Kind {
    /// Whether it makes a job late.
    package var isLate: Bool {
        switch self {
        case .slow, .stuck, .missed: true
        case .failing, .flapping: false
        }
    }
}

extension JobEntry {
    /// The job's health at a moment. A job may become late without a new answer.
    package func health(at now: Date) -> JobHealth {
        guard let latest else { return .noData }
        if latestConclusive?.status.isFailure == true { return .broken }
        if isLate(at: now) { return .late }
        if verdicts(at: now).contains(where: { $0.kind == .flapping }) { return .flapping }
        if latest.status.meaning == .unknown { return .unclear }
        if isActive { return activeRuns.allSatisfy(\.status.isWaiting) ? .waiting : .running }
        return latestConclusive == nil ? .inconclusive : .healthy
    }

    /// The moment at which the job's runs are judged: now, or the last answer when the service has failed to answer
    /// since, or has not been asked yet: a lost connection makes no job late.
    package func moment(at now: Date) -> Date {
        switch freshness {
        case .stale(let last, _), .remembered(let last): min(last, now)
        case .never, .fresh, .unavailable: now
        }
    }

    /// The job judged at a moment, in words.
    package func assessment(at now: Date) -> JobAssessment {
        outlook.assessment(at: moment(at: now), answered: answered(at: now))
    }

    /// The verdicts that hold at a moment, without words.
    func verdicts(at now: Date) -> some Sequence<PendingVerdict> {
        outlook.verdicts(at: moment(at: now), answered: answered(at: now))
    }

    /// When the service last said which runs there are.
    private func answered(at now: Date) -> Date { freshness.lastAnswer.map { min($0, now) } ?? .distantPast }

    /// Whether a run of the job is late, and how.
    package func lateness(of run: JobRun, at now: Date) -> Lateness? {
        guard verdicts(at: now).contains(where: { $0.run == run.id.key && $0.kind.isLate }) else { return nil }
        return run.started == nil && run.status.isWaiting ? .waiting : .running
    }

    /// When a verdict next begins to hold or ends, if nothing else happens before; `nil` if none will, or the row stands still.
    package func nextLateness(after now: Date) -> Date? {
        moment(at: now) == now ? outlook.nextChange(after: now) : nil
    }

    /// A run that makes the job late: one that runs too long before one that waits too long, the oldest of several.
    package func lateRun(at now: Date) -> JobRun? {
        guard isActive else { return nil }
        let keys = verdicts(at: now).filter(\.kind.isLate).compactMap(\.run)
        guard !keys.isEmpty else { return nil }
        let late = activeRuns.filter { keys.contains($0.id.key) }
        return late.last { $0.started != nil || !$0.status.isWaiting } ?? late.last
    }

    /// Whether a run has run or waited for longer than is usual for the job, or a start was missed.
    package func isLate(at now: Date) -> Bool { verdicts(at: now).contains { $0.kind.isLate } }

    /// The run that the job's row shows: the newest if it failed or nothing is active; else the run that makes the job late,
    /// or a run that is running rather than newer ones that were skipped or wait behind it.
    package func leadingRun(at now: Date) -> JobRun? {
        guard isActive, let latest, !latest.status.isFailure else { return latest }
        if let late = lateRun(at: now) { return late }
        if latest.status.meaning == .unknown { return latest }
        return activeRuns.first { !$0.status.isWaiting } ?? activeRuns.first
    }
}
