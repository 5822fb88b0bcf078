import AIDP
import Foundation
import Runs
import Testing

@testable import Polling

@Suite("Commands, to the plan")
struct CommandTests {
    private let keys = jobKeys(40)
    private func simulation() -> PlanSimulation {
        PlanSimulation(PollingSettings(scope: .keys(keys))) { _, _ in .runs(active: []) }
    }

    @Test("one cycle at a time, each beginning an interval after the one before, a tenth more or less")
    func beat() {
        var simulation = simulation()
        simulation.run(until: .seconds(86_400))
        #expect(simulation.began.count - simulation.ended.count <= 1)
        for (begin, end) in zip(simulation.began.dropFirst(), simulation.ended) {
            #expect(begin >= end.at, "one in flight")
        }
        let beats = zip(simulation.began, simulation.began.dropFirst()).map { ($1 - $0) / .seconds(1) }
        #expect(beats.allSatisfy { $0 >= 13.5 && $0 <= 16.5 })
        #expect(abs(beats.reduce(0, +) / Double(beats.count) - 15) < 0.1)
    }

    @Test("a service slower than the interval is not asked without a pause")
    func slowService() {
        var simulation = simulation()
        simulation.latency = .seconds(40)
        simulation.run(until: .seconds(3600))
        for (begin, end) in zip(simulation.began.dropFirst(), simulation.ended) {
            #expect(begin - end.at >= .seconds(1))
        }
    }

    @Test("pause sends nothing more, not even of the cycle under way; resume begins at once")
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
        #expect(Set(simulation.sent.dropFirst(sent).flatMap(\.keys)) == Set(keys))
    }

    @Test("resume in the middle of a cycle that was cut short begins the next one when it ends")
    func resumeAtOnce() {
        var simulation = simulation()
        simulation.latency = .seconds(1)
        simulation.run(until: .milliseconds(500))
        simulation.plan.pause()
        simulation.plan.resume(at: simulation.now)
        simulation.run(until: .seconds(5))
        #expect(Set(simulation.sent.flatMap(\.keys)) == Set(keys))
    }

    @Test("refresh while paused is one cycle, and paused again")
    func refreshWhilePaused() {
        var simulation = simulation()
        simulation.run(cycles: 1)
        simulation.plan.pause()
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: .seconds(3600))
        #expect(simulation.ended.count == 2)
        #expect(simulation.plan.phase == .paused)
    }

    @Test("refresh during a cycle begins no second one; between two it begins at once, within the budget")
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

    @Test("refresh asks for the list of jobs as well")
    func refreshLists() {
        let keys = keys
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { request, _ in
            request == .jobs ? .jobs(keys) : .runs(active: [])
        }
        simulation.run(cycles: 1)
        simulation.plan.refresh(at: simulation.now)
        simulation.run(cycles: 1)
        #expect(simulation.sent.count { $0.request == .jobs } == 2)
    }

    @Test("refresh while failing probes at once")
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
        "another interval holds from the beginning of the last cycle, and is held to its range",
        arguments: [(5, 5.0), (0, 2), (60, 60), (1_000_000, 3600)])
    func setInterval(seconds: Int, expected: Double) throws {
        var simulation = simulation()
        simulation.run(cycles: 1)
        simulation.plan.setInterval(.seconds(seconds), at: simulation.now) { _ in 1 }
        #expect(simulation.plan.interval == .seconds(expected))
        simulation.run(cycles: 1)
        #expect(abs(simulation.began[1] / .seconds(1) - expected) < 0.2)
    }

    @Test("after a jump of the clock there is one cycle, soon, and then the beat again")
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

    @Test("tasks are asked for at once, between cycles and while paused, once for each run")
    func tasks() {
        var simulation = simulation()
        simulation.run(cycles: 1)
        simulation.plan.pause()
        #expect(simulation.plan.wantTasks(of: RunKey("r"), at: simulation.now) == nil)
        #expect(simulation.plan.wantTasks(of: RunKey("r"), at: simulation.now) == nil)
        simulation.run(until: simulation.now + .seconds(1))
        #expect(simulation.sent.suffix(1).map(\.request) == [.tasks(of: RunKey("r"))])
        #expect(simulation.sent.count { $0.request == .tasks(of: RunKey("r")) } == 1)
    }

    @Test("while the service wants to be left alone, tasks are refused with its own words")
    func tasksWhileLimited() {
        var simulation = simulation()
        let error = serviceError(.rateLimited, retryAt: PlanSimulation.epoch.addingTimeInterval(100))
        simulation.service = { _, _ in .failure(error) }
        simulation.run(cycles: 1)
        #expect(simulation.plan.wantTasks(of: RunKey("r"), at: simulation.now) == error)
        simulation.run(until: .seconds(50))
        #expect(simulation.sent.count == 1)
    }

    @Test("a thousand runs opened in a row stay within the budget")
    func tasksWithinBudget() {
        var simulation = simulation()
        for index in 0..<1000 { _ = simulation.plan.wantTasks(of: RunKey("r\(index)"), at: .zero) }
        simulation.run(until: .seconds(600))
        #expect(simulation.mostRequests(within: .seconds(60)) <= 101 + 241)
        #expect(simulation.ended.count > 3, "and polling goes on")
    }

    @Test("a refresh pressed while a cycle is under way brings no list of jobs either")
    func refreshDuringACycle() {
        let keys = keys
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { request, _ in
            request == .jobs ? .jobs(keys) : .runs(active: [])
        }
        simulation.run(until: .milliseconds(100))
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: .seconds(100))
        #expect(simulation.sent.count { $0.request == .jobs } == 1)
    }

    @Test(
        "after a jump of the clock the cycle comes within a fifth of the interval, five seconds at most",
        arguments: [(3600, 1.0, 5.0), (10, 1, 2), (10, 0.5, 1), (10, 7, 2), (10, -3, 0)])
    func clockJumpSpread(interval: Int, random: Double, expected: Double) {
        let settings = PollingSettings(scope: .keys(keys), interval: .seconds(interval))
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: []) }
        simulation.run(cycles: 1)
        let now = simulation.now
        simulation.plan.clockJumped(at: now) { _ in random }
        #expect(simulation.plan.phase == .waiting(next: now + .seconds(expected)))
    }

    @Test("tasks go out as many at once as the settings allow, beside the runs")
    func tasksAtOnce() {
        var simulation = PlanSimulation(PollingSettings(scope: .keys([]), concurrency: 3)) { _, _ in .tasks }
        simulation.run(cycles: 1)
        simulation.latency = .seconds(5)
        for index in 0..<7 { _ = simulation.plan.wantTasks(of: RunKey("r\(index)"), at: simulation.now) }
        simulation.run(until: simulation.now + .seconds(4))
        #expect(simulation.sent.count == 3)
        simulation.run(until: simulation.now + .seconds(20))
        #expect(simulation.sent.map(\.request) == (0..<7).map { .tasks(of: RunKey("r\($0)")) })
    }

    @Test("a failed request for tasks makes room for the next one")
    func tasksFail() {
        var simulation = PlanSimulation(PollingSettings(scope: .keys([]), concurrency: 1)) { _, _ in
            .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(cycles: 1)
        for index in 0..<3 { _ = simulation.plan.wantTasks(of: RunKey("r\(index)"), at: simulation.now) }
        simulation.run(until: simulation.now + .seconds(2))
        #expect(simulation.sent.count == 3)
    }

    @Test("the phase counts what was sent and what waits, and names the next cycle's moment")
    func phases() {
        var simulation = simulation()
        #expect(simulation.plan.phase == .waiting(next: .zero))
        simulation.run(until: .milliseconds(50))
        #expect(simulation.plan.phase == .polling(began: .zero, done: 0, of: 8))
        simulation.run(until: .milliseconds(100))
        #expect(simulation.plan.phase == .polling(began: .zero, done: 1, of: 8))
    }
}
