import Foundation
import Runs
import Screen
import Testing

@testable import Dashboard

private func text(_ parts: [Part]) -> String { parts.map(\.text.plainText).joined() }

private func span(_ median: Int, p90: Int) -> UsualSpan {
    UsualSpan(
        runs: 9, median: .seconds(median), p90: .seconds(p90), longest: .seconds(p90), spread: .seconds(1))
}

@Suite("The progress bar")
struct ProgressBarTests {
    private func bar(_ elapsed: Int, median: Int = 50, p90: Int = 100, width: Int = 11, _ glyphs: Glyphs) -> String {
        text(
            ProgressBar(elapsed: .seconds(elapsed), usual: span(median, p90: p90)).parts(width: width, glyphs: glyphs))
    }

    @Test(
        "grows up to the 90th percentile, with a mark for the median",
        arguments: [
            (0, "·····┊····│", ".....:....|"), (10, "█····┊····│", "#....:....|"), (25, "██▌··┊····│", "###..:....|"),
            (50, "█████┊····│", "#####:....|"), (55, "█████▌····│", "######....|"), (100, "██████████│", "##########|"),
        ])
    func grows(elapsed: Int, utf8: String, ascii: String) {
        #expect(bar(elapsed, .utf8) == utf8)
        #expect(bar(elapsed, .ascii) == ascii)
    }

    @Test("past the 90th percentile it ends with another mark, without need for colour", arguments: [101, 1_000_000])
    func past(elapsed: Int) {
        #expect(bar(elapsed, .utf8) == "██████████»")
        #expect(bar(elapsed, .ascii) == "##########>")
    }

    @Test("is empty without usual values or space")
    func none() {
        #expect(bar(5, median: 0, p90: 0, .utf8).isEmpty)
        #expect(bar(5, width: 3, .utf8).isEmpty)
        #expect(bar(0, median: 0, p90: 1, .utf8) == "┊·········│")
    }

    @Test("has the width of its field at any time")
    func widths() {
        for width in 4...60 {
            for elapsed in stride(from: 0, through: 300, by: 7) {
                #expect(bar(elapsed, width: width, .utf8).count == width)
            }
        }
    }
}

@Suite("The sparkline of durations")
struct SparklineTests {
    private func line(_ seconds: [Int], _ usual: UsualSpan?, width: Int = 20, _ glyphs: Glyphs = .utf8) -> String {
        text(Sparkline(durations: seconds.map { .seconds($0) }[...], usual: usual).parts(width: width, glyphs: glyphs))
    }

    @Test("only durations above the 90th percentile have the highest level")
    func levels() {
        #expect(line([1, 40, 80, 81, 9_000], span(40, p90: 80)) == "▁▄▇██")
        #expect(line([1, 40, 80, 81, 9_000], span(40, p90: 80), .ascii) == "_-*##")
    }

    @Test("without usual values the longest has it; shows the newest durations")
    func noStatistics() {
        #expect(line([10, 80], nil) == "▁█")
        #expect(line([0, 0], nil) == "▁▁")
        #expect(line([80, 10, 20, 80], nil, width: 2) == "▂█")
        #expect(line([], nil) == "")
        #expect(line([1], nil, width: -1) == "")
    }
}

@Suite("The chart of runs")
struct RunChartTests {
    private static let now = Sample.now

    private func run(_ key: String, _ status: RunStatus, hoursAgo: Double, seconds: Int?) -> PastRun {
        var run = PastRun(key: key, status: status)
        run.created = Self.now.addingTimeInterval(-hoursAgo * 3_600)
        run.started = run.created
        run.ended = seconds.flatMap { run.started?.addingTimeInterval(Double($0)) }
        return run
    }

    private func lines(_ runs: [PastRun], usual: UsualSpan? = nil, width: Int = 52, _ glyphs: Glyphs = .utf8)
        -> [String]
    {
        RunChart(runs: runs, usual: usual, clock: WallClock { _ in 0 }, now: Self.now, lastKnown: Self.now)
            .lines(rows: 5, width: width, glyphs: glyphs).map(\.text.plainText)
    }

    @Test("the oldest run is at the left, the newest at the right, the longest at the top")
    func places() {
        let rows = lines([
            run("a", .success, hoursAgo: 20, seconds: 0), run("b", .failed, hoursAgo: 10, seconds: 50),
            run("c", .success, hoursAgo: 0, seconds: 100),
        ])
        // Twelve columns name the heights; forty are the chart.
        #expect(rows[0].prefix(12) == "      1m40s ")
        #expect(Array(rows[0])[51] == "⠈")
        #expect(Array(rows[4])[12] == "⡀")
        #expect(Array(rows[4])[10] == "0")
        #expect(Array(rows[2])[32] == "✗", "\(rows[2])")
        #expect(rows[6] == "dots succeeded  ✗ failed")
    }

    @Test("in ASCII each run is a glyph, and a cell shows the worst")
    func ascii() {
        let rows = lines(
            [
                run("a", .success, hoursAgo: 20, seconds: 100), run("b", .failed, hoursAgo: 20, seconds: 100),
                run("c", .canceled, hoursAgo: 20, seconds: 100), run("d", .success, hoursAgo: 0, seconds: 100),
            ], .ascii)
        #expect(Array(rows[0])[12] == "X")
        #expect(Array(rows[0])[51] == "+")
        #expect(rows.joined().allSatisfy { $0.isASCII })
        #expect(rows[6] == "+ succeeded  X failed  - canceled")
    }

    @Test("the median and the 90th percentile are named lines, or one line if they are equal")
    func lines() {
        let runs = (0..<10).map { run("\($0)", .success, hoursAgo: Double($0), seconds: 100) }.reversed()
        let rows = lines(Array(runs), usual: span(50, p90: 100))
        #expect(rows[0].hasPrefix("  p90 1m40s "))
        #expect(rows[0].contains("┄"))
        #expect(rows[2].hasPrefix("    med 50s ───"))
        #expect(lines(Array(runs), usual: span(100, p90: 100))[0].hasPrefix("median, p90 ".suffix(12)))
    }

    @Test("a run that hung is in the top row with a note, and does not press the others to the bottom")
    func outlier() {
        var runs = (0..<10).reversed().map { run("\($0)", .success, hoursAgo: Double($0 + 1), seconds: 100) }
        runs.append(run("hung", .success, hoursAgo: 0.5, seconds: 80_000))
        let rows = lines(runs, usual: span(90, p90: 100))
        #expect(rows[0].hasPrefix("      5m00s "))
        #expect(rows.last == "1 longer than this chart is high: in its top row, up to 22h13m")
    }

    @Test("runs without a duration are at the bottom, an active one at its duration so far, hostile dates anywhere")
    func odd() {
        var hostile = PastRun(key: "x", status: .unknown("\u{1B}[31m"))
        hostile.created = Date(timeIntervalSinceReferenceDate: -1e300)
        var active = run("a", .running, hoursAgo: 2, seconds: nil)
        active.started = Self.now.addingTimeInterval(-7_200)
        let rows = lines([run("s", .skipped, hoursAgo: 3, seconds: nil), active])
        #expect(rows[4].contains("»"))
        #expect(rows[0].contains("►"))
        #expect(rows[0].hasPrefix("      2h00m "))
        for width in [1, 8, 20, 39, 40, 200] {
            #expect(!lines([hostile, active], width: width).joined().contains("\u{1B}"))
        }
        #expect(lines([]).isEmpty)
    }

    @Test("the time axis has days if it spans several, else hours")
    func times() {
        #expect(lines([run("a", .success, hoursAgo: 240, seconds: 9)])[5].contains("04-21"))
        let day = lines([run("a", .success, hoursAgo: 10, seconds: 9)])[5]
        #expect(day.contains("02:34") && day.hasSuffix("now"), "\(day)")
    }
}

@Suite("The map of hours and weekdays")
struct WeekMapTests {
    private let clock = WallClock { _ in 7_200 }

    @Test("counts a run in its local hour and weekday")
    func local() {
        // 2026-05-01 is a Friday; 23:30 UTC is Saturday 01:30 two hours east.
        let late = Date(timeIntervalSince1970: 1_777_678_200)
        let map = WeekMap(of: [late, late], clock: clock)
        #expect(map.runs == 2)
        #expect(map.count(weekday: 5, hour: 1) == 2)
        #expect(WallClock { _ in 0 }.weekdayAndHour(late) == (4, 23))
        #expect(WallClock { _ in -3_600 }.weekdayAndHour(Date(timeIntervalSince1970: 0)) == (2, 23), "a Wednesday")
        #expect(WallClock { _ in 0 }.weekdayAndHour(Date(timeIntervalSince1970: 0)) == (3, 0), "a Thursday")
    }

    @Test("has a row per day, a field per hour, and a legend of its shades", arguments: Glyphs.allCases)
    func drawn(_ glyphs: Glyphs) throws {
        let hour = Date(timeIntervalSince1970: 1_777_593_600)  // Friday 2026-05-01 00:00 UTC
        let moments = (0..<4).flatMap { Array(repeating: hour.addingTimeInterval(Double($0) * 3_600), count: $0 + 1) }
        let lines = WeekMap(of: moments, clock: WallClock { _ in 0 }).lines(width: 60, glyphs: glyphs)
            .map(\.text.plainText)
        #expect(lines.count == 9)
        #expect(lines[0] == "    0     3     6     9     12    15    18    21")
        let friday = try #require(lines.first { $0.hasPrefix("Fri") })
        #expect(friday.hasPrefix(glyphs == .utf8 ? "Fri ░░▒▒▓▓██ " : "Fri ..::**## "))
        #expect(
            lines[8]
                == (glyphs == .utf8
                    ? "    ░ 1  ▒ 2  ▓ 3  █ 4 runs in that hour" : "    . 1  : 2  * 3  # 4 runs in that hour"))
    }

    @Test("has one column per hour on a narrow screen, and is empty if that does not fit")
    func narrow() {
        let map = WeekMap(of: [Sample.now], clock: clock)
        #expect(map.lines(width: 51, glyphs: .utf8)[1].text.width == 28)
        #expect(map.lines(width: 27, glyphs: .utf8).isEmpty)
        #expect(map.lines(width: 60, glyphs: .utf8).last?.text.plainText == "    █ 1 run in that hour")
        #expect(WeekMap().lines(width: 60, glyphs: .utf8).isEmpty)
    }
}
