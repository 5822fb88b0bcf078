import Foundation

/// A moment since 1970, or a span, in whole milliseconds, the unit of the API's `startTime` and `endTime`. Integers are
/// exact, so the same seed and moment give the same bytes on every machine.
typealias Milliseconds = Int64

extension Milliseconds {
    /// The last millisecond of the year 9999, the last that RFC 3339 can write.
    static let endOfTime: Milliseconds = 253_402_300_799_999

    /// The moment of a date, limited to the years 1970 to 9999.
    init(clamping date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded(.down)
        self = milliseconds.isNaN ? 0 : Milliseconds(Swift.min(Swift.max(milliseconds, 0), Double(Self.endOfTime)))
    }

    /// The length of these minutes in a world that runs `speed` times as fast; at least one millisecond.
    init(minutes: Double, speed: Double) {
        let milliseconds = minutes * 60_000 / speed
        self = Milliseconds(Swift.min(Swift.max(milliseconds, 1), 1e12))
    }

    /// A part of this span.
    func share(_ fraction: Double) -> Milliseconds { Milliseconds(Double(self) * fraction) }
}

/// The calendar fields of a moment in UTC, computed here because a formatter takes longer than the rest of a row.
struct CivilTime {
    let year, month, day, hour, minute, second, millisecond: Int

    /// Howard Hinnant's days-to-civil algorithm, for moments from 1970 on.
    init(_ moment: Milliseconds) {
        let (days, inDay) = Int(max(0, moment)).quotientAndRemainder(dividingBy: 86_400_000)
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = inDay / 3_600_000
        minute = inDay / 60_000 % 60
        second = inDay / 1_000 % 60
        millisecond = inDay % 1_000
    }

    /// `2026-06-01T04:05:06.789Z`, the format of RFC 3339 and of the API's `date-time`.
    var rfc3339: String {
        "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
            + "T\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2)).\(millisecond.padded(3))Z"
    }

    /// `20260601T040506`, the end of a run's name.
    var compact: String {
        "\(year.padded(4))\(month.padded(2))\(day.padded(2))T\(hour.padded(2))\(minute.padded(2))\(second.padded(2))"
    }

    /// `26/06/01 04:05:06`, the start of a line in Spark's log.
    var sparkLog: String {
        "\((year % 100).padded(2))/\(month.padded(2))/\(day.padded(2)) "
            + "\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))"
    }

    /// `04:05:06`.
    var clock: String { "\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))" }
}

extension Int {
    /// The number with leading zeros up to a width.
    func padded(_ width: Int) -> String {
        let digits = String(self)
        return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}
