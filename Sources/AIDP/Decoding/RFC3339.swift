import Foundation
import HTTP

/// A date-time in JSON (RFC 3339), with or without fractions of a second, with any offset from UTC.
///
/// `2026-05-01T12:36:40Z`, `2026-05-01 18:06:40.25+05:30`
///
/// Foundation computes some dates differently: its calendars are Julian before 1582, so that Go's zero time
/// `0001-01-01T00:00:00Z` is off by two days, and `Date.ISO8601FormatStyle` reads 30 February as 2 March.
package enum RFC3339 {
    package static func date(_ text: String) -> Date? {
        var rest = text.utf8[...]
        guard let year = digits(4, &rest), skip("-", &rest), let month = digits(2, &rest), skip("-", &rest),
            let day = digits(2, &rest), let days = daysSince1970(year, month, day),
            skip("T", &rest) || skip("t", &rest) || skip(" ", &rest),
            let hour = digits(2, &rest), hour < 24, skip(":", &rest), let minute = digits(2, &rest), minute < 60,
            skip(":", &rest), let second = digits(2, &rest), second <= 60,  // 60 is a leap second.
            let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty
        else { return nil }
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// Formats a date in UTC with milliseconds: `2026-11-23T21:43:15.000Z`.
    package static func text(_ date: Date) -> String {
        let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
        // The years 1 to 9999, which have four digits.
        guard (-62_135_596_800_000..<253_402_300_800_000).contains(milliseconds) else {
            return Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date)
        }
        let (days, rest) = Int(milliseconds).quotientAndRemainder(roundingDownBy: 86_400_000)
        let (year, month, day) = civil(daysSince1970: days)
        let seconds = rest / 1_000
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(seconds / 3600, 2)):"
            + "\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(rest % 1_000, 3))Z"
    }

    /// The day of the Gregorian calendar that is `days` days after 1 January 1970. The inverse of `daysSince1970`.
    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        // Counts from 1 March of the year 0, in eras of 400 years.
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(roundingDownBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    /// The number of days from 1 January 1970 to a day of the Gregorian calendar. `nil` if the day does not exist.
    ///
    /// The calculation starts each year in March, so that a leap day is the last day of its year.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        guard year >= 1, 1...12 ~= month, 1...days(in: month, of: year) ~= day else { return nil }
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        return shifted * 365 + leapDays + (monthFromMarch * 153 + 2) / 5 + day - 1 - 719_468
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func skip(_ character: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private static func digits(_ count: Int, _ rest: inout Substring.UTF8View) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(\.isDigit) else { return nil }
        rest.removeFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Parses an optional fraction: a point and digits. Returns seconds.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Double? {
        guard skip(".", &rest) else { return 0 }
        let digits = rest.prefix(while: \.isDigit)
        rest = rest[digits.endIndex...]
        return digits.isEmpty ? nil : Double("0." + String(Substring(digits)))
    }

    /// Parses `Z`, or the hours and minutes east of UTC. Returns seconds.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int? {
        if skip("Z", &rest) || skip("z", &rest) { return 0 }
        let isWest = skip("-", &rest)
        guard isWest || skip("+", &rest), let hours = digits(2, &rest), hours < 24, skip(":", &rest),
            let minutes = digits(2, &rest), minutes < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

extension Int {
    fileprivate func quotientAndRemainder(roundingDownBy divisor: Int) -> (Int, Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
