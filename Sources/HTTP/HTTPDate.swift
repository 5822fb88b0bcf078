import Foundation

/// A date in an HTTP header, in the only format that may be sent: `Fri, 01 May 2026 12:34:56 GMT` (RFC 9110).
package enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// The last second of the year 9999: the format has four digits for the year.
    private static let latest = Date(timeIntervalSince1970: 253_402_300_799)
    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// Formats a date, in English and GMT in every locale. A date outside 1970–9999 becomes the nearest one inside.
    package static func string(from date: Date) -> String {
        let clamped = date.timeIntervalSince1970 > 0 ? min(date, latest) : Date(timeIntervalSince1970: 0)
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: clamped)
        let weekday = weekdays[((parts.weekday ?? 1) - 1) % weekdays.count]
        let month = months[((parts.month ?? 1) - 1) % months.count]
        let day = padded(parts.day, 2)
        let clock = [parts.hour, parts.minute, parts.second].map { padded($0, 2) }.joined(separator: ":")
        return "\(weekday), \(day) \(month) \(padded(parts.year, 4)) \(clock) GMT"
    }

    /// Parses a date. `nil` for any other format, and for a day or time that does not exist. Ignores the weekday.
    package static func date(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])),
            let day = number(parts[1]), let year = number(parts[3])
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap(number)
        guard clock.count == 3 else { return nil }
        // 60 is a leap second, which becomes the next second.
        let components = DateComponents(
            calendar: calendar, year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1],
            second: min(clock[2], 59))
        guard 0...60 ~= clock[2], year > 0, components.isValidDate else { return nil }
        return components.date?.addingTimeInterval(clock[2] == 60 ? 1 : 0)
    }

    /// A number of one to four decimal digits, without sign or space.
    private static func number(_ text: Substring) -> Int? {
        1...4 ~= text.utf8.count && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
    }

    private static func padded(_ number: Int?, _ width: Int) -> String {
        let digits = String(number ?? 0)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
