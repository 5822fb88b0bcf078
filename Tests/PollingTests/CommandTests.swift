import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

@Suite("Commands to the plan")
struct CommandTests {
    private let jobs = jobIDs(40)
    private func simulation() -> PlanSimulation {
        PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: []) }
    }

    @Test("runs one cycle at a time, each an interval after the start of the one before, with 10 % jitter")
    func beat() {
        var simulation = simulation()
        simulation.run(until: .seconds(86_400))
        #expect(simulation.began.count - simulation.ended.count <= 1)
        for (begin, end) in zip(simulation.began.dropFirst(), simulation.ended) {
            #expect(begin >= end.at, "one in flight")
        }
        let beats = zip(simulation.began, simulation.began.dropFirst()).map { ($1 - $0) / .seconds(1) }
        #expect(beats.allSatisfy { (13.5...16.5).contains($0) })
        #expect(abs(beats.reduce(0, +) / Double(beats.count) - 15) < 0.1)
    }

    @Test("pauses between cycles even if the service is slower than the interval")
    func slowService() {
        var simulation = simulation()
        simulation.latency = .seconds(40)
        simulation.run(until: .seconds(3600))
        for (begin, end) in zip(simulation.began.dropFirst(), simulation.ended) {
            #expect(begin - end.at >= .seconds(1))
        }
    }

    @Test("pause sends nothing more, not even in the current cycle; resume starts at once")
    func pauseAndResume() {
        var simulation = simulation()
        simulation.run(until: .milliseconds(100))
        let sent = simulation.sent.count
        simulation.plan.pause()
        simulation.run(until: .seconds(3600))
        #expect(simulation.sent.count == sent)
        #expect(simulation.plan.phase == .paused)
        simulation.plan.resume(at: simulation.now)
        simulation.run(until: simulation.now + .seconds(1))
        #expect(Set(simulation.sent.dropFirst(sent).flatMap(\.jobs)) == Set(jobs))
    }

    @Test("resume during a cycle that was cut short starts the next cycle when it ends")
    func resumeAtOnce() {
        var simulation = simulation()
        simulation.latency = .seconds(1)
        simulation.run(until: .milliseconds(500))
        simulation.plan.pause()
        simulation.plan.resume(at: simulation.now)
        simulation.run(until: .seconds(5))
        #expect(Set(simulation.sent.flatMap(\.jobs)) == Set(jobs))
    }

    @Test("refresh while paused runs one cycle, and pauses again")
    func refreshWhilePaused() {
        var simulation = simulation()
        simulation.run(cycles: 1)
        simulation.plan.pause()
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: .seconds(3600))
        #expect(simulation.ended.count == 2)
        #expect(simulation.plan.phase == .paused)
    }

    @Test("refresh during a cycle starts no second one; between cycles it starts one at once, within the budget")
    func refresh() {
        var simulation = simulation()
        simulation.run(until: .milliseconds(100))
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: .seconds(10))
        #expect(simulation.ended.count == 1)
        for _ in 0..<2000 {
            simulation.plan.refresh(at: simulation.now)
            simulation.run(until: simulation.now + .milliseconds(30))
        }
        #expect(simulation.ended.count > 5)
        #expect(simulation.mostRequests(within: .seconds(60)) <= 101 + 241)
    }

    @Test("refresh also requests the list of jobs")
    func refreshLists() {
        let jobs = jobs
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { request, _ in
            request == .jobs ? .jobs(jobs) : .runs(active: [])
        }
        simulation.run(cycles: 1)
        simulation.plan.refresh(at: simulation.now)
        simulation.run(cycles: 1)
        #expect(simulation.sent.count { $0.request == .jobs } == 2)
    }

    @Test("refresh during failures probes at once")
    func refreshWhileFailing() {
        var simulation = simulation()
        simulation.service = { _, _ in .failure(serviceError(.connectionRefused)) }
        simulation.run(until: .seconds(1000))
        let sent = simulation.sent.count
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: simulation.now + .seconds(1))
        #expect(simulation.sent.count == sent + 1)
    }

    @Test(
        "a new interval counts from the start of the last cycle, and is clamped to its range",
        arguments: [(5, 5.0), (0, 2), (60, 60), (1_000_000, 3600)])
    func setInterval(seconds: Int, expected: Double) throws {
        var simulation = simulation()
        simulation.run(cycles: 1)
        simulation.plan.setInterval(.seconds(seconds), at: simulation.now) { _ in 1 }
        #expect(simulation.plan.interval == .seconds(expected))
        simulation.run(cycles: 1)
        #expect(abs(simulation.began[1] / .seconds(1) - expected) < 0.2)
    }

    @Test("after a clock jump one cycle starts soon, then the usual interval applies again")
    func clockJump() {
        var simulation = simulation()
        simulation.run(cycles: 1)
        simulation.run(until: .seconds(3))
        simulation.plan.clockJumped(at: simulation.now) { _ in 0.5 }
        simulation.run(until: .seconds(7))
        #expect(simulation.began.count == 2)
        simulation.run(until: .seconds(16))
        #expect(simulation.began.count == 2)
    }

    @Test("requests tasks at once, between cycles and while paused, once per run")
    func tasks() {
        var simulation = simulation()
        simulation.run(cycles: 1)
        simulation.plan.pause()
        #expect(simulation.plan.wantTasks(of: RunID("r"), at: simulation.now) == nil)
        #expect(simulation.plan.wantTasks(of: RunID("r"), at: simulation.now) == nil)
        simulation.run(until: simulation.now + .seconds(1))
        #expect(simulation.sent.suffix(1).map(\.request) == [.tasks(of: RunID("r"))])
        #expect(simulation.sent.count { $0.request == .tasks(of: RunID("r")) } == 1)
    }

    @Test("while the service asks to wait, requests for tasks fail with its error")
    func tasksWhileLimited() {
        var simulation = simulation()
        let error = tooManyRequests(until: PlanSimulation.epoch.addingTimeInterval(100))
        simulation.service = { _, _ in .failure(error) }
        simulation.run(cycles: 1)
        #expect(simulation.plan.wantTasks(of: RunID("r"), at: simulation.now) == error)
        simulation.run(until: .seconds(50))
        #expect(simulation.sent.count == 1)
    }

    @Test("opening a thousand runs stays within the budget")
    func tasksWithinBudget() {
        var simulation = simulation()
        for index in 0..<1000 { _ = simulation.plan.wantTasks(of: RunID("r\(index)"), at: .zero) }
        simulation.run(until: .seconds(600))
        #expect(simulation.mostRequests(within: .seconds(60)) <= 101 + 241)
        #expect(simulation.ended.count > 3, "and polling goes on")
    }

    @Test("refresh during a cycle does not request the list of jobs either")
    func refreshDuringACycle() {
        let jobs = jobs
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { request, _ in
            request == .jobs ? .jobs(jobs) : .runs(active: [])
        }
        simulation.run(until: .milliseconds(100))
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: .seconds(100))
        #expect(simulation.sent.count { $0.request == .jobs } == 1)
    }

    @Test(
        "after a clock jump the cycle starts within a fifth of the interval, at most five seconds",
        arguments: [(3600, 1.0, 5.0), (10, 1, 2), (10, 0.5, 1), (10, 7, 2), (10, -3, 0)])
    func clockJumpSpread(interval: Int, random: Double, expected: Double) {
        let settings = PollingSettings(scope: .jobs(jobs), interval: .seconds(interval))
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: []) }
        simulation.run(cycles: 1)
        let now = simulation.now
        simulation.plan.clockJumped(at: now) { _ in random }
        #expect(simulation.plan.phase == .waiting(next: now + .seconds(expected)))
    }

    @Test("sends requests for tasks in parallel with the runs, up to the configured number")
    func tasksAtOnce() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs([]), concurrency: 3)) { _, _ in .tasks }
        simulation.run(cycles: 1)
        simulation.latency = .seconds(5)
        for index in 0..<7 { _ = simulation.plan.wantTasks(of: RunID("r\(index)"), at: simulation.now) }
        simulation.run(until: simulation.now + .seconds(4))
        #expect(simulation.sent.count == 3)
        simulation.run(until: simulation.now + .seconds(20))
        #expect(simulation.sent.map(\.request) == (0..<7).map { .tasks(of: RunID("r\($0)")) })
    }

    @Test("a failed request for tasks lets the next one start")
    func tasksFail() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs([]), concurrency: 1)) { _, _ in
            .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(cycles: 1)
        for index in 0..<3 { _ = simulation.plan.wantTasks(of: RunID("r\(index)"), at: simulation.now) }
        simulation.run(until: simulation.now + .seconds(2))
        #expect(simulation.sent.count == 3)
    }

    @Test("the phase has the counts of requests and the time of the next cycle")
    func phases() {
        var simulation = simulation()
        #expect(simulation.plan.phase == .waiting(next: .zero))
        simulation.run(until: .milliseconds(50))
        #expect(simulation.plan.phase == .polling(began: .zero, done: 0, of: 8))
        simulation.run(until: .milliseconds(100))
        #expect(simulation.plan.phase == .polling(began: .zero, done: 1, of: 8))
    }
}
