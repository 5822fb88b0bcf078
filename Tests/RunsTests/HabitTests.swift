import Foundation
import Testing

@testable import Runs

@Suite("What is usual for a job")
struct HabitTests {
    private static let monday = 1_777_852_800.0  // 2026-05-04 00:00 UTC
    private static let day = 86_400.0

    private static func starts(_ count: Int, every gap: Double) -> [Double] {
        (0..<count).map { monday + gap * Double($0) }
    }

    private static func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

    // MARK: Rhythm

    @Test("No rhythm with fewer than eight starts, or with random starts")
    func noRhythm() {
        #expect(Rhythm(starts: Self.starts(7, every: 3_600)) == nil)
        #expect(Rhythm(starts: Self.starts(8, every: 3_600)) != nil)
        let chance = [0.0, 1, 40, 41, 200, 900, 905, 3_000, 3_500, 9_000].map { Self.monday + $0 * 60 }
        #expect(Rhythm(starts: chance) == nil)
    }

    @Test("The next start is due one gap after the last, and missed some minutes later, for sixty days")
    func hourly() throws {
        let starts = Self.starts(24 * 14, every: 3_600)
        let last = try #require(starts.last)
        let next = try #require(Rhythm(starts: starts)?.next(newest: Self.date(last)))
        #expect(next.due == Self.date(last + 3_600))
        #expect(next.missedFrom == Self.date(last + 3_600 + 360))
        #expect(next.forgottenFrom == next.missedFrom.addingTimeInterval(60 * Self.day))
        #expect(next.basis == .rhythm)
        #expect(next.interval == 3_600)
    }

    @Test("A weekly job is missed for thirty weeks")
    func weekly() throws {
        let starts = Self.starts(10, every: 7 * Self.day)
        let next = try #require(Rhythm(starts: starts)?.next(newest: Self.date(starts[9])))
        #expect(next.forgottenFrom == next.missedFrom.addingTimeInterval(210 * Self.day))
    }

    @Test("A run that somebody started replaces the due one")
    func byHand() throws {
        let starts = Self.starts(24 * 14, every: 3_600)
        let last = try #require(starts.last)
        let next = try #require(Rhythm(starts: starts)?.next(newest: Self.date(last + 3_700)))
        #expect(next.due == Self.date(last + 7_200))
    }

    @Test("If a job pauses at weekends, a single day is no miss, the third is")
    func weekdays() throws {
        let days = (0..<28).filter { $0 % 7 < 5 }.map { Self.monday + Double($0) * Self.day + 21_600 }
        let last = try #require(days.last)
        let next = try #require(Rhythm(starts: days)?.next(newest: Self.date(last)))
        #expect(next.due == Self.date(last + 3 * Self.day), "Monday after Friday")
        #expect(next.missedFrom > Self.date(last + 5 * Self.day), "not before Wednesday")
    }

    // MARK: Flapping

    private static func turns(_ count: Int) -> [Bool] { (0..<count).map { !$0.isMultiple(of: 2) } }
    private static let healthy = [Bool](repeating: true, count: 60)

    @Test("Alternating failures are detected at the fifth; a lasting failure and single failures are not")
    func flapping() throws {
        #expect(Flapping(Self.healthy + Self.turns(3)) == nil)
        let found = try #require(Flapping(Self.healthy + Self.turns(9)))
        #expect((60...68).contains(found.since))
        #expect(Flapping(Self.healthy + [Bool](repeating: false, count: 20)) == nil)
        #expect(Flapping((0..<120).map { $0 % 10 != 0 }) == nil)
        #expect(Flapping([false, true, false, true]) == nil, "too few")
    }

    @Test("Five successes in a row end flapping, four do not")
    func flappingEnds() {
        let flapped = Self.healthy + Self.turns(12)
        #expect(Flapping(flapped + [true, true, true]) != nil, "with the last of the turns four")
        #expect(Flapping(flapped + [true, true, true, true]) == nil)
    }

    @Test("A job that often failed must fail even more often to flap")
    func usualFailures() {
        let often = (0..<100).map { $0 % 5 != 0 }
        let some = [true, true, true, true] + Self.turns(7)
        #expect(Flapping(Self.healthy + some) != nil)
        #expect(Flapping(often + some) == nil)
    }

    // MARK: Control limits

    @Test("No limit with fewer than five runs; with equal runs, 1.6 times the usual duration")
    func fewRuns() throws {
        #expect(ControlLimits(of: [100, 100, 100, 100], exceededWith: 0.001) == nil)
        let limits = try #require(ControlLimits(of: [Double](repeating: 100, count: 60), exceededWith: 0.001))
        #expect(abs(limits.median - 100) < 0.001)
        #expect(abs(limits.limit - 160) < 0.001)
    }

    /// Durations with a deviation of the logarithm, in an order without a trend.
    private static func durations(_ count: Int, spread: Double, median: Double = 600) -> [Double] {
        (0..<count).map { index in
            let place = Double((index * 37) % count)
            let share = (place + 0.5) / Double(count)
            let normal = Robust.normalLimit(exceededWith: min(share, 1 - share))
            return median * exp(spread * (share < 0.5 ? -normal : normal))
        }
    }

    @Test("The limit is three deviations above the usual duration, higher with fewer runs")
    func threeDeviations() throws {
        let many = try #require(ControlLimits(of: Self.durations(100, spread: 0.2), exceededWith: 0.001))
        #expect((2.9...3.4).contains(log(many.limit / 600) / 0.2))
        let few = try #require(ControlLimits(of: Self.durations(9, spread: 0.2), exceededWith: 0.001))
        #expect(few.limit > many.limit * 1.1)
    }

    @Test("One outlier does not move the limit, five runs at a new level do")
    func levels() throws {
        let usual = Self.durations(40, spread: 0.1)
        let before = try #require(ControlLimits(of: usual, exceededWith: 0.001))
        let wild = try #require(ControlLimits(of: usual + [6_000], exceededWith: 0.001))
        #expect(abs(wild.limit / before.limit - 1) < 0.05)
        let level = try #require(
            ControlLimits(of: usual + [1_500, 1_400, 1_600, 1_550, 1_450], exceededWith: 0.001))
        #expect(abs(level.median / 1_500 - 1) < 0.05)
    }

    @Test("A trend continues to the next run")
    func trend() throws {
        let rising = (0..<40).map { 600 * pow(1.02, Double($0)) }
        let limits = try #require(ControlLimits(of: rising, exceededWith: 0.001))
        #expect(abs(limits.trend - 0.02) < 0.001)
        #expect(abs(limits.median / (600 * pow(1.02, 40)) - 1) < 0.01)
    }

    // MARK: As of a moment

    @Test("At a past time, a run waits before its start, runs before its end, and is unknown before its creation")
    func asOf() throws {
        var run = PastRun(key: "r", status: .failed)
        (run.created, run.started, run.ended) = (Self.date(1_000), Self.date(1_060), Self.date(1_600))
        (run.executionDuration, run.cause) = (.seconds(540), "ValueError")
        let history = JobHistory([run])
        #expect(history.asOf(Self.date(999)).isEmpty)
        let waiting = try #require(history.asOf(Self.date(1_059)).runs.first)
        #expect(waiting.status == .queued && waiting.started == nil && waiting.ended == nil)
        let running = try #require(history.asOf(Self.date(1_599)).runs.first)
        #expect(running.status == .running && running.started == run.started && running.ended == nil)
        #expect(running.executionDuration == nil && running.cause == nil)
        #expect(history.asOf(Self.date(1_600)).runs == [run])
    }

    @Test("A finished run without an end time is finished from its creation")
    func asOfWithoutEnd() {
        var run = PastRun(key: "r", status: .canceled)
        run.created = Self.date(1_000)
        #expect(JobHistory([run]).asOf(Self.date(1_001)).runs == [run])
    }

    // MARK: Durations in words

    @Test(
        "Durations in tables and in sentences",
        arguments: [
            (0.44, "0.4s", "0s"), (45, "45s", "45s"), (66, "1m06s", "1m06s"), (120, "2m00s", "2m"),
            (845, "14m05s", "14m"), (7_200, "2h00m", "2h"), (7_500, "2h05m", "2h05m"), (273_600, "3d04h", "3d04h"),
        ])
    func words(seconds: Double, table: String, sentence: String) {
        let duration = Duration.seconds(seconds)
        #expect(duration.inTwoUnits == table)
        #expect(duration.inWords == sentence)
    }

    @Test("Milliseconds that do not fit in 64 bits are `nil`")
    func milliseconds() {
        #expect(Duration.milliseconds(1_234).wholeMilliseconds == 1_234)
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == nil)
        #expect(Duration.seconds(Int64.min).wholeMilliseconds == nil)
    }
}
