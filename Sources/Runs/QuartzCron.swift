import Foundation

/// A schedule in the Quartz dialect, which AI Data Platform uses, with a time zone.
///
/// The fields are seconds, minutes, hours, day of month, month, day of week and, optionally, year, as in the documentation
/// of `org.quartz.CronExpression`. Where that is silent, this does what its source does (version 2.4): the day fields
/// exclude each other, a range may wrap around (`FRI-MON`, `22-2`), `L` and `W` stand alone in their field. An expression
/// that Quartz refuses is refused here, with one exception: if one day field is `*` and the other is not `?`, the `*` counts
/// as `?`, because it can mean nothing else.
///
/// Daylight saving is as in Quartz, which computes with Java's `GregorianCalendar`: a time that the clocks skip does not
/// fire that day, and a time that occurs twice fires once, the second time (in standard time).
package struct QuartzCron: Hashable, Sendable {
    /// The seconds, minutes, hours and months that match: bit 0 is the value 0.
    let seconds: UInt64
    let minutes: UInt64
    let hours: UInt64
    let months: UInt64
    let days: DayRule
    /// The years that match; `nil` for all.
    let years: Set<Int>?
    package let zone: TimeZone

    /// The rule for the days of a month.
    enum DayRule: Hashable, Sendable {
        /// These days of the month: bit 1 is the first.
        case daysOfMonth(UInt64)
        /// This number of days before the last day of the month, or the weekday nearest to that.
        case lastOfMonth(before: Int, isWeekday: Bool)
        /// The weekday nearest to this day, within the month.
        case weekdayNearest(Int)
        /// These days of the week: bit 1 is Sunday.
        case daysOfWeek(UInt64)
        /// The last of this day of the week in the month.
        case lastOfWeek(Int)
        /// The nth of this day of the week in the month.
        case nthOfWeek(Int, nth: Int)
    }

    /// The years that Quartz searches.
    static let yearsAllowed = 1970...2199

    /// Parses an expression; `nil` if it is invalid, or the tz database does not have the zone. The default zone is UTC.
    package init?(_ expression: String, timeZoneID: String? = nil) {
        guard let zone = timeZoneID.map({ TimeZone(identifier: $0) }) ?? .gmt else { return nil }
        let fields = expression.uppercased().split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard (6...7).contains(fields.count),
            let seconds = Field.seconds.values(of: fields[0]), let minutes = Field.minutes.values(of: fields[1]),
            let hours = Field.hours.values(of: fields[2]), let months = Field.months.values(of: fields[4]),
            let days = DayRule(dayOfMonth: fields[3], dayOfWeek: fields[5])
        else { return nil }
        if fields.count == 7, fields[6] != "*" {
            guard let years = Self.years(in: fields[6]) else { return nil }
            self.years = years
        } else {
            years = nil
        }
        (self.seconds, self.minutes, self.hours, self.months) = (seconds, minutes, hours, months)
        (self.days, self.zone) = (days, zone)
    }

    /// The schedule of a job; `nil` if its expression or time zone is invalid.
    package init?(_ schedule: JobSchedule) {
        self.init(schedule.quartzCronExpression, timeZoneID: schedule.timeZoneID)
    }

    private static func years(in text: String) -> Set<Int>? {
        var years: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = Field.Range(part, allowed: yearsAllowed, names: []), range.first <= range.last else {
                return nil
            }
            years.formUnion(stride(from: range.first, through: range.last, by: range.step))
        }
        return years
    }
}

extension QuartzCron {
    /// A field of the expression, with numbers or names as values.
    struct Field {
        let allowed: ClosedRange<Int>
        /// Names for the values, starting at the lowest.
        var names: [Substring] = []

        static let seconds = Field(allowed: 0...59)
        static let minutes = Field(allowed: 0...59)
        static let hours = Field(allowed: 0...23)
        static let daysOfMonth = Field(allowed: 1...31)
        static let months = Field(
            allowed: 1...12,
            names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
        static let daysOfWeek = Field(allowed: 1...7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])

        /// One part of a list: a value, a range, and a step.
        struct Range {
            var first: Int
            var last: Int
            var step = 1

            /// Parses `*`, `5`, `5-9`, `*/2`, `/2`, `5/2`, `5-9/2`. Names may replace numbers, except in a part with a step.
            init?(_ text: Substring, allowed: ClosedRange<Int>, names: [Substring]) {
                let halves = text.split(separator: "/", omittingEmptySubsequences: false)
                guard halves.count <= 2, let span = halves.first else { return nil }
                func value(_ text: Substring) -> Int? {
                    if let place = names.firstIndex(of: text), halves.count == 1 { return allowed.lowerBound + place }
                    guard let number = Int(digits: text), allowed.contains(number) else { return nil }
                    return number
                }
                if span == "*" || (span.isEmpty && halves.count == 2) {
                    (first, last) = (allowed.lowerBound, allowed.upperBound)
                } else {
                    let ends = span.split(separator: "-", omittingEmptySubsequences: false)
                    guard ends.count <= 2, let from = value(ends[0]), let to = value(ends[ends.count - 1]) else {
                        return nil
                    }
                    (first, last) = (from, to)
                    // `5/2` means from 5 to the highest value.
                    if ends.count == 1, halves.count == 2 { last = allowed.upperBound }
                }
                guard halves.count == 2 else { return }
                guard let step = Int(digits: halves[1]), step > 0, step <= allowed.upperBound else { return nil }
                self.step = step
            }
        }

        /// The values of a list as bits; `nil` if it is invalid.
        func values(of text: String) -> UInt64? {
            var bits: UInt64 = 0
            let count = allowed.count
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let range = Range(part, allowed: allowed, names: names) else { return nil }
                // A range whose end is before its start wraps around.
                let last = range.last < range.first ? range.last + count : range.last
                for value in stride(from: range.first, through: last, by: range.step) {
                    bits |= 1 << UInt64((value - allowed.lowerBound) % count + allowed.lowerBound)
                }
            }
            return bits
        }

        /// A single value.
        func value(of text: Substring) -> Int? {
            guard let range = Range(text, allowed: allowed, names: names), range.first == range.last, text != "*" else {
                return nil
            }
            return range.first
        }
    }
}

extension QuartzCron.DayRule {
    init?(dayOfMonth: String, dayOfWeek: String) {
        switch (dayOfMonth, dayOfWeek) {
        case ("?", "?"): return nil
        case (_, "?"): self.init(dayOfMonth: dayOfMonth)
        case ("?", _): self.init(dayOfWeek: dayOfWeek)
        case (_, "*"): self.init(dayOfMonth: dayOfMonth)
        case ("*", _): self.init(dayOfWeek: dayOfWeek)
        default: return nil
        }
    }

    private init?(dayOfMonth text: String) {
        let field = QuartzCron.Field.daysOfMonth
        if text.hasPrefix("L") {
            var rest = text.dropFirst()
            let isWeekday = rest.hasSuffix("W")
            if isWeekday { rest.removeLast() }
            guard !rest.isEmpty else {
                self = .lastOfMonth(before: 0, isWeekday: isWeekday)
                return
            }
            guard rest.first == "-", let before = Int(digits: rest.dropFirst()), before <= 30 else { return nil }
            self = .lastOfMonth(before: before, isWeekday: isWeekday)
        } else if text.hasSuffix("W") {
            guard let day = field.value(of: text.dropLast()) else { return nil }
            self = .weekdayNearest(day)
        } else {
            guard let days = field.values(of: text) else { return nil }
            self = .daysOfMonth(days)
        }
    }

    private init?(dayOfWeek text: String) {
        let field = QuartzCron.Field.daysOfWeek
        if text == "L" {
            self = .daysOfWeek(1 << 7)
        } else if text.hasSuffix("L") {
            guard let day = field.value(of: text.dropLast()) else { return nil }
            self = .lastOfWeek(day)
        } else if let sign = text.firstIndex(of: "#") {
            guard let day = field.value(of: text[..<sign]), let nth = Int(digits: text[text.index(after: sign)...]),
                (1...5).contains(nth)
            else { return nil }
            self = .nthOfWeek(day, nth: nth)
        } else {
            guard let days = field.values(of: text) else { return nil }
            self = .daysOfWeek(days)
        }
    }
}

extension Int {
    /// A number of one to four digits; `nil` for any other text.
    fileprivate init?(digits text: some StringProtocol) {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        self.init(text)
    }
}
