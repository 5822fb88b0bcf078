/// The date of an HTTP header, RFC 1123 in GMT: `Tue, 03 Nov 2026 08:04:05 GMT`.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ moment: Milliseconds) -> String {
        let civil = CivilTime(moment)
        let day = days[Int(moment.flooredQuotient(by: 86_400_000) % 7)]
        return "\(day), \(civil.day.padded(2)) \(months[civil.month - 1]) \(civil.year.padded(4)) \(civil.clock) GMT"
    }

    /// Reads a date; `nil` when it is not one. The day of the week is not checked: Oracle's own sample has a wrong one.
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
        return ((Milliseconds(dayNumber(year, month + 1, day)) * 24 + hour) * 60 + minute) * 60_000 + second * 1_000
    }

    private static func number(_ text: Substring, digits: Int, in range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.count == digits, let value = Int64(text), range.contains(value) else { return nil }
        return value
    }

    /// Days since 1970, by Howard Hinnant's civil-to-days algorithm.
    private static func dayNumber(_ year: Int64, _ month: Int, _ day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let marchMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
