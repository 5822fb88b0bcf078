import Foundation

/// The date of an HTTP header, as RFC 1123 fixes it: `Fri, 01 May 2026 12:34:56 GMT`.
enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// The last second of the year 9999: the form has room for four digits.
    private static let latest = Date(timeIntervalSince1970: 253_402_300_799)

    /// The date in that form, in English and GMT whatever the locale; moments outside 1970–9999 become the nearest.
    static func string(from date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let clamped = date.timeIntervalSince1970 > 0 ? min(date, latest) : Date(timeIntervalSince1970: 0)
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: clamped)
        let weekday = weekdays[((parts.weekday ?? 1) - 1) % weekdays.count]
        let month = months[((parts.month ?? 1) - 1) % months.count]
        let day = padded(parts.day, 2)
        let clock = [parts.hour, parts.minute, parts.second].map { padded($0, 2) }.joined(separator: ":")
        return "\(weekday), \(day) \(month) \(padded(parts.year, 4)) \(clock) GMT"
    }

    private static func padded(_ number: Int?, _ width: Int) -> String {
        let digits = String(number ?? 0)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
