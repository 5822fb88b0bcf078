import Foundation

/// A time since 1970, or a duration, in whole milliseconds, the unit of the API's `startTime` and `endTime`. Integers
/// are exact, so that the same seed and time give the same bytes on every machine.
typealias Milliseconds = Int64

extension Milliseconds {
    /// The last millisecond of the year 9999, which is the last time that RFC 3339 can express.
    static let endOfTime: Milliseconds = 253_402_300_799_999

    /// Converts a date, limited to the years 1970 to 9999.
    init(clamping date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded(.down)
        self = milliseconds.isNaN ? 0 : Milliseconds(Swift.min(Swift.max(milliseconds, 0), Double(Self.endOfTime)))
    }

    /// The duration of these minutes in a world that runs `speed` times as fast; at least one millisecond.
    init(minutes: Double, speed: Double) {
        let milliseconds = minutes * 60_000 / speed
        self = Milliseconds(Swift.min(Swift.max(milliseconds, 1), 1e12))
    }

    /// A fraction of this duration.
    func share(_ fraction: Double) -> Milliseconds { Milliseconds(Double(self) * fraction) }
}

/// Formats a time, always in GMT.
extension Milliseconds {
    private static let isoSeconds = Date.ISO8601FormatStyle(timeZone: .gmt)
        .year().month().day().time(includingFractionalSeconds: false)
    private static let compactSeconds = Date.ISO8601FormatStyle(
        dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt
    ).year().month().day().time(includingFractionalSeconds: false)

    /// Converts to a date, not before 1970.
    var date: Date { Date(timeIntervalSince1970: Double(Swift.max(0, self)) / 1_000) }

    /// `2026-06-01T04:05:06.789Z`, the format of RFC 3339 and of the API's `date-time`. A formatter would take the
    /// milliseconds from a floating-point number and be one too low for about half of all times.
    var rfc3339: String { Self.isoSeconds.format(date) + ".\(Int(Swift.max(0, self) % 1_000).padded(3))Z" }

    /// `20260601T040506`, the end of a run's name.
    var compact: String { Self.compactSeconds.format(date) }

    /// `04:05:06`.
    var clock: String { String(Self.isoSeconds.format(date).suffix(8)) }

    /// `26/06/01 04:05:06`, the start of a line in Spark's log.
    var sparkLog: String {
        String(Self.isoSeconds.format(date).dropFirst(2)).replacing("-", with: "/").replacing("T", with: " ")
    }
}

extension Milliseconds {
    /// Division that rounds down for negative numbers too. The divisor must be positive.
    func flooredQuotient(by divisor: Milliseconds) -> Milliseconds {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Int {
    /// The number with leading zeros up to a width.
    func padded(_ width: Int) -> String {
        let digits = String(self)
        return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}

/// The date of an HTTP header, RFC 1123 in GMT: `Tue, 03 Nov 2026 08:04:05 GMT`. Foundation for Linux has no
/// `Date.HTTPFormatStyle` in Swift 6.3, and its other styles accept more than this format.
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    static func text(_ moment: Milliseconds) -> String {
        func field(_ component: Calendar.Component) -> Int { calendar.component(component, from: moment.date) }
        let date = "\(field(.day).padded(2)) \(months[field(.month) - 1]) \(field(.year).padded(4))"
        return "\(days[field(.weekday) - 1]), \(date) \(moment.clock) GMT"
    }

    /// Parses a date; `nil` if invalid. The day of the week is not checked: Oracle's own sample has a wrong one.
    static func moment(_ text: String) -> Milliseconds? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0].count == 4, words[0].last == ",", words[5] == "GMT",
            let day = number(words[1], digits: 2, in: 1...31), let month = months.firstIndex(of: String(words[2])),
            let year = number(words[3], digits: 4, in: 1970...9999)
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], digits: 2, in: 0...23),
            let minute = number(clock[1], digits: 2, in: 0...59), let second = number(clock[2], digits: 2, in: 0...60)
        else { return nil }
        let fields = DateComponents(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
        return calendar.date(from: fields).map { Milliseconds($0.timeIntervalSince1970) * 1_000 }
    }

    private static func number(_ text: Substring, digits: Int, in range: ClosedRange<Int>) -> Int? {
        guard text.utf8.count == digits, let value = Int(text), range.contains(value) else { return nil }
        return value
    }
}
