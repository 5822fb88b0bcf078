import Foundation
import Runs
import Testing

@Suite("Quartz schedules")
struct QuartzCronTests {
    private static let style = Date.ISO8601FormatStyle(timeZone: .gmt)

    private static func date(_ text: String) -> Date { (try? style.parse(text)) ?? .distantPast }

    private func fires(_ expression: String, zone: String? = nil, after start: String, _ count: Int) -> [String] {
        let fires = QuartzCron(expression, timeZoneID: zone)?
            .fires(after: Self.date(start), through: .distantFuture, most: count)
        return (fires ?? []).map { Self.style.format($0) }
    }

    @Test(
        "the examples of Quartz's documentation",
        arguments: [
            ("0 0 12 * * ?", "2026-05-01T12:00:00Z", ["2026-05-02T12:00:00Z", "2026-05-03T12:00:00Z"]),
            ("0 15 10 ? * *", "2026-05-01T00:00:00Z", ["2026-05-01T10:15:00Z", "2026-05-02T10:15:00Z"]),
            ("0 15 10 * * ? *", "2026-05-01T00:00:00Z", ["2026-05-01T10:15:00Z"]),
            ("0 15 10 * * ? 2027", "2026-05-01T00:00:00Z", ["2027-01-01T10:15:00Z"]),
            ("0 * 14 * * ?", "2026-05-01T14:58:30Z", ["2026-05-01T14:59:00Z", "2026-05-02T14:00:00Z"]),
            ("0 0/5 14,18 * * ?", "2026-05-01T14:54:00Z", ["2026-05-01T14:55:00Z", "2026-05-01T18:00:00Z"]),
            ("0 10,44 14 ? 3 WED", "2026-03-01T00:00:00Z", ["2026-03-04T14:10:00Z", "2026-03-04T14:44:00Z"]),
            ("0 15 10 ? * MON-FRI", "2026-05-01T11:00:00Z", ["2026-05-04T10:15:00Z"]),
            ("0 15 10 15 * ?", "2026-05-16T00:00:00Z", ["2026-06-15T10:15:00Z"]),
            ("0 15 10 L * ?", "2026-02-01T00:00:00Z", ["2026-02-28T10:15:00Z", "2026-03-31T10:15:00Z"]),
            ("0 15 10 L-2 * ?", "2026-02-01T00:00:00Z", ["2026-02-26T10:15:00Z", "2026-03-29T10:15:00Z"]),
            ("0 15 10 ? * 6L", "2026-05-01T00:00:00Z", ["2026-05-29T10:15:00Z", "2026-06-26T10:15:00Z"]),
            ("0 15 10 ? * 6L 2027-2028", "2026-05-01T00:00:00Z", ["2027-01-29T10:15:00Z"]),
            ("0 15 10 ? * 6#3", "2026-05-01T00:00:00Z", ["2026-05-15T10:15:00Z", "2026-06-19T10:15:00Z"]),
            ("0 0 12 1/5 * ?", "2026-05-26T13:00:00Z", ["2026-05-31T12:00:00Z", "2026-06-01T12:00:00Z"]),
            ("0 11 11 11 11 ?", "2026-05-01T00:00:00Z", ["2026-11-11T11:11:00Z", "2027-11-11T11:11:00Z"]),
        ] as [(String, String, [String])])
    func documented(expression: String, after: String, expected: [String]) {
        #expect(fires(expression, after: after, expected.count) == expected)
    }

    @Test(
        "further rules of Quartz's source: wrapped ranges, steps, names in any case, nearest weekdays",
        arguments: [
            (
                "0 0 0 ? * FRI-MON", "2026-05-01T00:00:00Z",
                ["2026-05-02T00:00:00Z", "2026-05-03T00:00:00Z", "2026-05-04T00:00:00Z", "2026-05-08T00:00:00Z"]
            ),
            (
                "0 0 22-1 * * ?", "2026-05-01T22:00:00Z",
                ["2026-05-01T23:00:00Z", "2026-05-02T00:00:00Z", "2026-05-02T01:00:00Z", "2026-05-02T22:00:00Z"]
            ),
            ("0 50-10/10 * * * ?", "2026-05-01T00:10:00Z", ["2026-05-01T00:50:00Z", "2026-05-01T01:00:00Z"]),
            ("*/20 0 0 1 jan ?", "2026-05-01T00:00:00Z", ["2027-01-01T00:00:00Z", "2027-01-01T00:00:20Z"]),
            ("0 0 0 ? nov-jan sun#1", "2026-10-01T00:00:00Z", ["2026-11-01T00:00:00Z", "2026-12-06T00:00:00Z"]),
            // 15 August 2026 is a Saturday, 15 November a Sunday, 1 August a Saturday, 31 May a Sunday.
            ("0 0 0 15W 8,11 ?", "2026-05-01T00:00:00Z", ["2026-08-14T00:00:00Z", "2026-11-16T00:00:00Z"]),
            ("0 0 0 1W 8 ?", "2026-05-01T00:00:00Z", ["2026-08-03T00:00:00Z"]),
            ("0 0 0 LW 5 ?", "2026-05-01T00:00:00Z", ["2026-05-29T00:00:00Z"]),
            ("0 0 0 L-3W 6 ?", "2026-05-01T00:00:00Z", ["2026-06-26T00:00:00Z"]),
            ("0 0 0 ? * L", "2026-05-01T00:00:00Z", ["2026-05-02T00:00:00Z"]),
            ("0 0 0 ? * 6#5", "2026-05-01T00:00:00Z", ["2026-05-29T00:00:00Z", "2026-07-31T00:00:00Z"]),
            ("0 0 0 29 2 ?", "2026-05-01T00:00:00Z", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
            ("0 0 0 31 * ?", "2026-05-31T00:00:00Z", ["2026-07-31T00:00:00Z", "2026-08-31T00:00:00Z"]),
            ("0 0 12 * * *", "2026-05-01T12:00:00Z", ["2026-05-02T12:00:00Z"]),
        ] as [(String, String, [String])])
    func undocumented(expression: String, after: String, expected: [String]) {
        #expect(fires(expression, after: after, expected.count) == expected)
    }

    @Test(
        "refuses what Quartz refuses, without a trap",
        arguments: [
            "", "* * * * *", "0 0 12 * * ? 2026 extra", "0 0 12 ? * ?", "0 0 12 1 * MON", "60 0 0 * * ?",
            "0 60 0 * * ?",
            "0 0 24 * * ?", "0 0 0 0 * ?", "0 0 0 32 * ?", "0 0 0 ? 13 MON", "0 0 0 ? * 8", "0 0 0 ? * 0",
            "0 0 0 ? * MON#6",
            "0 0 0 ? * MON#0", "0 0 0 L-31 * ?", "0 0 0 1,L * ?", "0 0 0 ? * 2L,3", "0 0 0 32W * ?", "0 0/0 * * * ?",
            "0 0/ * * * ?", "0 -5 * * * ?", "0 5- * * * ?", "0 1,,2 * * * ?", "? 0 0 * * ?", "0 0 0 1W,2W * ?",
            "0 0 0 ? * MON/2", "0 0 99999999999999999999 * * ?", "0 0 0 * * ? 1969", "0 0 0 * * ? 2030-2020", "@daily",
            "0 0 0 \u{0661} * ?", "0 0 0 ? * #2", "0 0 0 W * ?",
        ])
    func refused(expression: String) {
        #expect(QuartzCron(expression) == nil)
    }

    @Test("refuses a zone that the tz database does not contain")
    func unknownZone() {
        #expect(QuartzCron("0 0 0 * * ?", timeZoneID: "Mars/Olympus") == nil)
        #expect(QuartzCron("0 0 0 * * ?", timeZoneID: "Europe/Berlin") != nil)
    }

    @Test("a time that the clocks skip does not fire that day; one that occurs twice fires once, in standard time")
    func daylightSaving() {
        #expect(
            fires("0 30 2 * * ?", zone: "Europe/Berlin", after: "2026-03-27T12:00:00Z", 3)
                == ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"])
        #expect(
            fires("0 30 2 * * ?", zone: "Europe/Berlin", after: "2026-10-24T12:00:00Z", 2)
                == ["2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"])
        #expect(
            fires("0 0/30 * * * ?", zone: "Europe/Berlin", after: "2026-10-24T23:30:00Z", 4)
                == ["2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z", "2026-10-25T02:30:00Z"])
        #expect(
            fires("0 0/30 * * * ?", zone: "Europe/Berlin", after: "2026-03-29T00:00:00Z", 3)
                == ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"])
        #expect(
            fires("0 15 2 * * ?", zone: "America/New_York", after: "2026-03-07T12:00:00Z", 1)
                == ["2026-03-09T06:15:00Z"])
        let cron = QuartzCron("0 0 * * * ?", timeZoneID: "Europe/Berlin")
        #expect(cron?.isRepeated(Self.date("2026-10-25T01:00:00Z")) == true)
        #expect(cron?.isRepeated(Self.date("2026-10-25T02:00:00Z")) == false)
        #expect(cron?.isRepeated(Self.date("2026-05-25T02:00:00Z")) == false)
    }

    @Test("an expression that never fires again returns nil, from any start")
    func ends() {
        #expect(fires("0 0 0 31 2 ?", after: "2026-05-01T00:00:00Z", 1) == [])
        #expect(fires("0 0 0 1 1 ? 2020", after: "2026-05-01T00:00:00Z", 1) == [])
        let cron = QuartzCron("0 0 0 1 1 ?")
        #expect(cron?.next(after: .distantFuture) == nil)
        #expect(cron?.next(after: .distantPast) == nil)
        #expect(cron?.next(after: Date(timeIntervalSince1970: .infinity)) == nil)
        #expect(cron?.next(after: Date(timeIntervalSince1970: .nan)) == nil)
    }

    /// The expressions of the property test: restricted by every field, in zones with and without changes of the clock.
    private static let varied: [(String, String)] = [
        ("0 0/7 * * * ?", "UTC"), ("0 13 5-9/2 ? * MON,WED", "Europe/Berlin"), ("0 30 1-3 * * ?", "America/New_York"),
        ("0 45 0 L * ?", "Australia/Lord_Howe"), ("0 15 2 ? * 1L", "Europe/Berlin"),
        ("0 0/20 2 ? * SUN#5", "Europe/Berlin"),
        ("0 5 23 1W * ?", "Asia/Kathmandu"), ("0 0 0/6 1/3 * ?", "America/Santiago"),
        ("0 59 23 LW 3,10 ?", "Europe/London"),
    ]

    @Test("fires at the same minutes as a simple reading of the fields, for 200 days", arguments: varied)
    func plainReading(expression: String, zone: String) throws {
        let cron = try #require(QuartzCron(expression, timeZoneID: zone))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        let begin = Self.date("2026-03-20T00:00:00Z")
        let end = begin.addingTimeInterval(250 * 86_400)
        let fires = Set(cron.fires(after: begin, through: end, most: .max))
        let fields = expression.split(separator: " ").map(String.init)
        // Only the minutes that the fields for the time of day allow are read with the calendar, which is slow.
        let step = 60.0
        var expected: Set<Date> = []
        for day in 0...251 {
            guard let midnight = calendar.date(byAdding: .day, value: day - 1, to: calendar.startOfDay(for: begin)),
                PlainCron.matchesDay(fields, midnight, calendar)
            else { continue }
            let nextDay = calendar.date(byAdding: .day, value: 1, to: midnight) ?? midnight
            var moment = midnight
            while moment < nextDay {
                let parts = calendar.dateComponents([.hour, .minute], from: moment)
                if PlainCron.matches(fields[2], parts.hour ?? 0, 0...23),
                    PlainCron.matches(fields[1], parts.minute ?? 0, 0...59)
                {
                    // Of a time that occurs twice only the second.
                    let again = [1_800.0, 3_600].contains { later in
                        let other = calendar.dateComponents([.hour, .minute], from: moment.addingTimeInterval(later))
                        return other == parts
                    }
                    if !again, moment > begin, moment <= end { expected.insert(moment) }
                }
                moment.addTimeInterval(step)
            }
        }
        #expect(fires.subtracting(expected).sorted() == [])
        #expect(expected.subtracting(fires).sorted() == [])
        #expect(!expected.isEmpty)
    }
}

/// A slow and plain reading of the fields, to compare with.
private enum PlainCron {
    private static let names = [
        "SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7,
    ]

    static func matches(_ field: String, _ value: Int, _ range: ClosedRange<Int>) -> Bool {
        field.split(separator: ",").contains { part in
            let halves = part.split(separator: "/")
            let step = halves.count > 1 ? Int(halves[1]) ?? 1 : 1
            let ends = halves[0].split(separator: "-").map { Int($0) ?? names[String($0)] ?? range.lowerBound }
            let first = halves[0] == "*" ? range.lowerBound : ends[0]
            let last =
                halves[0] == "*" || (ends.count == 1 && halves.count > 1) ? range.upperBound : ends[ends.count - 1]
            return value >= first && value <= last && (value - first).isMultiple(of: step)
        }
    }

    static func matchesDay(_ fields: [String], _ date: Date, _ calendar: Calendar) -> Bool {
        let parts = calendar.dateComponents([.month, .day, .weekday], from: date)
        guard let month = parts.month, let day = parts.day, let weekday = parts.weekday,
            let length = calendar.range(of: .day, in: .month, for: date)?.count, matches(fields[4], month, 1...12)
        else { return false }
        func weekdayNearest(_ wanted: Int) -> Int {
            let then = (weekday - 1 + wanted - day + 70) % 7 + 1
            if then == 7 { return wanted == 1 ? wanted + 2 : wanted - 1 }
            if then == 1 { return wanted == length ? wanted - 2 : wanted + 1 }
            return wanted
        }
        switch (fields[3], fields[5]) {
        case ("L", _): return day == length
        case ("LW", _): return day == weekdayNearest(length)
        case ("1W", _): return day == weekdayNearest(1)
        case ("?", "1L"): return weekday == 1 && day + 7 > length
        case ("?", "SUN#5"): return weekday == 1 && (day - 1) / 7 == 4
        case ("?", let weekdays): return matches(weekdays, weekday, 1...7)
        case (let days, _): return matches(days, day, 1...31)
        }
    }
}
