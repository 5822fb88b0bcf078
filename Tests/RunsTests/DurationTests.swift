import Foundation
import Runs
import TestSupport
import Testing

@Suite("Durations")
struct DurationTests {
    @Test("uses the service's own duration if it is above zero")
    func executionDuration() {
        var finished = run("r", .success, took: 60)
        finished.executionDuration = .seconds(45)
        #expect(finished.duration(at: now) == .seconds(45))
        finished.executionDuration = .zero
        #expect(finished.duration(at: now) == .seconds(60))
        finished.executionDuration = nil
        #expect(finished.duration(at: now) == .seconds(60))
    }

    @Test("an active run's duration counts from its start, whatever else the service sends")
    func ticking() {
        var active = run("r", .running, ago: 30)
        active.executionDuration = .seconds(5)
        active.ended = now
        #expect(active.duration(at: now) == .seconds(30))
        #expect(active.duration(at: now.addingTimeInterval(1)) == .seconds(31))
    }

    @Test(
        "a finished run without an end time has no duration",
        arguments: [
            RunStatus.success, .failed, .canceled, .unknown("MELTED"), .missing,
        ])
    func notEnded(status: RunStatus) {
        #expect(run("r", status).duration(at: now) == nil)
    }

    @Test("a run that has not started has no duration, but a wait")
    func waiting() {
        var queued = run("r", .queued, ago: 40)
        queued.started = nil
        #expect(queued.duration(at: now) == nil)
        #expect(queued.queueWait(at: now) == .seconds(40))
        queued.status = .canceled
        #expect(queued.queueWait(at: now) == nil, "over without having started: nobody knows how long it waited")
    }

    @Test("the wait is the time from creation to start")
    func queueWait() {
        var started = run("r", .success, ago: 100, took: 10)
        started.created = started.started?.addingTimeInterval(-25)
        #expect(started.queueWait(at: now) == .seconds(25))
        started.created = nil
        #expect(started.queueWait(at: now) == nil)
    }

    @Test("a duration is never negative, even if the clocks disagree")
    func clocksDisagree() {
        #expect(run("r", .running, ago: -3600).duration(at: now) == .zero)
        #expect(run("r", .success, took: -5).duration(at: now) == .zero)
    }

    @Test(
        "no pair of dates traps, or gives more than a century",
        arguments: [-1e300, -1e18, 0, 1e18, 1e300, .infinity, -.infinity, .nan])
    func hostileDates(seconds: Double) {
        for other in [-1e300, 0, 1.8e9, 1e300, Double.infinity, .nan] {
            let (left, right) = (Date(timeIntervalSince1970: seconds), Date(timeIntervalSince1970: other))
            for duration in [Duration(from: left, to: right), Duration(from: right, to: left)] {
                #expect(duration >= .zero)
                #expect(duration <= .seconds(100 * 366 * 86_400))
            }
            var hostile = JobRun(id: RunID("r", of: JobID("job")), status: .running)
            hostile.created = left
            hostile.started = right
            hostile.ended = left
            let entry = entry([hostile] + successes([1, 2, 3]))
            _ = (entry.health(at: now), entry.ratio(at: left), hostile.queueWait(at: right))
        }
    }

    @Test("tasks: none before the start, counting while active, then end − start")
    func tasks() {
        var task = TaskRun(key: "t", status: .running)
        #expect(task.duration(at: now) == nil)
        task.started = now.addingTimeInterval(-10)
        #expect(task.duration(at: now) == .seconds(10))
        task.status = .failed
        #expect(task.duration(at: now) == nil)
        task.ended = now.addingTimeInterval(-4)
        #expect(task.duration(at: now) == .seconds(6))
    }
}
