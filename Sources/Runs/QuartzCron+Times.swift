import Foundation

extension QuartzCron {
    /// The first time after `moment` at which it fires, in whole seconds; `nil` if there is none before the year 2200.
    package func next(after moment: Date) -> Date? {
        let since1970 = moment.timeIntervalSince1970
        guard since1970 > -86_400, since1970 < 7_289_654_400 else { return nil }
        let start = Int(since1970.rounded(.down))
        // When the clocks go back, local times that look earlier may still be ahead.
        let local = start + min(offset(at: start), offset(at: start + 10_800))
        var day = local.flooredQuotient(by: 86_400)
        var time = local - day * 86_400
        var date = CivilDate(dayNumber: day)
        while date.year <= Self.yearsAllowed.upperBound {
            guard months.hasBit(date.month), years?.contains(date.year) ?? true else {
                day += date.daysInMonth - date.day + 1
                (date, time) = (CivilDate(dayNumber: day), 0)
                continue
            }
            let matching = days.matching(year: date.year, month: date.month)
            var monthDay = date.day
            while let next = matching.firstBit(from: monthDay) {
                if next != date.day { time = 0 }
                let found = firstFire(on: day + next - date.day, from: next == monthDay ? time : 0, after: start)
                if let found { return Date(timeIntervalSince1970: Double(found)) }
                (monthDay, time) = (next + 1, 0)
            }
            day += date.daysInMonth - date.day + 1
            (date, time) = (CivilDate(dayNumber: day), 0)
        }
        return nil
    }

    /// The times at which it fires after `start`, up to and including `end`, at most `most`, the earliest first.
    package func fires(after start: Date, through end: Date, most: Int) -> [Date] {
        var found: [Date] = []
        var moment = start
        while found.count < most, let next = next(after: moment), next <= end {
            found.append(next)
            moment = next
        }
        return found
    }

    /// Whether the clocks show the local time of `moment` twice.
    package func isRepeated(_ moment: Date) -> Bool {
        let second = Int(moment.timeIntervalSince1970.rounded(.down))
        let offset = offset(at: second)
        return [-5_400, -3_600, 3_600, 5_400].contains { shift in
            let other = self.offset(at: second + shift)
            return other != offset && self.offset(at: second + offset - other) == other
        }
    }

    /// The first matching time of a day at or after `time` (seconds of the day) and after `start` (seconds since 1970).
    private func firstFire(on day: Int, from time: Int, after start: Int) -> Int? {
        var time = time
        while let next = nextTime(from: time) {
            if let second = second(day: day, time: next), second > start { return second }
            time = next + 1
        }
        return nil
    }

    /// The first matching time of a day at or after `time`, in seconds of the day.
    private func nextTime(from time: Int) -> Int? {
        guard time < 86_400 else { return nil }
        var (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60)
        while let nextHour = hours.firstBit(from: hour) {
            if nextHour > hour { (hour, minute, second) = (nextHour, 0, 0) }
            while let nextMinute = minutes.firstBit(from: minute) {
                if nextMinute > minute { (minute, second) = (nextMinute, 0) }
                if let nextSecond = seconds.firstBit(from: second) { return hour * 3_600 + minute * 60 + nextSecond }
                (minute, second) = (minute + 1, 0)
            }
            (hour, minute, second) = (hour + 1, 0, 0)
        }
        return nil
    }

    /// The seconds since 1970 of a local day and time: the later ones if the clocks show it twice, `nil` if they skip it.
    private func second(day: Int, time: Int) -> Int? {
        let local = day * 86_400 + time
        let (before, after) = (offset(at: local - 93_600), offset(at: local + 93_600))
        if before == after { return local - before }
        return [before, after].map { local - $0 }.filter { offset(at: $0) == local - $0 }.max()
    }

    private func offset(at second: Int) -> Int {
        zone == .gmt ? 0 : zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }
}

extension QuartzCron.DayRule {
    /// The matching days of a month, as bits: bit 1 is the first day.
    func matching(year: Int, month: Int) -> UInt64 {
        let first = CivilDate(year: year, month: month, day: 1)
        let length = first.daysInMonth
        /// Sunday is 1.
        func dayOfWeek(_ day: Int) -> Int { (first.dayOfWeek - 1 + day - 1) % 7 + 1 }
        func weekday(nearest day: Int) -> Int {
            switch dayOfWeek(day) {
            case 7: day == 1 ? day + 2 : day - 1
            case 1: day == length ? day - 2 : day + 1
            default: day
            }
        }
        let all = (UInt64(1) << UInt64(length + 1)) - 2
        switch self {
        case .daysOfMonth(let days): return days & all
        case .lastOfMonth(let before, let isWeekday):
            let day = length - before
            guard day >= 1 else { return 0 }
            return 1 << UInt64(isWeekday ? weekday(nearest: day) : day)
        case .weekdayNearest(let day):
            guard day <= length else { return 0 }
            return 1 << UInt64(weekday(nearest: day))
        case .daysOfWeek(let days):
            return (1...length).reduce(0) { days.hasBit(dayOfWeek($1)) ? $0 | 1 << UInt64($1) : $0 }
        case .lastOfWeek(let wanted):
            return (length - 6...length).first { dayOfWeek($0) == wanted }.map { 1 << UInt64($0) } ?? 0
        case .nthOfWeek(let wanted, let nth):
            let day = (wanted - dayOfWeek(1) + 7) % 7 + 1 + (nth - 1) * 7
            return day <= length ? 1 << UInt64(day) : 0
        }
    }
}

/// A date of the Gregorian calendar. The arithmetic is Howard Hinnant's, "chrono-Compatible Low-Level Date Algorithms".
struct CivilDate: Hashable, Sendable {
    let year: Int
    let month: Int
    let day: Int

    init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }

    /// - Parameter dayNumber: days since 1 January 1970.
    init(dayNumber: Int) {
        let shifted = dayNumber + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * place + 2) / 5 + 1
        month = place < 10 ? place + 3 : place - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1 January 1970.
    var dayNumber: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Sunday is 1.
    var dayOfWeek: Int { dayNumber + 4 - (dayNumber + 4).flooredQuotient(by: 7) * 7 + 1 }

    var daysInMonth: Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        default: 31
        }
    }
}

extension Int {
    /// Division that rounds down on both sides of zero.
    func flooredQuotient(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension UInt64 {
    func hasBit(_ place: Int) -> Bool { self >> UInt64(place) & 1 == 1 }

    /// The lowest bit that is set at or above `place`.
    func firstBit(from place: Int) -> Int? {
        guard place < 64 else { return nil }
        let rest = self >> UInt64(place)
        return rest == 0 ? nil : place + rest.trailingZeroBitCount
    }
}
