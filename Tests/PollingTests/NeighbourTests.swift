import AIDP
import Foundation
import Runs
import Testing

@testable import Polling

/// A failure of one job, or of the list of jobs, keeps no other job from being answered.
@Suite("One failure among many")
struct NeighbourTests {
    @Test(
        "isolates a job that makes its chunk fail, and the others are answered every interval again",
        arguments: [
            serviceError(.server, status: 500), serviceError(.forbidden, status: 403), serviceError(.timedOut),
            serviceError(.responseTooLarge), serviceError(.malformedResponse), serviceError(.connectionLost),
            serviceError(.unexpectedStatus, status: 413), serviceError(.unexpectedStatus, status: 418),
            serviceError(.notFound, status: 404), serviceError(.badRequest, status: 400),
        ], [1, 5, 20, 40])
    func poison(error: ServiceError, count: Int) throws {
        let jobs = jobIDs(count)
        let poison = jobs[0]
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, now in
            guard case .runs(let asked) = request, asked.contains(poison), now < .seconds(5000) else {
                return .runs(active: [])
            }
            return .failure(error)
        }
        simulation.run(until: .seconds(90))
        let innocent = Array(jobs.dropFirst())
        if count > 1 {
            #expect(try #require(simulation.oldestAnswer(of: innocent)) < .seconds(35))
        }
        // An hour later the job is tried with others once more, which costs those a cycle or two.
        for minute in 2...70 {
            simulation.run(until: .seconds(60 * minute))
            guard count > 1 else { continue }
            #expect(try #require(simulation.oldestAnswer(of: innocent)) < .seconds(70), "minute \(minute)")
        }
        #expect(simulation.answered[poison] == nil)
        let asked = simulation.sent(from: .seconds(600))
        #expect(asked.contains { $0.jobs == [poison] }, "it goes alone")
        #expect(!asked.contains { $0.at < .seconds(3500) && $0.jobs.count > 1 && $0.jobs.contains(poison) })
        #expect(asked.count < 70 * 4 * (count / 5 + 3), "and costs few requests")
        // When it is well again, it goes with the others.
        simulation.run(until: .seconds(5100))
        let alone = simulation.sent(from: .seconds(5060)).filter { $0.jobs == [poison] }
        #expect(simulation.answered[poison] != nil)
        if count > 1 { #expect(alone.isEmpty) }
    }

    @Test(
        "a failing list of jobs does not stop requests for runs, even after an outage",
        arguments: [
            serviceError(.forbidden, status: 403), serviceError(.server, status: 500), serviceError(.timedOut),
            serviceError(.unauthorized, status: 401), tooManyRequests(),
            serviceError(.connectionRefused), serviceError(.tls),
        ], [15, 60, 120, 300])
    func listFails(error: ServiceError, interval: Int) throws {
        let jobs = jobIDs(12)
        let settings = PollingSettings(scope: .workspace(nameContains: nil), interval: .seconds(interval))
        let outage = Duration.seconds(interval * 2)..<Duration.seconds(interval * 4)
        var simulation = PlanSimulation(settings) { request, now in
            if outage.contains(now) { return .failure(serviceError(.server, status: 503)) }
            guard request == .jobs else { return .runs(active: []) }
            return now < outage.lowerBound ? .jobs(jobs) : .failure(error)
        }
        simulation.run(until: .seconds(3600 * 3))
        #expect(try #require(simulation.oldestAnswer(of: jobs)) <= .seconds(Double(interval) * 2.3))
        let lists = simulation.sent.filter { $0.request == .jobs && $0.at > outage.upperBound }
        #expect(lists.count >= 20, "and the list is tried again: \(lists.count)")
        #expect(lists.count <= 190, "but not in every cycle: \(lists.count)")
    }

    @Test("requests the list in every cycle while no job is known, then waits a minute")
    func listPatience() {
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { _, _ in
            .failure(serviceError(.forbidden, status: 403))
        }
        simulation.run(until: .seconds(120))
        #expect((7...9).contains(simulation.sent.count))
    }

    @Test("a probe requests runs, not the list, if jobs are known; the list comes last")
    func probeIsRuns() {
        let jobs = jobIDs(12)
        let settings = PollingSettings(scope: .workspace(nameContains: nil), interval: .seconds(60))
        var simulation = PlanSimulation(settings) { request, now in
            if now > .seconds(30) && now < .seconds(300) { return .failure(serviceError(.server)) }
            return request == .jobs ? .jobs(jobs) : .runs(active: [])
        }
        simulation.run(until: .seconds(299))
        let probes = simulation.began.dropFirst(2).compactMap { begin in simulation.sent.first { $0.at >= begin } }
        #expect(probes.count >= 2)
        #expect(probes.allSatisfy { $0.request != .jobs })
        simulation.run(until: .seconds(700))
        for (begin, next) in zip(simulation.began.dropFirst(5), simulation.began.dropFirst(6)) {
            let cycle = simulation.sent.filter { $0.at >= begin && $0.at < next }
            guard let list = cycle.firstIndex(where: { $0.request == .jobs }) else { continue }
            #expect(list == cycle.count - 1)
        }
        #expect(simulation.sent(from: .seconds(320)).contains { $0.request == .jobs })
    }

    @Test(
        "quiet jobs get their turn even if the service accepts one job per request",
        arguments: [(2, 13, 40), (5, 25, 40), (15, 70, 200), (15, 50, 100)])
    func oneJobARequest(interval: Int, active: Int, count: Int) throws {
        let jobs = jobIDs(count)
        let busy = Set(jobs.prefix(active))
        let settings = PollingSettings(scope: .jobs(jobs), interval: .seconds(interval))
        var simulation = PlanSimulation(settings) { request, _ in
            guard case .runs(let asked) = request, asked.count > 1 else { return .runs(active: busy) }
            return .failure(serviceError(.badRequest, status: 400))
        }
        for minute in 5...60 {
            simulation.run(until: .seconds(60 * minute))
            let quiet = try #require(simulation.oldestAnswer(of: Array(jobs.dropFirst(active))), "minute \(minute)")
            let atWork = try #require(simulation.oldestAnswer(of: Array(busy)))
            #expect(quiet < .seconds(200), "minute \(minute)")
            #expect(atWork < .seconds(120), "minute \(minute)")
        }
        #expect(simulation.mostRequests(within: .seconds(60)) <= settings.burst + 241)
    }

    @Test("quiet jobs get a quarter of the requests, or all without urgent jobs")
    func shares() {
        func chunks(urgent: Int, quiet: Int, requests: Int) -> [[JobID]] {
            var list = Watchlist(largestChunk: 1)
            let jobs = jobIDs(urgent + quiet)
            list.watch(jobs)
            list.answered(jobs, active: Set(jobs.prefix(urgent)), at: .seconds(1))
            return list.chunks(requests: requests, excluding: [], at: .seconds(2))
        }
        func active(_ chunks: [[JobID]], _ urgent: Int) -> Int {
            chunks.joined().count { Set(jobIDs(urgent)).contains($0) }
        }
        #expect(active(chunks(urgent: 20, quiet: 20, requests: 8), 20) == 6)
        #expect(chunks(urgent: 20, quiet: 20, requests: 8).count == 8)
        #expect(active(chunks(urgent: 20, quiet: 1, requests: 8), 20) == 7)
        #expect(active(chunks(urgent: 3, quiet: 20, requests: 8), 3) == 3)
        #expect(chunks(urgent: 3, quiet: 20, requests: 8).count == 8)
        #expect(chunks(urgent: 20, quiet: 0, requests: 8).count == 8)
        #expect(chunks(urgent: 2, quiet: 2, requests: 8).count == 4)
        #expect(chunks(urgent: 2, quiet: 2, requests: 0).isEmpty)
    }

    @Test("with one request per cycle, quiet jobs get every fourth")
    func quietCredit() {
        let jobs = jobIDs(4)
        var list = Watchlist(largestChunk: 1)
        list.watch(jobs)
        list.answered(jobs, active: Set(jobs.prefix(2)), at: .zero)
        let turns = (1...8).map { turn -> Bool in
            let chunk = list.chunks(requests: 1, excluding: [], at: .seconds(turn)).first ?? []
            list.answered(chunk, active: Set(jobs.prefix(2)), at: .seconds(turn))
            return jobs.prefix(2).contains(chunk[0])
        }
        #expect(turns == [true, true, true, false, true, true, true, false])
    }

    @Test("urgent and quiet jobs share a chunk if all fit")
    func mixedChunk() {
        let jobs = jobIDs(5)
        var list = Watchlist(largestChunk: 5)
        list.watch(jobs)
        list.answered(jobs, active: [jobs[3]], at: .zero)
        let chunks = list.chunks(requests: 4, excluding: [jobs[1]], at: .seconds(1))
        #expect(chunks == [[jobs[3], jobs[0], jobs[2], jobs[4]]])
    }

    @Test("a job to be tried alone whose request was dropped is tried alone later, then with the others")
    func isolationCutShort() throws {
        let jobs = jobIDs(5)
        // The first job vanishes, the second single request of the isolation meets a 429; later the next one vanishes.
        var singles = 0
        var isLimited = false
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: []) }
        simulation.service = { request, now in
            guard case .runs(let asked) = request, now > .seconds(40) else { return .runs(active: []) }
            let gone = now > .seconds(940) ? Set(jobs.prefix(2)) : Set(jobs.prefix(1))
            if asked.count == 1, !isLimited {
                singles += 1
                isLimited = singles == 2
                if isLimited { return .failure(tooManyRequests()) }
            }
            return gone.isDisjoint(with: asked) ? .runs(active: []) : .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(until: .seconds(900))
        #expect(isLimited)
        #expect(try #require(simulation.oldestAnswer(of: Array(jobs.dropFirst()))) < .seconds(40))
        simulation.run(until: .seconds(3600))
        #expect(try #require(simulation.oldestAnswer(of: Array(jobs.dropFirst(2)))) < .seconds(40))
        let last = simulation.sent(from: .seconds(3500))
        #expect(last.contains { $0.jobs == Array(jobs.dropFirst(2)) }, "the three are asked for together")
    }

    @Test("a job that was not found and is back is requested with the others at once")
    func foundAgain() {
        let jobs = jobIDs(5)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, now in
            guard case .runs(let asked) = request, asked.contains(jobs[2]), now < .seconds(100) else {
                return .runs(active: [])
            }
            return .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(until: .seconds(150))
        #expect(Set(simulation.sent(from: .seconds(130)).map(\.jobs.count)) == [5])
    }

    @Test("one chunk with a 401 does not affect the others")
    func oneUnauthorized() {
        let jobs = jobIDs(40)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, _ in
            guard case .runs(let asked) = request, asked.contains(jobs[12]) else { return .runs(active: []) }
            return .failure(serviceError(.unauthorized, status: 401))
        }
        simulation.run(until: .seconds(600))
        #expect(simulation.givenUp.isEmpty)
        #expect(simulation.ended.allSatisfy { if case .waiting = $0.phase { true } else { false } })
        #expect(simulation.ended.count > 35)
    }

    @Test("a token that expires during a cycle ends it at the first request that cannot be signed")
    func tokenEnds() {
        let jobs = jobIDs(40)
        var unsigned = serviceError(.expiredToken)
        unsigned.attempts = 0
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs), concurrency: 1)) { _, now in
            now < .milliseconds(250) ? .runs(active: []) : .failure(unsigned)
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 4)
        #expect(simulation.failed.count == 5)
        #expect(simulation.givenUp.count == 20)
        #expect(simulation.ended.map(\.notes) == [[]], "their rows say why")
    }

    @Test(
        "a service that fails during a cycle gets only one more request",
        arguments: [ServiceError.Kind.connectionRefused, .unauthorized])
    func goesAway(kind: ServiceError.Kind) {
        let jobs = jobIDs(40)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs), concurrency: 1)) { _, now in
            now < .milliseconds(250) ? .runs(active: []) : .failure(serviceError(kind))
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 5)
        #expect(simulation.failed == Array(jobs[15..<25]))
        #expect(simulation.givenUp == Array(jobs[25..<40]))
    }

    @Test("requests the jobs missing in an incomplete answer first, and alone after the second time")
    func missing() {
        let jobs = jobIDs(12)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, _ in
            guard case .runs(let asked) = request, asked.count > 1 else { return .runs(active: []) }
            return .part(missing: Array(asked.dropFirst(2)))
        }
        simulation.run(cycles: 1)
        let before = simulation.sent.count
        simulation.run(cycles: 1)
        #expect(simulation.sent[before].jobs == Array(jobs[2..<5] + jobs[7..<9]))
        simulation.run(until: .seconds(300))
        #expect(simulation.oldestAnswer(of: jobs) != nil)
        #expect(simulation.failed.isEmpty)
    }

    @Test("a probe prefers a job that did not fail; jobs known to fail do not open the breaker")
    func probesTheHealthy() {
        let jobs = jobIDs(100)
        let poisoned = Set(jobs.prefix(60))
        let outage = Duration.seconds(3000)..<Duration.seconds(3030)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, now in
            guard case .runs(let asked) = request, !outage.contains(now) else {
                return .failure(serviceError(.server, status: 503))
            }
            return poisoned.isDisjoint(with: asked) ? .runs(active: []) : .failure(serviceError(.server, status: 500))
        }
        simulation.run(until: .seconds(2999))
        let calm = simulation.ended.filter { $0.at > .seconds(1500) }
        #expect(calm.count > 90)
        #expect(calm.allSatisfy { if case .waiting = $0.phase { true } else { false } })
        simulation.run(until: .seconds(3090))
        #expect((simulation.oldestAnswer(of: Array(jobs.suffix(40))) ?? .seconds(9999)) < .seconds(40))
    }

    @Test("if the only job fails, the breaker opens")
    func onlyPoison() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobIDs(3)))) { _, _ in
            .failure(serviceError(.server, status: 500))
        }
        simulation.run(until: .seconds(1800))
        #expect(simulation.sent.count <= simulation.ended.count + 1)
        guard case .backingOff(_, .breakerOpen) = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
    }

    @Test("splits a request that is too large for the service in the same cycle", arguments: [413, 431])
    func tooLarge(status: Int) {
        let jobs = jobIDs(10)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, _ in
            guard case .runs(let asked) = request, asked.count > 3 else { return .runs(active: []) }
            return .failure(serviceError(.unexpectedStatus, status: status))
        }
        simulation.run(cycles: 1)
        #expect(simulation.failed.isEmpty)
        #expect(simulation.answered.count == 10)
        #expect(
            simulation.ended[0].notes == ["the service refused 5 jobs in one request; asked for fewer"])
    }

    @Test("forgets the smaller size after a 414 after one hour")
    func uriTooLongOnce() {
        let jobs = jobIDs(50)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, now in
            guard case .runs(let asked) = request, asked.count > 3, now < .seconds(30) else {
                return .runs(active: [])
            }
            return .failure(serviceError(.uriTooLong, status: 414))
        }
        simulation.run(until: .seconds(3500))
        #expect(simulation.sent(from: .seconds(60)).allSatisfy { $0.jobs.count <= 3 })
        simulation.run(until: .seconds(3700))
        #expect(simulation.sent(from: .seconds(3640)).allSatisfy { $0.jobs.count == 5 })
    }
}
