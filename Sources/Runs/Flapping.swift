import Foundation

/// Whether a job fails and succeeds in turns.
///
/// A cumulative sum (E. S. Page, Continuous Inspection Schemes, 1954) of the log-likelihood ratio of two Markov chains: one that
/// changes its outcome nearly every time, against one that fails as rarely as this job does and stays failed as often as
/// not. An odd failure raises the sum for some runs, failures in turns raise it past the limit; a failure that lasts does not.
struct Flapping: Hashable, Sendable {
    /// The place of the outcome from which on it holds.
    let since: Int

    /// So many runs in a row with the same outcome end it.
    private static let endingStreak = 5
    /// The ratio, as a logarithm, from which on it holds.
    private static let limit = 8.1
    private static let failsAfterSuccess = 0.6
    private static let succeedsAfterFailure = 0.7

    /// The most outcomes that are of use.
    static let mostOutcomes = 120
    /// The newest outcomes, whose failures say nothing about how rarely the job usually fails.
    private static let newest = 20

    /// Judges the outcomes of a job's runs, the oldest first: whether each succeeded. `nil` when it does not flap.
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

    /// The share of runs that usually fail, between 0.06 and 0.2: a job that hardly ever failed may still fail twice in short
    /// order, and one that fails more often does so in turns. No more than five of twenty count, so that a bad time is forgotten.
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
