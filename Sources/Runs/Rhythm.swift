import Foundation

/// When a job without a schedule usually starts, learned only from its past starts.
///
/// The next start is expected one usual gap after the last one (the median of the gaps, if most are similar), or a week
/// after each start of the last week, if the weeks are similar (the seasonal naive forecast; R. Hyndman and G.
/// Athanasopoulos, Forecasting: Principles and Practice, 5.2). Neither applies to a time at which nothing started in the
/// weeks before. A job that pauses on some days of the week follows people's calendar, in which any day may be a holiday:
/// such a job may skip a whole day without a miss; a miss is three days in a row, or a start on a day that already had one.
///
/// A job that stops has missed its starts until it starts again, for at most thirty of its gaps or sixty days, whichever is
/// longer. After that it has another rhythm, or none. A job that is no longer listed has no row, and no verdict.
struct Rhythm: Hashable, Sendable {
    /// The starts, in seconds since 1970, the oldest first.
    private let starts: [Double]
    /// The usual gap, in seconds; `nil` if only the weeks are similar.
    private let gap: Double?
    /// The largest difference of a start from that of the week before, in seconds.
    private let window: Double
    /// The delay after which a start counts as missed, in seconds.
    private let grace: Double
    private let restsOnDaysOfTheWeek: Bool

    static let fewestStarts = 8
    /// The most starts that are used: four weeks of one every half hour.
    static let mostStarts = 1_344
    private static let day = 86_400.0
    private static let week = 7 * day

    /// `nil` if the starts have no rhythm, or there are too few.
    init?(starts all: [Double]) {
        let starts = Array(all.suffix(Self.mostStarts))
        guard starts.count >= Self.fewestStarts, let last = starts.last else { return nil }
        let gaps = zip(starts.suffix(61), starts.suffix(61).dropFirst()).map { $1 - $0 }.filter { $0 > 1 }
        let sorted = gaps.sorted()
        let median = Robust.median(sorted: sorted)
        guard sorted.count >= Self.fewestStarts - 1, median >= 60 else { return nil }
        let alike = sorted.filter { abs($0 - median) <= 0.2 * median }
        let share = Double(alike.count) / Double(sorted.count)
        self.starts = starts
        if share >= 0.6 {
            gap = median
            window = share >= 0.9 ? 0.55 * median : min(0.45 * median, 6 * 3_600)
            let usual = Robust.quantile(0.95, sorted: alike.map { abs($0 - median) }.sorted())
            grace = max(120, min(0.1 * median, 1_200), 3 * usual)
        } else {
            gap = nil
            window = 1_800
            guard let spread = Self.spreadOfWeeks(starts, window: window) else { return nil }
            grace = max(1_200, 3 * spread)
        }
        restsOnDaysOfTheWeek = Self.restsOnDaysOfTheWeek(starts, last: last, gap: gap)
    }

    /// The first start due after the last one; `nil` if there is none. `newest` is the newest run, however it was started.
    func next(newest: Date) -> ExpectedStart? {
        guard let last = starts.last else { return nil }
        let expected = candidates(after: last, through: last + 2 * Self.week + (gap ?? 0)).filter(isUsual)
        // A run that somebody started replaces a due one.
        guard let due = expected.first(where: { $0 > newest.timeIntervalSince1970 + 1 }) else { return nil }
        let missedFrom: Double
        let day = Self.dayNumber(of: due)
        if restsOnDaysOfTheWeek, Self.dayNumber(of: last) != day {
            let days = Set(expected.map(Self.dayNumber).filter { $0 >= day }).sorted()
            guard days.count >= 3, let third = expected.last(where: { Self.dayNumber(of: $0) == days[2] }) else {
                return nil
            }
            missedFrom = third + grace
        } else {
            missedFrom = due + grace + Self.clockChange(from: last, to: due)
        }
        let interval = gap ?? Self.week
        return ExpectedStart(
            basis: .rhythm, due: Date(timeIntervalSince1970: due),
            missedFrom: Date(timeIntervalSince1970: missedFrom),
            forgottenFrom: Date(timeIntervalSince1970: missedFrom + max(30 * interval, 60 * Self.day)),
            last: newest, interval: interval)
    }

    /// The first time after `moment` at which a start is usual.
    func nextStart(after moment: Date) -> Date? {
        guard let last = starts.last else { return nil }
        let second = moment.timeIntervalSince1970
        // Without a week to compare with, only the gap is known; no verdict uses this time.
        return candidates(after: last, through: min(second + Self.week + (gap ?? 0), last + 6 * Self.week))
            .first { $0 > second && (wasUsual($0) ?? (gap != nil)) }.map { Date(timeIntervalSince1970: $0) }
    }

    private func candidates(after last: Double, through end: Double) -> [Double] {
        if let gap {
            return (1...1_400).lazy.map { last + gap * Double($0) }.prefix { $0 <= end }.map(\.self)
        }
        let newest = starts.filter { $0 > last - Self.week + 1 }
        return (1...6).flatMap { week in newest.map { $0 + Self.week * Double(week) } }.filter { $0 <= end }
    }

    /// Whether a start is usual at a time: by the weeks before, or, if these are unknown, by the day before on working days.
    private func isUsual(_ moment: Double) -> Bool {
        if let wasUsual = wasUsual(moment) { return wasUsual }
        let day = CivilDate(dayNumber: Self.dayNumber(of: moment)).dayOfWeek
        return (3...6).contains(day) && hasStart(near: moment - Self.day)
    }

    /// Whether a start happened at the same time in most of the weeks before; `nil` if none of them is known.
    private func wasUsual(_ moment: Double) -> Bool? {
        guard let first = starts.first, let last = starts.last else { return nil }
        if let gap, gap > 6.5 * Self.day { return true }
        var (known, seen) = (0, 0)
        for week in 1...6 {
            let then = moment - Self.week * Double(week)
            guard then + window <= last + 1 else { continue }
            guard then - window >= first, known < 4 else { break }
            // If clocks changed since then, the job's clock is unknown: the hours around must agree.
            let changed = Self.clockChange(between: then, and: moment) != 0
            let starts = (changed ? [0, -3_600, 3_600] : [0.0]).count { hasStart(near: then + $0) }
            guard starts == 0 || starts == (changed ? 3 : 1) else { continue }
            known += 1
            if starts > 0 { seen += 1 }
        }
        return known > 0 ? seen * 2 > known : nil
    }

    private func hasStart(near moment: Double) -> Bool {
        let place = Self.place(of: moment - window, in: starts)
        return place < starts.count && starts[place] <= moment + window
    }

    /// The index of the first start at or after a time.
    private static func place(of moment: Double, in starts: [Double]) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < moment { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func dayNumber(of moment: Double) -> Int {
        Int((moment / day).rounded(.down))
    }

    /// How far the starts of the last week are from those of the week before, in seconds; `nil` unless nearly all have one.
    private static func spreadOfWeeks(_ starts: [Double], window: Double) -> Double? {
        guard let first = starts.first, let last = starts.last, first <= last - 3 * week else { return nil }
        var distances: [Double] = []
        let recent = starts.filter { $0 > last - 2 * week }
        for start in recent {
            let then = start - week
            let after = place(of: then, in: starts)
            let near = [after - 1, after].filter(starts.indices.contains).map { abs(starts[$0] - then) }.min()
            if let near, near <= window { distances.append(near) }
        }
        guard Double(distances.count) >= 0.9 * Double(recent.count) else { return nil }
        return Robust.quantile(0.95, sorted: distances.sorted())
    }

    /// Whether a job that starts at least daily had no start on some day of the week, in any of the last weeks.
    private static func restsOnDaysOfTheWeek(_ starts: [Double], last: Double, gap: Double?) -> Bool {
        guard (gap ?? 0) <= 1.5 * day, let first = starts.first else { return false }
        let weeks = min(Int((last - first) / week), 4)
        guard weeks >= 1 else { return false }
        var seen: Set<Int> = []
        for start in starts where start > last - Double(weeks) * week { seen.insert(dayNumber(of: start) % 7) }
        return seen.count < 7
    }

    /// How much later a start may come because clocks were set back since the last one, in seconds: the job's clock is
    /// unknown.
    private static func clockChange(from last: Double, to due: Double) -> Double {
        let (before, after) = (Date(timeIntervalSince1970: last), Date(timeIntervalSince1970: due))
        guard due - last < 10 * day else { return 3_600 }
        return zones.contains { $0.secondsFromGMT(for: after) < $0.secondsFromGMT(for: before) } ? 3_600 : 0
    }

    private static func clockChange(between: Double, and: Double) -> Int {
        let (before, after) = (Date(timeIntervalSince1970: between), Date(timeIntervalSince1970: and))
        return zones.count { $0.secondsFromGMT(for: after) != $0.secondsFromGMT(for: before) }
    }

    /// One zone for each of the usual dates of a clock change.
    private static let zones = [
        "Europe/London", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland",
        "America/Santiago",
    ].compactMap { TimeZone(identifier: $0) }
}
