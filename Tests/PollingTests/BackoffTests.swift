import AIDP
import Foundation
import Runs
import Testing

@testable import Polling

@Suite("Backoff")
struct BackoffTests {
    private let jobs = jobIDs(12)
    private var settings: PollingSettings { PollingSettings(scope: .jobs(jobs)) }

    private func failing(_ kind: ServiceError.Kind, retryAt: Date? = nil) -> PlanSimulation {
        PlanSimulation(settings) { _, _ in .failure(serviceError(kind, retryAt: retryAt)) }
    }

    /// How long the plan waited after each cycle.
    private func waits(_ simulation: PlanSimulation) -> [Double] {
        simulation.ended.compactMap { ended in ended.next.map { ($0 - ended.at) / .seconds(1) } }
    }

    @Test("a service without answers opens the breaker: one probe per interval, for the jobs that waited longest")
    func breakerOpens() {
        var simulation = failing(.server)
        simulation.run(cycles: 1)
        let before = simulation.sent.count
        #expect(before > 1, "the first cycle tries what there is")
        simulation.run(until: .seconds(3600))
        #expect(waits(simulation).allSatisfy { (13.5...16.5).contains($0) })
        let probes = simulation.sent.dropFirst(before)
        #expect((200...280).contains(probes.count), "\(probes.count) probes an hour")
        #expect(simulation.mostRequests(within: .seconds(13)) <= before)
        #expect(Set(probes.flatMap(\.jobs)) == Set(jobs))
        guard case .backingOff(_, .breakerOpen(let cycles)) = simulation.ended.last?.phase else {
            Issue.record("\(String(describing: simulation.ended.last?.phase))")
            return
        }
        #expect(cycles == simulation.ended.count)
    }

    @Test("a successful probe closes the breaker, and its cycle continues with all other jobs")
    func breakerCloses() {
        var simulation = PlanSimulation(settings) { _, now in
            now < .seconds(300) ? .failure(serviceError(.server, status: 503)) : .runs(active: [])
        }
        simulation.run(until: .seconds(318))
        let after = simulation.sent.filter { $0.at > .seconds(300) }
        #expect(Set(after.flatMap(\.jobs)) == Set(jobs))
        guard case .waiting = simulation.ended.last?.phase else {
            Issue.record("\(String(describing: simulation.ended.last?.phase))")
            return
        }
    }

    @Test("one chunk that always fails does not open the breaker while others succeed")
    func breakerStaysClosed() {
        let (poison, settings) = (jobs[0], settings)
        var simulation = PlanSimulation(settings) { request, _ in
            if case .runs(let jobs) = request, jobs.contains(poison) { return .failure(serviceError(.server)) }
            return .runs(active: [])
        }
        simulation.run(until: .seconds(600))
        #expect(simulation.ended.count > 30)
        #expect(simulation.ended.allSatisfy { if case .waiting = $0.phase { true } else { false } })
    }

    @Test(
        "while nothing can be signed, runtop tries every interval, and at least every 15 s",
        arguments: [PollingInterval.seconds(15), .seconds(3600)])
    func cannotSign(interval: PollingInterval) {
        var error = serviceError(.expiredToken)
        error.attempts = 0
        let unsigned = error
        let settings = PollingSettings(scope: .jobs(jobs), interval: interval)
        var simulation = PlanSimulation(settings) { _, now in
            now < .seconds(300) ? .failure(unsigned) : .runs(active: [])
        }
        simulation.run(until: .seconds(320))
        #expect(waits(simulation).dropLast().allSatisfy { (15...16.5).contains($0) })
        #expect(Set(simulation.sent.filter { $0.at > .seconds(300) }.flatMap(\.jobs)) == Set(jobs))
    }

    @Test("failures do not shorten an interval above five minutes")
    func failingLongInterval() {
        let settings = PollingSettings(scope: .jobs(jobs), interval: .seconds(1800))
        var simulation = PlanSimulation(settings) { _, _ in .failure(serviceError(.timedOut)) }
        simulation.run(cycles: 3)
        #expect(waits(simulation).allSatisfy { (1600...1990).contains($0) })
    }

    @Test("the first answer ends the backoff")
    func successResets() {
        var simulation = PlanSimulation(settings) { _, now in
            now < .seconds(600) ? .failure(serviceError(.server)) : .runs(active: [])
        }
        simulation.run(until: .seconds(1200))
        let after = simulation.ended.filter { $0.at > .seconds(600) }
        #expect(after.count > 10)
        for ended in after {
            guard case .waiting(let next) = ended.phase else {
                Issue.record("\(ended.phase)")
                continue
            }
            #expect(next - ended.at <= .seconds(16.5))
        }
    }

    @Test("a 429 doubles the interval, up to sixteen times, and good cycles reduce it step by step")
    func rateLimitCurve() {
        var simulation = PlanSimulation(settings) { _, now in
            now < .seconds(1500) ? .failure(tooManyRequests()) : .runs(active: [])
        }
        simulation.run(until: .seconds(1500))
        let up = simulation.ended.map { $0.interval / .seconds(1) }
        #expect(up.prefix(5) == [30, 60, 120, 240, 240])
        #expect(simulation.ended.allSatisfy { if case .backingOff(_, .rateLimited) = $0.phase { true } else { false } })
        simulation.run(until: .seconds(3600 * 2))
        let down = simulation.ended.filter { $0.at > .seconds(1500) }.map { $0.interval / .seconds(1) }
        #expect(down.prefix(3) == [232.5, 225, 217.5])
        #expect(down.last == 15)
    }

    @Test("after a 429 the cycle sends nothing more, and waiting requests do not count as failed")
    func rateLimitStopsTheCycle() {
        let jobs = jobIDs(100)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in
            .failure(tooManyRequests())
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 1)
        #expect(simulation.failed == Array(jobs.prefix(5)))
        #expect(simulation.givenUp.isEmpty)
        #expect(
            simulation.ended[0].notes == ["95 jobs not asked for this time: the service asks for fewer requests"])
    }

    @Test(
        "waits until the time that a 429 names, between one second and 15 minutes",
        arguments: [(120.0, 120.0), (86_400 * 365, 900), (-3600, 1), (.infinity, 1), (.nan, 1)])
    func retryAfter(named: Double, expected: Double) {
        let until = PlanSimulation.epoch.addingTimeInterval(named)
        var simulation = PlanSimulation(settings) { _, _ in .failure(tooManyRequests(until: until)) }
        simulation.run(cycles: 1)
        simulation.plan.refresh(at: simulation.now)
        guard case .backingOff(let next, .rateLimited) = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
        // Pressing refresh probes at once, but never before the moment the service named.
        #expect(abs(next / .seconds(1) - expected) <= 0.2)
        simulation.run(until: next - .milliseconds(1))
        #expect(simulation.sent.count == 1)
        simulation.run(until: next)
        #expect(simulation.sent.count == 2)
    }

    @Test(
        "tries refused credentials once a minute, with one request",
        arguments: [
            ServiceError.Kind.expiredToken, .unauthorized, .credentials, .clockSkew(seconds: 400),
        ])
    func credentialsProbe(kind: ServiceError.Kind) {
        var simulation = failing(kind)
        simulation.run(until: .seconds(3600))
        #expect(simulation.mostRequests(within: .seconds(59)) == 1)
        #expect((50...60).contains(simulation.sent.count))
        #expect(Set(simulation.failed).count > 5, "each probe tries the jobs that waited longest")
        #expect(Set(simulation.failed).union(simulation.givenUp) == Set(jobs))
        #expect(simulation.ended.allSatisfy { if case .backingOff(_, .credentials) = $0.phase { true } else { false } })
    }

    @Test("with refused credentials the list of jobs is the probe while no job is known")
    func credentialsProbeOfTheList() {
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { _, _ in
            .failure(serviceError(.expiredToken))
        }
        simulation.run(until: .seconds(600))
        #expect(simulation.sent.allSatisfy { $0.request == .jobs })
        #expect(simulation.mostRequests(within: .seconds(59)) == 1)
    }

    @Test("when the token is renewed, the successful probe continues as a full cycle")
    func credentialsComeBack() {
        var simulation = PlanSimulation(settings) { _, now in
            now < .seconds(300) ? .failure(serviceError(.expiredToken)) : .runs(active: [])
        }
        simulation.run(until: .seconds(400))
        let after = simulation.sent.filter { $0.at > .seconds(300) }
        #expect(Set(after.flatMap(\.jobs)) == Set(jobs))
    }

    @Test(
        "a refresh with refused credentials probes at once, but not on every key press",
        arguments: [ServiceError.Kind.unauthorized, .proxyAuthentication])
    func refreshWithBadCredentials(kind: ServiceError.Kind) {
        var simulation = failing(kind)
        simulation.run(until: .seconds(20))
        #expect(simulation.sent.count == 1)
        for _ in 0..<50 {
            simulation.plan.refresh(at: simulation.now)
            simulation.run(until: simulation.now + .milliseconds(100))
        }
        #expect(simulation.sent.count == 2)
    }

    @Test(
        "an unreachable service gets one request per cycle",
        arguments: [
            ServiceError.Kind.connectionRefused, .nameResolution, .proxy, .tls,
        ])
    func unreachable(kind: ServiceError.Kind) {
        var simulation = failing(kind)
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 1)
        #expect(simulation.failed.count == 5)
        #expect(Set(simulation.givenUp) == Set(jobs.dropFirst(5)))
        guard case .backingOff(_, .breakerOpen(cycles: 1)) = simulation.ended[0].phase else {
            Issue.record("\(simulation.ended[0].phase)")
            return
        }
    }

    @Test("ten failures in a row end a cycle")
    func patienceEnds() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobIDs(1000)))) { _, _ in
            .failure(serviceError(.server, status: 503))
        }
        simulation.run(cycles: 1)
        #expect((10...13).contains(simulation.sent.count))
        #expect(simulation.failed.count + simulation.givenUp.count <= 1000)
    }

    @Test("waits for a slow answer about refused credentials before it sends anything else")
    func slowProbe() {
        var simulation = failing(.expiredToken)
        simulation.run(until: .seconds(10))
        let before = simulation.sent.count
        simulation.latency = .seconds(20)
        simulation.run(until: .seconds(3600))
        #expect(simulation.sent.count > before + 30)
        #expect(
            Array(simulation.sent.dropFirst(before)).allSatisfy { probe in
                simulation.sent.count { $0.at >= probe.at && $0.at < probe.at + .seconds(60) } == 1
            })
    }

    @Test(
        "refused credentials keep an interval above one minute, and signing keeps one below 15 s",
        arguments: [(300, 1, 300.0...330.0), (5, 0, 5...5.5), (5, 1, 60...66)])
    func credentialIntervals(interval: Int, attempts: Int, expected: ClosedRange<Double>) {
        var error = serviceError(.expiredToken)
        error.attempts = attempts
        let failure = error
        let settings = PollingSettings(scope: .jobs(jobs), interval: .seconds(interval))
        var simulation = PlanSimulation(settings) { _, _ in .failure(failure) }
        simulation.run(until: .seconds(3000))
        #expect(waits(simulation).count > 5)
        #expect(waits(simulation).allSatisfy(expected.contains), "\(waits(simulation))")
    }

    @Test("while nothing can be signed, every press of the refresh key tries again")
    func refreshWithoutSigning() {
        var error = serviceError(.expiredToken)
        error.attempts = 0
        let failure = error
        var simulation = PlanSimulation(settings) { _, _ in .failure(failure) }
        simulation.run(until: .seconds(2))
        for _ in 0..<5 {
            simulation.plan.refresh(at: simulation.now)
            simulation.run(until: simulation.now + .milliseconds(500))
        }
        #expect(simulation.sent.count == 6)
    }

    @Test(
        "a 429 lengthens the interval to at most 15 minutes, and never shortens a longer one",
        arguments: [(120, 900), (60, 900), (30, 480), (1800, 1800)])
    func longestInterval(interval: Int, longest: Int) {
        let settings = PollingSettings(scope: .jobs(jobs), interval: .seconds(interval))
        var simulation = PlanSimulation(settings) { _, _ in .failure(tooManyRequests()) }
        simulation.run(cycles: 6)
        #expect(simulation.ended.last?.interval == .seconds(longest))
    }

    @Test("a clock jump does not retry refused credentials earlier")
    func clockJumpWithBadCredentials() {
        var simulation = failing(.unauthorized)
        simulation.run(until: .seconds(5))
        simulation.plan.clockJumped(at: simulation.now) { _ in 0 }
        simulation.run(until: .seconds(55))
        #expect(simulation.sent.count == 1)
    }
}
