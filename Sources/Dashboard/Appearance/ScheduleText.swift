import Runs
import Screen

/// A common schedule in words: `every 30 minutes`, `every day at 02:00`.
struct ScheduleText {
    private let fields: [String]

    /// The words; `nil` for an expression without simple words.
    static func words(for schedule: JobSchedule) -> SafeText? {
        let fields = schedule.quartzCronExpression.uppercased().split(separator: " ").map(String.init)
        // The optional last field is the year.
        guard fields.count == 6 || fields.count == 7 && fields[6] == "*" else { return nil }
        return ScheduleText(fields: Array(fields.prefix(6))).words
    }

    private var words: SafeText? {
        guard number(0, 0...59) != nil else { return nil }
        let isEveryDay = isAny(3) && fields[4] == "*" && isAny(5)
        if fields[2] == "*", isEveryDay, let minutes = step(1, 1...59) {
            return minutes == 1 ? "every minute" : "every \(minutes) minutes"
        }
        guard let minute = number(1, 0...59) else { return nil }
        if isEveryDay, let hours = step(2, 1...23) {
            let often: SafeText = hours == 1 ? "every hour" : "every \(hours) hours"
            return minute == 0 ? often : often + ", \(minute)m past the hour"
        }
        guard let times = times(minute: minute), let days else { return nil }
        return days + " at " + times
    }

    /// The days, in words.
    private var days: SafeText? {
        guard fields[4] == "*" else { return nil }
        if isAny(3), isAny(5) { return "every day" }
        if isAny(3) { return weekdays }
        guard isAny(5) else { return nil }
        if fields[3] == "L" { return "the last day of each month" }
        if fields[3] == "LW" { return "the last weekday of each month" }
        return number(3, 1...31).map { "day \($0) of each month" }
    }

    private static let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    private static let spelled: [SafeText] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// Quartz numbers the days from Sunday, which is 1.
    private func weekday(_ text: Substring) -> SafeText? {
        if let index = Self.names.firstIndex(of: String(text)) { return Self.spelled[index] }
        return Int(text).flatMap { (1...7).contains($0) ? Self.spelled[$0 - 1] : nil }
    }

    private var weekdays: SafeText? {
        let parts = fields[5].split(separator: ",", omittingEmptySubsequences: false).map { part -> SafeText? in
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(weekday)
            guard ends.count <= 2, !ends.contains(where: { $0 == nil }) else { return nil }
            return ends.compactMap(\.self).joined(separator: " to ")
        }
        return parts.contains { $0 == nil } ? nil : parts.compactMap(\.self).joined(separator: ", ")
    }

    /// `02:00`, `02:00, 14:00`.
    private func times(minute: Int) -> SafeText? {
        let hours = fields[2].split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard hours.allSatisfy({ $0.map { (0...23).contains($0) } == true }), hours.count <= 4 else { return nil }
        func twoDigits(_ value: Int) -> SafeText { value < 10 ? "0\(value)" : "\(value)" }
        return hours.compactMap(\.self).map { twoDigits($0) + ":" + twoDigits(minute) }.joined(separator: ", ")
    }

    private func isAny(_ field: Int) -> Bool { fields[field] == "*" || fields[field] == "?" }

    private func number(_ field: Int, _ range: ClosedRange<Int>) -> Int? {
        Int(fields[field]).flatMap { range.contains($0) ? $0 : nil }
    }

    /// 1 for `*`; n for `*/n` or `0/n` if n divides the range evenly. Any other step restarts at each full hour or day.
    private func step(_ field: Int, _ range: ClosedRange<Int>) -> Int? {
        if fields[field] == "*" { return 1 }
        let parts = fields[field].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "*" || parts[0] == "0", let step = Int(parts[1]), range.contains(step)
        else { return nil }
        return (range.upperBound + 1) % step == 0 ? step : nil
    }
}
