import Foundation
import HTTP

/// A date-time as JSON carries it (RFC 3339), with or without fractions of a second, in any offset.
///
/// `2026-05-01T12:36:40Z`, `2026-05-01 18:06:40.25+05:30`
///
/// Foundation reads other dates: its calendars are Julian before 1582, so that Go's zero time `0001-01-01T00:00:00Z` is two
/// days off, and `Date.ISO8601FormatStyle` takes 30 February for 2 March.
enum RFC3339 {
    static func date(_ text: String) -> Date? {
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

    /// `2026-11-23T21:43:15.000Z`, in UTC.
    static func text(_ date: Date) -> String {
        Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date)
    }

    /// The days from 1 January 1970 to a day of the Gregorian calendar; `nil` when there is no such day.
    ///
    /// Years begin in March here, so that a leap day is the last of its year.
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

    /// Nothing, or a point and digits; in seconds.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Double? {
        guard skip(".", &rest) else { return 0 }
        let digits = rest.prefix(while: \.isDigit)
        rest = rest[digits.endIndex...]
        return digits.isEmpty ? nil : Double("0." + String(Substring(digits)))
    }

    /// `Z`, or hours and minutes east of UTC; in seconds.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int? {
        if skip("Z", &rest) || skip("z", &rest) { return 0 }
        let isWest = skip("-", &rest)
        guard isWest || skip("+", &rest), let hours = digits(2, &rest), hours < 24, skip(":", &rest),
            let minutes = digits(2, &rest), minutes < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}
