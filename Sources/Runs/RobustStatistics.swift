import Foundation

/// Statistics that ignore outliers.
enum Robust {
    /// The middle of sorted values; for an even number, the mean of the two in the middle. 0 if there are none.
    static func median(sorted values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let middle = values.count / 2
        return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    }

    static func median(_ values: [Double]) -> Double { median(sorted: values.sorted()) }

    /// The smallest of sorted values that this share of them does not exceed (the nearest-rank method). 0 if there are none.
    static func quantile(_ share: Double, sorted values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values[min(max(rank - 1, 0), values.count - 1)]
    }

    /// The median absolute deviation from the median.
    static func deviation(_ values: [Double], from median: Double) -> Double {
        Self.median(values.map { abs($0 - median) })
    }

    /// The standard deviation without outliers: only of values within 4.5 scaled median absolute deviations of the median
    /// (Hampel's identifier; B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, 1993). For normal values, nearly
    /// as exact as the plain one.
    static func spread(_ values: [Double], around median: Double) -> Double {
        guard values.count > 1 else { return 0 }
        let scaled = deviation(values, from: median) * 1.4826
        let kept = scaled > 0 ? values.filter { abs($0 - median) <= 4.5 * scaled } : values
        guard kept.count > 1 else { return scaled }
        let squares = kept.reduce(0) { $0 + ($1 - median) * ($1 - median) }
        return max((squares / Double(kept.count - 1)).squareRoot(), scaled * 0.5)
    }

    /// The trend of evenly spaced values, per step: the median of the slopes of all pairs (Theil–Sen), or 0 unless
    /// Kendall's test finds a trend at 3.5 standard deviations (P. K. Sen, Estimates of the Regression Coefficient Based on
    /// Kendall's Tau, 1968).
    static func slope(_ values: [Double]) -> Double {
        let count = values.count
        guard count >= 8 else { return 0 }
        var slopes: [Double] = []
        slopes.reserveCapacity(count * (count - 1) / 2)
        var concordance = 0
        for later in 1..<count {
            for earlier in 0..<later {
                let rise = values[later] - values[earlier]
                concordance += rise > 0 ? 1 : rise < 0 ? -1 : 0
                slopes.append(rise / Double(later - earlier))
            }
        }
        let size = Double(count)
        let deviation = (size * (size - 1) * (2 * size + 5) / 18).squareRoot()
        return abs(Double(concordance)) > 3.5 * deviation ? median(slopes) : 0
    }

    /// The value that a normal variable exceeds with this probability, from 0 to 0.5 (Abramowitz and Stegun, 26.2.23).
    static func normalLimit(exceededWith probability: Double) -> Double {
        let root = (-2 * log(min(max(probability, 1e-12), 0.5))).squareRoot()
        return root - (2.515517 + root * (0.802853 + root * 0.010328))
            / (1 + root * (1.432788 + root * (0.189269 + root * 0.001308)))
    }

    /// By how many standard deviations the next normal value exceeds the mean of `count` others with this probability, if
    /// mean and deviation are estimated from those others: Student's distribution, by its expansion around the normal one
    /// (Abramowitz and Stegun, 26.7.5).
    static func predictionLimit(exceededWith probability: Double, count: Int) -> Double {
        let normal = normalLimit(exceededWith: probability)
        let freedom = Double(max(count - 1, 1))
        let (cube, fifth, seventh) = (pow(normal, 3), pow(normal, 5), pow(normal, 7))
        let first = (cube + normal) / 4
        let second = (5 * fifth + 16 * cube + 3 * normal) / 96
        let third = (3 * seventh + 19 * fifth + 17 * cube - 15 * normal) / 384
        let student = normal + first / freedom + second / pow(freedom, 2) + third / pow(freedom, 3)
        return student * (1 + 1 / Double(max(count, 1))).squareRoot()
    }
}
