import Foundation
import Runs
import Screen

/// Durations, ages and moments as the screen writes them: short, so that columns stay narrow.
package enum TimeText {
    /// `0.4s`, `45s`, `12m34s`, `1h04m`, `3d04h`.
    package static func duration(_ duration: Duration) -> SafeText {
        let seconds = duration.components.seconds
        switch seconds {
        case ..<1:
            let tenths = duration.components.attoseconds / 100_000_000_000_000_000
            return tenths > 0 ? "0.\(Int(tenths))s" : "0s"
        case ..<60: return "\(Int(seconds))s"
        case ..<3_600: return "\(Int(seconds / 60))m\(twoDigits(seconds % 60))s"
        case ..<86_400: return "\(Int(seconds / 3_600))h\(twoDigits(seconds / 60 % 60))m"
        default: return "\(Int(seconds / 86_400))d\(twoDigits(seconds / 3_600 % 24))h"
        }
    }

    /// How long ago, in one unit: `4s`, `12m`, `3h`, `2d`.
    static func age(of moment: Date, at now: Date) -> SafeText {
        let seconds = Duration(from: moment, to: now).components.seconds
        switch seconds {
        case ..<100: return "\(Int(seconds))s"
        case ..<6_000: return "\(Int(seconds / 60))m"
        case ..<172_800: return "\(Int(seconds / 3_600))h"
        default: return "\(Int(seconds / 86_400))d"
        }
    }

    /// A duration divided by the usual one: `0.9×`, `14×`.
    static func ratio(_ ratio: Double, times: SafeText) -> SafeText {
        guard ratio.isFinite else { return "" }
        if ratio >= 99.5 { return ">99" + times }
        if ratio >= 9.95 { return "\(Int(ratio.rounded()))" + times }
        let tenths = Int((ratio * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)" + times
    }

    private static func twoDigits(_ value: Int64) -> SafeText { value < 10 ? "0\(Int(value))" : "\(Int(value))" }
}

/// The wall-clock time in the operator's time zone.
package struct WallClock: Sendable {
    private let secondsFromGMT: @Sendable (Date) -> Int

    /// `secondsFromGMT` gives the zone's offset at a moment, which summer time changes.
    package init(secondsFromGMT: @escaping @Sendable (Date) -> Int) { self.secondsFromGMT = secondsFromGMT }

    /// `14:32:10`.
    func time(_ moment: Date) -> SafeText {
        let second = local(moment).remainder(by: 86_400)
        return "\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
    }

    /// `2026-05-01 14:32:10`.
    func dateAndTime(_ moment: Date) -> SafeText {
        let (year, month, day) = civilDate(moment)
        return "\(padded(year, digits: 4))-\(padded(month))-\(padded(day)) \(time(moment))"
    }

    /// `14:32:10` today, `05-01 14:32` on another day.
    func short(_ moment: Date, at now: Date) -> SafeText {
        let (date, today) = (civilDate(moment), civilDate(now))
        guard date != today else { return time(moment) }
        let minute = local(moment).remainder(by: 86_400) / 60
        return "\(padded(date.month))-\(padded(date.day)) \(padded(minute / 60)):\(padded(minute % 60))"
    }

    /// The local date, by Howard Hinnant's `civil_from_days`.
    private func civilDate(_ moment: Date) -> (year: Int, month: Int, day: Int) {
        let days = local(moment).floored(by: 86_400) + 719_468
        let era = days.floored(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// Seconds of local time since 1970, kept within the years a screen has room for.
    private func local(_ moment: Date) -> Int {
        let last = 253_402_300_799.0  // the end of the year 9999
        let seconds = moment.timeIntervalSince1970
        let clamped = seconds.isFinite ? min(max(seconds, 0), last) : 0
        return Int(clamped) + secondsFromGMT(Date(timeIntervalSince1970: clamped))
    }

    private func padded(_ value: Int, digits: Int = 2) -> SafeText {
        let text = String(value)
        return SafeText(String(repeating: "0", count: max(digits - text.count, 0)) + text)
    }
}

extension Int {
    /// Division that rounds towards minus infinity.
    fileprivate func floored(by divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// The remainder of ``floored(by:)``: never negative.
    fileprivate func remainder(by divisor: Int) -> Int { self - floored(by: divisor) * divisor }
}
