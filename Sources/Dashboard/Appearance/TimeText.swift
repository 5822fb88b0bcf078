import Foundation
import Runs
import Screen

/// Durations, ages and times for the screen: short, so that columns stay narrow.
package enum TimeText {
    /// From this length on, a duration is shown without seconds.
    static let longestWithSeconds = Duration.seconds(3_600)

    /// `0.4s`, `45s`, `12m34s`, `1h04m`, `3d04h`.
    package static func duration(_ duration: Duration) -> SafeText { SafeText(duration.inTwoUnits) }

    /// The age in one unit: `4s`, `12m`, `3h`, `2d`.
    static func age(of moment: Date, at now: Date) -> SafeText {
        let age = Age(of: moment, at: now)
        return "\(age.count)\(age.unit.name)"
    }

    /// The age in minutes or longer units: `<1m`, `12m`, `3h`, `2d`. It counts whole minutes of the clock, so that all such
    /// ages change at the same time, once a minute.
    static func coarseAge(of moment: Date, at now: Date) -> SafeText {
        func wholeMinute(_ date: Date) -> Date {
            let seconds = date.timeIntervalSince1970
            return seconds.isFinite ? Date(timeIntervalSince1970: (seconds / 60).rounded(.down) * 60) : date
        }
        let (moment, now) = (wholeMinute(moment), wholeMinute(now))
        let seconds = Duration(from: moment, to: now).components.seconds
        switch seconds {
        case ..<60: return "<1m"
        case ..<6_000: return "\(Int(seconds / 60))m"
        default: return age(of: moment, at: now)
        }
    }

    /// Two ages in the unit of the older one, the younger first: `2s to 46s`, `<1h to 3h`; one age if they read the same.
    static func ages(from youngest: Date, to oldest: Date, at now: Date) -> SafeText {
        let old = Age(of: oldest, at: now)
        let young = Age(of: youngest, at: now, in: old.unit)
        if young.count == old.count { return "\(old.count)\(old.unit.name)" }
        let least: SafeText = young.count == 0 && old.unit.seconds > 1 ? "<1" : "\(young.count)"
        return "\(least)\(old.unit.name) to \(old.count)\(old.unit.name)"
    }

    /// An age as a whole number of one unit.
    private struct Age {
        let count: Int
        let unit: (seconds: Int64, name: SafeText)

        /// In the given unit, or otherwise in the smallest one with at most two digits.
        init(of moment: Date, at now: Date, in unit: (seconds: Int64, name: SafeText)? = nil) {
            let seconds = Duration(from: moment, to: now).components.seconds
            self.unit =
                unit
                ?? {
                    switch seconds {
                    case ..<100: (1, "s")
                    case ..<6_000: (60, "m")
                    case ..<172_800: (3_600, "h")
                    default: (86_400, "d")
                    }
                }()
            count = Int(seconds / self.unit.seconds)
        }
    }

    /// The change of a duration per day: `12s longer a day`; `steady` below a hundredth of its median per week.
    static func drift(_ perDay: Duration, median: Duration) -> SafeText {
        let size = perDay < .zero ? .zero - perDay : perDay
        guard size * 7 >= median / 100, size >= .milliseconds(100) else { return "steady" }
        return "\(duration(size)) \(perDay < .zero ? "shorter" : "longer") each day"
    }

    /// When the text of ``age(of:at:)`` next changes, or of the time left until a time in the future.
    static func nextChange(ofAge moment: Date, at now: Date) -> Date {
        let isPast = moment <= now
        let seconds = (isPast ? Duration(from: moment, to: now) : Duration(from: now, to: moment)).components.seconds
        let (unit, shortest): (Int64, Int64) =
            switch seconds {
            case ..<100: (1, 0)
            case ..<6_000: (60, 100)
            case ..<172_800: (3_600, 6_000)
            default: (86_400, 172_800)
            }
        let units = seconds / unit
        return isPast
            ? moment.addingTimeInterval(Double((units + 1) * unit))
            : moment.addingTimeInterval(-Double(max(units * unit, shortest)))
    }

    /// A duration divided by the usual one: `0.9×`, `14×`.
    static func ratio(_ ratio: Double, times: SafeText) -> SafeText {
        guard ratio.isFinite else { return "" }
        if ratio >= 99.5 { return ">99" + times }
        if ratio >= 9.95 { return "\(Int(ratio.rounded()))" + times }
        let tenths = Int((ratio * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)" + times
    }
}

/// The wall-clock time in the operator's time zone.
package struct WallClock: Sendable {
    private let secondsFromGMT: @Sendable (Date) -> Int

    /// `secondsFromGMT` returns the zone's offset at a time, which changes with daylight saving.
    package init(secondsFromGMT: @escaping @Sendable (Date) -> Int) { self.secondsFromGMT = secondsFromGMT }

    /// `14:32:10`.
    func time(_ moment: Date) -> SafeText { time(parts(of: moment)) }

    /// `2026-05-01 14:32:10`.
    func dateAndTime(_ moment: Date) -> SafeText {
        let parts = parts(of: moment)
        return "\(padded(parts.year, digits: 4))-\(padded(parts.month))-\(padded(parts.day)) \(time(parts))"
    }

    /// `14:32:10` today, `05-01 14:32` on another day.
    func short(_ moment: Date, at now: Date) -> SafeText {
        let (parts, today) = (parts(of: moment), parts(of: now))
        guard (parts.year, parts.month, parts.day) != (today.year, today.month, today.day) else { return time(parts) }
        return "\(padded(parts.month))-\(padded(parts.day)) \(padded(parts.hour)):\(padded(parts.minute))"
    }

    /// `14:32` today, `05-01 14:32` on another day.
    func shortToMinute(_ moment: Date, at now: Date) -> SafeText {
        let (parts, today) = (day(moment), day(now))
        let time = self.parts(of: moment)
        let text: SafeText = "\(padded(time.hour)):\(padded(time.minute))"
        return parts == today ? text : parts + " " + text
    }

    /// `05-01`.
    func day(_ moment: Date) -> SafeText {
        let parts = parts(of: moment)
        return "\(padded(parts.month))-\(padded(parts.day))"
    }

    /// The weekday (Monday is 0) and the hour of the day.
    func weekdayAndHour(_ moment: Date) -> (weekday: Int, hour: Int) {
        let kept = Self.kept(moment)
        let local = Int(kept) + secondsFromGMT(Date(timeIntervalSince1970: kept))
        // 1970-01-01 was a Thursday, which is 3.
        let (days, seconds) = local.quotientAndRemainder(dividingBy: 86_400)
        let isEarlier = seconds < 0
        let weekday = (days + 3 - (isEarlier ? 1 : 0)) % 7
        return ((weekday + 7) % 7, (isEarlier ? seconds + 86_400 : seconds) / 3_600)
    }

    private func time(_ parts: DateComponents) -> SafeText {
        "\(padded(parts.hour)):\(padded(parts.minute)):\(padded(parts.second))"
    }

    /// The zone's offset is added to the date, so the calendar itself uses UTC.
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// The local date and time; the year is clamped to four digits.
    private func parts(of moment: Date) -> DateComponents {
        let kept = Self.kept(moment)
        let offset = secondsFromGMT(Date(timeIntervalSince1970: kept))
        return Self.calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: kept + Double(offset)))
    }

    private static func kept(_ moment: Date) -> TimeInterval {
        let last = 253_402_300_799.0  // the end of the year 9999
        let seconds = moment.timeIntervalSince1970
        return seconds.isFinite ? min(max(seconds, 0), last).rounded(.down) : 0
    }

    private func padded(_ value: Int?, digits: Int = 2) -> SafeText {
        let text = String(value ?? 0)
        return SafeText(String(repeating: "0", count: max(digits - text.count, 0)) + text)
    }
}
