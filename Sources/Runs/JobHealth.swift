import Foundation

/// The health of a job, judged from all its runs: what is broken, what is late, what is running. Worst first.
package enum JobHealth: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// The newest run that succeeded or failed has failed. The job stays broken until a run succeeds, also while one runs.
    case broken
    /// An active run has run, or waited to start, for much longer than usual.
    case late
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

    package static func < (left: JobHealth, right: JobHealth) -> Bool { left.rawValue < right.rawValue }
}

/// How a run is late.
package enum Lateness: Hashable, Sendable {
    /// It has run for longer than usual.
    case running
    /// It has waited to start for longer than usual.
    case waiting
}

extension JobEntry {
    /// The job's health at a moment. A job may become late without a new answer.
    package func health(at now: Date) -> JobHealth {
        guard let latest else { return .noData }
        if latestConclusive?.status.isFailure == true { return .broken }
        if isLate(at: now) { return .late }
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

    /// The job judged at a moment.
    package func assessment(at now: Date) -> JobAssessment {
        var assessment = JobAssessment()
        if let run = latestConclusive, run.status.isFailure, let since = run.ended ?? run.moment {
            let reason = statistics.streak.map { $0.runs > 1 ? "failed \($0.runs) times in a row" : "failed" }
            assessment.verdicts.append(
                Verdict(kind: .failing, since: since, reason: reason ?? "failed", run: run.id.key))
        }
        if let run = lateRun(at: now), let since = run.started ?? run.created {
            assessment.verdicts.append(
                Verdict(kind: .slow, since: since, reason: "longer than usual", run: run.id.key))
        }
        return assessment
    }

    /// Whether a run of the job is late, and how.
    package func lateness(of run: JobRun, at now: Date) -> Lateness? {
        guard run.status.isActive else { return nil }
        let moment = moment(at: now)
        let wait = run.queueWait(at: moment)
        // A run with the status RUNNING and no start time counts from its creation.
        if let duration = run.duration(at: moment) ?? (run.status.isWaiting ? nil : wait) {
            return usual.map { duration > $0.lateAfter } == true ? .running : nil
        }
        return wait.map { $0 > waitLateAfter } == true ? .waiting : nil
    }

    /// When a run of the job becomes late, if nothing else happens before; `nil` if none will.
    package func nextLateness(after now: Date) -> Date? {
        guard isActive, moment(at: now) == now else { return nil }
        return activeRuns.compactMap { run in
            guard let began = run.started ?? run.created else { return nil }
            let limit = run.started == nil && run.status.isWaiting ? waitLateAfter : usual?.lateAfter
            // At the limit itself it is not late yet.
            return limit.map { began.addingTimeInterval($0 / .seconds(1) + 0.001) }
        }.filter { $0 > now }.min()
    }

    /// A run that has waited to start for longer than this is late.
    package var waitLateAfter: Duration { usualWait?.lateAfter ?? UsualWait.lateAfterUnknown }

    /// The run that makes the job late: one that runs too long before one that waits too long, the oldest of several.
    package func lateRun(at now: Date) -> JobRun? {
        guard isActive else { return nil }
        let late = activeRuns.compactMap { run in lateness(of: run, at: now).map { (run: run, how: $0) } }
        return (late.last { $0.how == .running } ?? late.last)?.run
    }

    /// Whether an active run has run, or waited, for longer than is usual for the job.
    package func isLate(at now: Date) -> Bool { lateRun(at: now) != nil }

    /// The run that the job's row shows: the newest if it failed or nothing is active; else the run that makes the job late,
    /// or a run that is running rather than newer ones that were skipped or wait behind it.
    package func leadingRun(at now: Date) -> JobRun? {
        guard isActive, let latest, !latest.status.isFailure else { return latest }
        if let late = lateRun(at: now) { return late }
        if latest.status.meaning == .unknown { return latest }
        return activeRuns.first { !$0.status.isWaiting } ?? activeRuns.first
    }
}
