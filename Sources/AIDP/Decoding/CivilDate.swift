import Foundation
import HTTP

/// A date and time of day of the proleptic Gregorian calendar, in UTC: how text dates become moments, without locale,
/// formatter or trap.
struct CivilDate {
    var year: Int
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0

    /// The moment, or `nil` when there is no such day or time. 60 is taken for a leap second.
    var date: Date? {
        guard 1...9999 ~= year, 1...12 ~= month, 1...Self.days(in: month, of: year) ~= day,
            0...23 ~= hour, 0...59 ~= minute, 0...60 ~= second
        else { return nil }
        let seconds = daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
        return Date(timeIntervalSince1970: Double(seconds))
    }

    /// Years begin in March here, so that a leap day is the last of its year.
    private var daysSince1970: Int {
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
}

/// A date-time as JSON carries it: RFC 3339, with or without fractions of a second, in any offset.
enum RFC3339 {
    static func date(_ text: String) -> Date? {
        var rest = text[...]
        guard let year = DecimalDigits.take(4, from: &rest), Self.skip("-", &rest),
            let month = DecimalDigits.take(2, from: &rest), Self.skip("-", &rest),
            let day = DecimalDigits.take(2, from: &rest), Self.skip("Tt ", &rest),
            let hour = DecimalDigits.take(2, from: &rest), Self.skip(":", &rest),
            let minute = DecimalDigits.take(2, from: &rest), Self.skip(":", &rest),
            let second = DecimalDigits.take(2, from: &rest), let fraction = Self.fraction(&rest),
            let offset = Self.offset(&rest), rest.isEmpty,
            let whole = CivilDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second).date
        else { return nil }
        return whole.addingTimeInterval(fraction - Double(offset))
    }

    /// `2026-11-23T21:43:15.000Z`, in UTC.
    static func text(_ date: Date) -> String {
        Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date)
    }

    private static func skip(_ anyOf: String, _ rest: inout Substring) -> Bool {
        guard let first = rest.first, anyOf.contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    /// Nothing, or a point and digits.
    private static func fraction(_ rest: inout Substring) -> Double? {
        guard skip(".", &rest) else { return 0 }
        let digits = rest.prefix { "0"..."9" ~= $0 }
        rest = rest[digits.endIndex...]
        return digits.isEmpty ? nil : Double("0.\(digits)")
    }

    /// `Z`, or hours and minutes east of UTC; in seconds.
    private static func offset(_ rest: inout Substring) -> Int? {
        if skip("Zz", &rest) { return 0 }
        let sign = rest.first == "-" ? -1 : 1
        guard skip("+-", &rest), let hours = DecimalDigits.take(2, from: &rest), hours < 24, skip(":", &rest),
            let minutes = DecimalDigits.take(2, from: &rest), minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}

/// Numbers of a few decimal digits and nothing else: no sign, no space.
private enum DecimalDigits {
    static func number(_ text: Substring) -> Int? {
        1...4 ~= text.utf8.count && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
    }

    static func take(_ count: Int, from rest: inout Substring) -> Int? {
        let digits = rest.prefix(count)
        guard digits.utf8.count == count, let number = number(digits) else { return nil }
        rest = rest[digits.endIndex...]
        return number
    }
}
