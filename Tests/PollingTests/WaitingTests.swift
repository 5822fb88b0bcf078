import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

/// What the service says about waiting holds for every request: runs, the list of jobs, tasks.
@Suite("Requests to wait")
struct WaitingTests {
    private let jobs = jobIDs(40)

    private func limited(_ seconds: Double) -> ServiceError {
        tooManyRequests(until: PlanSimulation.epoch.addingTimeInterval(seconds))
    }

    private func simulation(_ settings: PollingSettings? = nil) -> PlanSimulation {
        PlanSimulation(settings ?? PollingSettings(scope: .jobs(jobs))) { request, _ in
            if case .tasks = request { .tasks } else { .runs(active: []) }
        }
    }

    private func isProbing(_ phase: PollingPlan.Phase, until moment: Double) -> Bool {
        guard case .backingOff(let next, .rateLimited) = phase else { return false }
        return abs(next / .seconds(1) - moment) < 0.2
    }

    @Test("after a 429 to a request for tasks between cycles, sends nothing until the retry time, then a probe")
    func tasksBetweenCycles() {
        var simulation = simulation()
        let error = limited(600)
        simulation.service = { request, _ in
            if case .tasks = request { .failure(error) } else { .runs(active: []) }
        }
        simulation.run(until: .seconds(2))
        _ = simulation.plan.wantTasks(of: RunID("r"), at: simulation.now)
        simulation.run(until: .seconds(3))
        let before = simulation.sent.count
        #expect(isProbing(simulation.plan.phase, until: 600))
        simulation.run(until: .milliseconds(599_900))
        #expect(simulation.sent.count == before)
        #expect(simulation.plan.wantTasks(of: RunID("r2"), at: simulation.now) == error)
        simulation.latency = .seconds(5)
        simulation.run(until: .seconds(604))
        #expect(simulation.sent.count == before + 1, "the first request goes alone")
        simulation.latency = .milliseconds(80)
        simulation.run(until: .seconds(640))
        guard case .waiting = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
    }

    @Test("a 503 with a retry time holds back all requests until then; one without does not")
    func unavailable() {
        var busy = serviceError(.server, status: 503)
        busy.retryAt = PlanSimulation.epoch.addingTimeInterval(600)
        for error in [busy, serviceError(.server, status: 503)] {
            var simulation = simulation()
            var answers = 0
            simulation.service = { _, _ in
                answers += 1
                return answers == 3 ? .failure(error) : .runs(active: [])
            }
            simulation.run(until: .seconds(30))
            let before = simulation.sent.count
            simulation.run(until: .seconds(590))
            #expect((simulation.sent.count == before) == (error.retryAt != nil))
            simulation.run(until: .seconds(700))
            #expect(simulation.sent.count > before)
        }
    }

    @Test("a 429 to a request for tasks during a cycle ends its requests, and slows the next cycles down")
    func tasksDuringACycle() {
        var simulation = simulation(PollingSettings(scope: .jobs(jobs), concurrency: 1))
        let error = limited(300)
        simulation.service = { request, _ in
            if case .tasks = request { .failure(error) } else { .runs(active: []) }
        }
        simulation.latency = .seconds(1)
        simulation.run(until: .milliseconds(500))
        _ = simulation.plan.wantTasks(of: RunID("r"), at: simulation.now)
        simulation.run(until: .seconds(299))
        #expect(simulation.sent.count <= 3)
        #expect(simulation.ended.count == 1)
        #expect(simulation.ended[0].interval == .seconds(30))
        #expect(isProbing(simulation.plan.phase, until: 300))
        #expect(simulation.ended[0].notes.count == 1)
        #expect(simulation.ended[0].notes[0].hasSuffix("the service asks for fewer requests"))
    }

    @Test("requests for tasks from before a 429 wait for its retry time")
    func tasksWantedBefore() {
        var simulation = simulation(PollingSettings(scope: .jobs(jobs), concurrency: 1))
        let error = limited(200)
        simulation.service = { request, now in
            if case .tasks = request { return .tasks }
            return now < .seconds(10) ? .failure(error) : .runs(active: [])
        }
        simulation.latency = .seconds(2)
        simulation.latencyOf = { if case .tasks = $0 { .seconds(3) } else { nil } }
        simulation.run(until: .seconds(1))
        _ = simulation.plan.wantTasks(of: RunID("a"), at: simulation.now)
        _ = simulation.plan.wantTasks(of: RunID("b"), at: simulation.now)
        simulation.run(until: .seconds(199))
        #expect(simulation.sent.filter { $0.at > .seconds(2) }.isEmpty)
        simulation.run(until: .seconds(210))
        #expect(simulation.sent.contains { $0.request == .tasks(of: RunID("b")) })
    }

    @Test("the later of two retry times counts, in any order", arguments: [[120.0, 1], [1, 120]])
    func laterMoment(moments: [Double]) {
        var simulation = simulation(PollingSettings(scope: .jobs(jobs), concurrency: 2))
        let errors = moments.map { limited($0) }
        var count = 0
        simulation.service = { _, _ in
            defer { count += 1 }
            return count < 2 ? .failure(errors[count]) : .runs(active: [])
        }
        simulation.latency = .milliseconds(1500)
        simulation.run(until: .milliseconds(119_900))
        #expect(simulation.sent.count == 2)
        simulation.run(until: .seconds(150))
        #expect(simulation.sent.count > 2)
    }

    @Test("does not resend a refused chunk in parts after a 429 or refused credentials")
    func noPartsWhileHeld() {
        for error in [limited(300), serviceError(.expiredToken, status: 401)] {
            for refused in [
                serviceError(.badRequest, status: 400), serviceError(.notFound, status: 404), serviceError(.uriTooLong),
            ] {
                var simulation = simulation(PollingSettings(scope: .jobs(jobs), concurrency: 2))
                let first = jobs[0]
                simulation.service = { request, _ in
                    if case .runs(let jobs) = request, jobs.contains(first) { return .failure(error) }
                    return .failure(refused)
                }
                simulation.latencyOf = { request in
                    if case .runs(let jobs) = request, jobs.contains(first) { .milliseconds(1200) } else { .seconds(3) }
                }
                simulation.run(until: .seconds(50))
                #expect(simulation.sent.count == 2)
            }
        }
    }

    @Test("sends nothing before the retry time of a 429, even after the machine slept")
    func clockJump() {
        var simulation = simulation()
        let error = limited(300)
        simulation.service = { _, now in now < .seconds(1) ? .failure(error) : .runs(active: []) }
        simulation.run(until: .seconds(5))
        simulation.plan.clockJumped(at: simulation.now) { _ in 0 }
        #expect(isProbing(simulation.plan.phase, until: 300))
        simulation.run(until: .seconds(299))
        #expect(simulation.sent.count == 1)
    }

    @Test("neither resume nor a new interval starts before the retry time of a 429")
    func commands() {
        var simulation = simulation()
        let error = limited(300)
        simulation.service = { _, now in now < .seconds(1) ? .failure(error) : .runs(active: []) }
        simulation.run(until: .seconds(5))
        simulation.plan.pause()
        simulation.plan.resume(at: simulation.now)
        simulation.plan.setInterval(.seconds(2), at: simulation.now) { _ in 1 }
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: .seconds(299))
        #expect(simulation.sent.count == 1)
        #expect(isProbing(simulation.plan.phase, until: 300))
    }

    @Test(
        "waits after failures have jitter, so that many dashboards do not poll in step",
        arguments: [
            (serviceError(.server, status: 500), 13.5...16.5), (serviceError(.unauthorized, status: 401), 60...66),
            (tooManyRequests(), 216...264),
        ])
    func jitter(error: ServiceError, range: ClosedRange<Double>) {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .failure(error) }
        simulation.run(until: .seconds(7200))
        let waits = simulation.ended.suffix(20).compactMap { end in end.next.map { ($0 - end.at) / .seconds(1) } }
        #expect(waits.count == 20)
        #expect(waits.allSatisfy(range.contains), "\(waits)")
        let spread = (waits.max() ?? 0) - (waits.min() ?? 0)
        #expect(spread > (range.upperBound - range.lowerBound) * 0.5, "\(waits)")
    }

    @Test(
        "later requests pay for retries and further pages", arguments: [(1, 3), (3, 1), (3, 3)])
    func everyAttemptCounts(requests: Int, attempts: Int) {
        let settings = PollingSettings(scope: .workspace(nameContains: nil))
        let jobs = jobIDs(1000)
        var simulation = PlanSimulation.askingForAll(settings) { request, _ in
            request == .jobs ? .jobs(jobs) : .runs(active: [])
        }
        simulation.cost = RequestCost(requests: requests, attempts: attempts)
        simulation.run(until: .seconds(1800))
        let sent = simulation.sent(from: .seconds(600)).count
        #expect(sent * 3 <= 240 * 20 + 12, "\(sent) requests of three in twenty minutes")
        #expect(sent * 3 >= 240 * 18)
    }

    @Test("requests for tasks are charged too")
    func tasksArePaidFor() {
        var simulation = simulation(PollingSettings(scope: .jobs([]), requestsPerMinute: 60))
        simulation.cost = RequestCost(requests: 2, attempts: 2)
        simulation.run(cycles: 1)
        for index in 0..<2000 { _ = simulation.plan.wantTasks(of: RunID("r\(index)"), at: simulation.now) }
        simulation.run(until: .seconds(600))
        let paid = simulation.sent(from: .seconds(300)).count
        #expect((140...152).contains(paid), "\(paid): half of sixty a minute, for five minutes")
    }
}

@Suite("Pausing")
struct PauseTests {
    private let jobs = jobIDs(40)

    @Test("pausing during the first list requests no runs")
    func duringTheList() {
        let jobs = jobs
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { request, _ in
            request == .jobs ? .jobs(jobs) : .runs(active: [])
        }
        simulation.latency = .seconds(1)
        simulation.run(until: .milliseconds(500))
        simulation.plan.pause()
        #expect(simulation.plan.phase == .pausing)
        simulation.run(until: .seconds(100))
        #expect(simulation.sent.map(\.request) == [.jobs])
        #expect(simulation.plan.phase == .paused)
        #expect(simulation.ended.map(\.notes) == [["40 jobs not asked for this time: paused"]])
        simulation.plan.resume(at: simulation.now)
        simulation.run(until: .seconds(110))
        #expect(Set(simulation.sent.flatMap(\.jobs)) == Set(jobs))
    }

    @Test("does not send a refused chunk in parts while paused")
    func duringARefusal() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in
            .failure(serviceError(.badRequest, status: 400))
        }
        simulation.latency = .milliseconds(500)
        simulation.run(until: .milliseconds(200))
        simulation.plan.pause()
        simulation.run(until: .seconds(100))
        #expect(simulation.sent.count == 1)
    }

    @Test("resuming before the requests in flight have ended starts the next cycle at once")
    func takenBack() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: []) }
        simulation.latency = .seconds(2)
        simulation.run(until: .milliseconds(500))
        simulation.plan.pause()
        #expect(simulation.plan.phase == .pausing)
        simulation.plan.resume(at: simulation.now)
        guard case .polling(_, 0, of: 1) = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
        simulation.run(until: .seconds(3))
        #expect(simulation.ended.count == 1)
        #expect(simulation.began.count == 2)
    }

    @Test("a refresh while paused shows polling; pressing p again stops it")
    func onceWhilePaused() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: []) }
        simulation.run(cycles: 1)
        simulation.plan.pause()
        simulation.plan.refresh(at: simulation.now)
        simulation.latency = .seconds(2)
        simulation.run(until: simulation.now + .seconds(1))
        guard case .polling = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
        simulation.plan.pause()
        #expect(simulation.plan.phase == .pausing)
        let sent = simulation.sent.count
        simulation.run(until: .seconds(100))
        #expect(simulation.sent.count == sent)
        #expect(simulation.plan.phase == .paused)
    }

    @Test("a pause cancels a refresh that waits for the budget")
    func refreshTakenBack() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs), requestsPerMinute: 1)) { _, _ in
            .runs(active: [])
        }
        for index in 0..<200 { _ = simulation.plan.wantTasks(of: RunID("r\(index)"), at: .zero) }
        simulation.run(until: .seconds(30))
        simulation.plan.pause()
        simulation.run(until: .seconds(40))
        let ended = simulation.ended.count
        simulation.plan.refresh(at: simulation.now)
        simulation.run(until: .seconds(41))
        #expect(simulation.plan.phase != .paused, "it waits for its turn")
        simulation.plan.pause()
        simulation.run(until: .seconds(3 * 3600))
        #expect(simulation.ended.count == ended)
        #expect(simulation.plan.phase == .paused)
    }

    @Test("resume without a pause changes nothing")
    func resumeAlone() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: []) }
        simulation.run(cycles: 1)
        let phase = simulation.plan.phase
        simulation.plan.resume(at: simulation.now)
        #expect(simulation.plan.phase == phase)
    }
}
