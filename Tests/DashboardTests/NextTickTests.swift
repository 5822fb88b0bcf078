import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite struct NextTickTests {
    /// The sample with the runs of some statuses only.
    private static func state(_ isKept: (RunStatus) -> Bool, size: Size = Size(rows: 24, columns: 120))
        -> DashboardState
    {
        var state = Sample.state(size, board: false)
        state.feed(.jobsListed(Sample.jobs, at: Sample.now.addingTimeInterval(-60)))
        for job in Sample.jobs {
            let runs = Sample.runs(of: job).filter { isKept($0.status) }
            state.feed(.runs(runs, of: [job.id], at: Sample.now.addingTimeInterval(-3)))
        }
        state.feed(.cycleEnded(CycleReport()))
        return state
    }

    /// Ticks only when the state asks for it, for some seconds, and compares the header and the order of the rows in every whole
    /// second with those of a state that ticks then. Returns how often it ticked.
    private static func follow(_ state: DashboardState, seconds: Int) -> Int {
        var (state, ticks) = (state, 0)
        var shown = state.frame()
        var next = state.nextTick(after: Sample.now)
        for second in 1...seconds {
            let moment = Sample.now.addingTimeInterval(Double(second))
            var awake = state
            _ = awake.update(.tick, at: moment)
            awake.boardHasChanged = true
            if next <= moment {
                _ = state.update(.tick, at: moment)
                shown = state.frame()
                next = state.nextTick(after: moment)
                #expect(next > moment)
                ticks += 1
            }
            let expected = awake.frame()
            let difference = (0...1).first { shown.text(row: $0) != expected.text(row: $0) }
            #expect(difference == nil, "after \(second) s")
            #expect(state.jobs.rows == awake.jobs.rows, "after \(second) s")
        }
        return ticks
    }

    @Test("ticks when an age changes if no visible text counts seconds, and the screen is never out of date")
    func rest() {
        var state = Self.state { !$0.isActive }
        state.feed(.phase(.waiting(next: Sample.now.addingTimeInterval(3_600))))
        // Ages of less than 100 seconds are in seconds.
        #expect(Self.follow(state, seconds: 100) >= 90)
        var later = state
        later.feed(.runs([], of: [Sample.jobs[0].id], at: Sample.now.addingTimeInterval(-600)))
        for job in Sample.jobs {
            later.feed(.runs([], of: [job.id], at: Sample.now.addingTimeInterval(-600)))
        }
        let ticks = Self.follow(later, seconds: 300)
        #expect(ticks <= 50, "\(ticks)")
    }

    @Test("a visible run with a duration in seconds ticks every second; an invisible one does not")
    func activeRun() {
        var state = Self.state { _ in true }
        state.feed(.phase(.paused))
        #expect(Self.follow(state, seconds: 20) == 20)
        state = Self.state { !$0.isActive }
        for job in Sample.jobs { state.feed(.runs([], of: [job.id], at: Sample.now.addingTimeInterval(-700))) }
        state.feed(.phase(.paused))
        _ = state.frame()
        // The sample's moment is 12:34:56: at the whole minute the column LAST OK changes.
        #expect(state.nextTick(after: Sample.now) == Sample.now.addingTimeInterval(4))
        state.press(.character("?"))
        _ = state.frame()
        #expect(state.nextTick(after: Sample.now) > Sample.now.addingTimeInterval(5))
    }

    @Test("a run becomes late on time, even if nothing counts seconds")
    func lateness() throws {
        let job = Sample.jobs[0]
        var state = Sample.state(Size(rows: 24, columns: 120), board: false)
        state.feed(.jobsListed([job], at: Sample.now))
        var runs = (1...5).map { Sample.run(of: job, index: 0, age: 100 + $0, status: .success) }
        for index in runs.indices { runs[index].executionDuration = .seconds(7_200) }
        var active = Sample.run(of: job, index: 0, age: 0, status: .running)
        active.started = Sample.now.addingTimeInterval(-13_215)
        state.feed(.runs([active] + runs, of: [job.id], at: Sample.now.addingTimeInterval(-1_000)))
        state.feed(.phase(.paused))
        _ = state.frame()
        let entry = try #require(state.board[job.id])
        let change = try #require(entry.nextLateness(after: Sample.now))
        #expect(entry.health(at: change.addingTimeInterval(-0.002)) == .running && entry.health(at: change) == .late)
        #expect(state.nextTick(after: Sample.now) <= change.addingTimeInterval(1))
        #expect(Self.follow(state, seconds: 60) <= 30)
    }

    @Test("a message counts its seconds")
    func notice() {
        var state = Self.state { !$0.isActive }
        state.notify("done")
        #expect(Self.follow(state, seconds: 8) >= 6)
    }

    @Test(
        "an age changes when its text does, in the past and in the future",
        arguments: [0, 0.5, 44, 98.9, 99, 100, 101, 119, 120, 5_999, 6_000, 7_199, 172_799, 172_800, 259_199]
            as [Double])
    func ageChanges(_ seconds: Double) {
        // What is left is 0 seconds until the moment, and the age after it too.
        for sign in [-1.0, 1] where sign < 0 || seconds >= 1 {
            let moment = Sample.now.addingTimeInterval(sign * seconds)
            func text(_ now: Date) -> String {
                (moment <= now ? TimeText.age(of: moment, at: now) : TimeText.age(of: now, at: moment)).plainText
            }
            let change = TimeText.nextChange(ofAge: moment, at: Sample.now)
            #expect(text(change.addingTimeInterval(0.001)) != text(Sample.now), "\(seconds)")
            #expect(text(change.addingTimeInterval(-0.001)) == text(Sample.now) || change <= Sample.now, "\(seconds)")
        }
    }
}
