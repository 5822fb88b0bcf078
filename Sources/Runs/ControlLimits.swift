import Foundation

/// The range in which a job's next duration probably lies, and the limit past which it is unusual, from its past durations.
///
/// A control chart of individual values (W. Shewhart; NIST/SEMATECH e-Handbook, 6.3.2.2) on the logarithm, because durations
/// of batch runs are skewed to the right. The centre is the median of the newest runs, adjusted for their trend if there is
/// one. The spread ignores outliers. The next run of an undisturbed job exceeds the limit with a given probability; the
/// fewer runs are known, the higher the limit.
struct ControlLimits: Hashable, Sendable {
    /// The expected logarithm of the next duration in seconds.
    let centre: Double
    /// The standard deviation of the logarithm.
    let spread: Double
    /// The relative change of the duration per run; 0 without a trend.
    let trend: Double
    /// The next duration is unusual if it exceeds this, in seconds.
    let limit: Double

    /// How many of the newest runs are used.
    static let mostRuns = 60
    /// The fewest runs that give a limit.
    static let fewestRuns = 5
    /// How many of them are used to find a trend: the number of pairs grows with the square.
    private static let mostForTrend = 30
    /// The smallest spread: the logarithm of the durations of very regular jobs still varies this much.
    private static let leastSpread = 0.08

    /// Computes the limits of durations in seconds, the oldest first; `nil` if there are too few.
    ///
    /// - Parameters:
    ///   - probability: the probability that a usual run exceeds the limit.
    ///   - hasTrend: whether the durations may have a trend.
    init?(of durations: [Double], exceededWith probability: Double, hasTrend: Bool = true) {
        let logs = durations.suffix(Self.mostRuns).map { log(max($0, 1)) }
        guard logs.count >= Self.fewestRuns else { return nil }
        let known = Array(logs[Self.changePoint(in: logs)...])
        let recent = Array(known.suffix(Self.mostForTrend))
        let slope = hasTrend ? Robust.slope(recent) : 0
        // Without a trend, all known runs are used; with a trend, those that show it.
        let sample = slope == 0 ? known : recent
        let levelled = sample.enumerated().map { $1 + slope * Double(sample.count - $0) }
        centre = Robust.median(levelled)
        trend = exp(slope) - 1
        spread = max(Robust.spread(levelled, around: centre), Self.leastSpread)
        let deviations = Robust.predictionLimit(exceededWith: probability, count: sample.count)
        // A duration that was reached several times is usual, however long; if few runs are known, once is enough.
        let seen = levelled.sorted(by: >)
        let usualExtreme = seen[levelled.count < 10 ? 0 : levelled.count < 20 ? 1 : max(2, levelled.count / 20)]
        limit = exp(max(centre + deviations * spread, usualExtreme + 0.1, centre + log(1.6)))
    }

    /// The median of the next duration in seconds.
    var median: Double { exp(centre) }

    /// The duration that this share of the next runs does not exceed.
    func quantile(_ share: Double) -> Double {
        let normal = Robust.normalLimit(exceededWith: min(share, 1 - share))
        return exp(centre + (share < 0.5 ? -normal : normal) * spread)
    }

    /// The index at which the newest level begins: a change that at least five runs in a row confirm makes the runs before
    /// it irrelevant. (The runs rules of the Western Electric Handbook, 1956, with five beyond two deviations.)
    private static func changePoint(in logs: [Double]) -> Int {
        let confirming = 5
        guard logs.count >= confirming * 2 else { return 0 }
        let newest = logs.suffix(confirming)
        var older = logs.dropLast(confirming)
        guard let low = newest.min(), let high = newest.max() else { return 0 }
        let centre = Robust.median(Array(older))
        let reach = max(2 * Robust.spread(Array(older), around: centre), 0.15)
        guard low > centre + reach || high < centre - reach else { return 0 }
        // Earlier runs on the same side belong to the new level.
        while let last = older.last, low > centre + reach ? last > centre + reach : last < centre - reach {
            older.removeLast()
        }
        return older.endIndex
    }
}
