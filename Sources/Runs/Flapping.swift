import Foundation

/// Detects a job that alternates between failure and success.
///
/// A cumulative sum (E. S. Page, Continuous Inspection Schemes, 1954) of the log-likelihood ratio of two Markov chains: one
/// that changes its outcome nearly every time, and one that fails as rarely as this job and then fails again half of the
/// time. A single failure raises the sum for a while, alternating failures past the limit, a lasting failure does not.
struct Flapping: Hashable, Sendable {
    /// The index of the outcome at which the flapping began.
    let since: Int

    /// The number of equal outcomes in a row that ends it.
    private static let endingStreak = 5
    /// The limit of the sum, a logarithm, at which it begins.
    private static let limit = 8.1
    private static let failsAfterSuccess = 0.6
    private static let succeedsAfterFailure = 0.7

    /// The most outcomes that are used.
    static let mostOutcomes = 120
    /// The number of newest outcomes whose failures do not count for the usual failure rate.
    private static let newest = 20

    /// Evaluates the outcomes of a job's runs, the oldest first; `true` is a success. `nil` if the job does not flap.
    init?(_ outcomes: [Bool]) {
        guard outcomes.count >= 5 else { return nil }
        var sum = 0.0
        var since: Int?
        var streak = 1
        for place in 1..<outcomes.count {
            let (before, now) = (outcomes[place - 1], outcomes[place])
            streak = before == now ? streak + 1 : 1
            let failure = Self.usualFailureRate(outcomes.prefix(max(place - Self.newest, 0)))
            sum = min(max(0, sum + Self.evidence(before, now, failure: failure)), Self.limit * 2)
            if streak >= Self.endingStreak { (sum, since) = (0, nil) }
            if since == nil, sum >= Self.limit { since = place }
        }
        guard let since else { return nil }
        self.since = since
    }

    /// The usual share of failures: at least 0.06, because a reliable job may fail twice in a short time; at most 0.2,
    /// because a job that fails more often alternates. At most 5 failures per 20 runs count, so bad times are forgotten.
    private static func usualFailureRate(_ outcomes: ArraySlice<Bool>) -> Double {
        var failed = 0
        for start in stride(from: 0, to: outcomes.count, by: newest) {
            failed += min(outcomes.dropFirst(start).prefix(newest).count { !$0 }, 5)
        }
        return min(max((Double(failed) + 1.2) / (Double(outcomes.count) + 20), 0.06), 0.2)
    }

    private static func evidence(_ before: Bool, _ now: Bool, failure: Double) -> Double {
        switch (before, now) {
        case (true, false): log(failsAfterSuccess / failure)
        case (true, true): log((1 - failsAfterSuccess) / (1 - failure))
        case (false, true): log(succeedsAfterFailure / 0.5)
        case (false, false): log((1 - succeedsAfterFailure) / 0.5)
        }
    }
}
