import Foundation

/// What a job's runs say together: the answer to *what is broken, what is late, what is running*. Worst first.
public enum JobHealth: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// Its newest conclusive run failed. A run that is under way does not heal it; a success does.
    case broken
    /// An active run has taken much longer than usual.
    case late
    /// Its newest run has a status nobody knows.
    case unclear
    /// A run is held up: blocked, queued, paused.
    case waiting
    case running
    /// Its newest conclusive run succeeded.
    case healthy
    /// Only canceled, skipped and excluded runs are known.
    case inconclusive
    /// Not one run is known.
    case noData

    public static func < (left: JobHealth, right: JobHealth) -> Bool { left.rawValue < right.rawValue }
}

extension JobEntry {
    /// The job's health at a moment: lateness grows with time alone.
    public func health(at now: Date) -> JobHealth {
        guard let latest else { return .noData }
        let conclusive = runs.first { $0.status.meaning == .succeeded || $0.status.meaning == .failed }
        if conclusive?.status.isFailure == true { return .broken }
        if isLate(at: now) { return .late }
        switch latest.status.meaning {
        case .unknown: return .unclear
        case .active: return latest.status.isWaiting ? .waiting : .running
        case .succeeded, .failed, .inconclusive: return conclusive == nil ? .inconclusive : .healthy
        }
    }

    /// Whether an active run has outlasted what is usual for the job.
    public func isLate(at now: Date) -> Bool {
        guard let usual, let active = runs.first(where: { $0.status.isActive }) else { return false }
        let elapsed = active.duration(at: now) ?? active.queueWait(at: now)
        return elapsed.map { $0 > usual.lateAfter } ?? false
    }
}
