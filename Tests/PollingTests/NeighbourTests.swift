import AIDP
import Foundation
import Runs
import Testing

@testable import Polling

/// A failure that is one job's, or the list's, costs no other job its answer.
@Suite("One failure among others")
struct NeighbourTests {
    @Test(
        "one job that makes its chunk fail is found out, and the others are answered every interval again",
        arguments: [
            serviceError(.server, status: 500), serviceError(.forbidden, status: 403), serviceError(.timedOut),
            serviceError(.responseTooLarge), serviceError(.malformedResponse), serviceError(.connectionLost),
            serviceError(.unexpectedStatus, status: 413), serviceError(.unexpectedStatus, status: 418),
            serviceError(.notFound, status: 404), serviceError(.badRequest, status: 400),
        ], [1, 5, 20, 40])
    func poison(error: ServiceError, count: Int) throws {
        let keys = jobKeys(count)
        let poison = keys[0]
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, now in
            guard case .runs(let asked) = request, asked.contains(poison), now < .seconds(5000) else {
                return .runs(active: [])
            }
            return .failure(error)
        }
        simulation.run(until: .seconds(90))
        let innocent = Array(keys.dropFirst())
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
        #expect(asked.contains { $0.keys == [poison] }, "it goes alone")
        #expect(!asked.contains { $0.at < .seconds(3500) && $0.keys.count > 1 && $0.keys.contains(poison) })
        #expect(asked.count < 70 * 4 * (count / 5 + 3), "and costs few requests")
        // When it is well again, it goes with the others.
        simulation.run(until: .seconds(5100))
        let alone = simulation.sent(from: .seconds(5060)).filter { $0.keys == [poison] }
        #expect(simulation.answered[poison] != nil)
        if count > 1 { #expect(alone.isEmpty) }
    }

    @Test(
        "a failing list of jobs does not keep the runs from being asked for, not after an outage either",
        arguments: [
            serviceError(.forbidden, status: 403), serviceError(.server, status: 500), serviceError(.timedOut),
            serviceError(.unauthorized, status: 401), serviceError(.rateLimited, status: 429),
            serviceError(.connectionRefused), serviceError(.tls),
        ], [15, 60, 120, 300])
    func listFails(error: ServiceError, interval: Int) throws {
        let keys = jobKeys(12)
        let settings = PollingSettings(scope: .workspace(nameContains: nil), interval: .seconds(interval))
        let outage = Duration.seconds(interval * 2)..<Duration.seconds(interval * 4)
        var simulation = PlanSimulation(settings) { request, now in
            if outage.contains(now) { return .failure(serviceError(.server, status: 503)) }
            guard request == .jobs else { return .runs(active: []) }
            return now < outage.lowerBound ? .jobs(keys) : .failure(error)
        }
        simulation.run(until: .seconds(3600 * 3))
        #expect(try #require(simulation.oldestAnswer(of: keys)) <= .seconds(Double(interval) * 2.3))
        let lists = simulation.sent.filter { $0.request == .jobs && $0.at > outage.upperBound }
        #expect(lists.count >= 20, "and the list is tried again: \(lists.count)")
        #expect(lists.count <= 190, "but not in every cycle: \(lists.count)")
    }

    @Test("while no job is known, the list is asked for in every cycle; once jobs are, it waits a minute")
    func listPatience() {
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { _, _ in
            .failure(serviceError(.forbidden, status: 403))
        }
        simulation.run(until: .seconds(120))
        #expect((7...9).contains(simulation.sent.count))
    }

    @Test("a probe asks for runs, not for the list, when jobs are known; the list comes last")
    func probeIsRuns() {
        let keys = jobKeys(12)
        let settings = PollingSettings(scope: .workspace(nameContains: nil), interval: .seconds(60))
        var simulation = PlanSimulation(settings) { request, now in
            if now > .seconds(30) && now < .seconds(300) { return .failure(serviceError(.server)) }
            return request == .jobs ? .jobs(keys) : .runs(active: [])
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
        "quiet jobs have their turn though the service takes one job a request",
        arguments: [(2, 13, 40), (5, 25, 40), (15, 70, 200), (15, 50, 100)])
    func oneJobARequest(interval: Int, active: Int, count: Int) throws {
        let keys = jobKeys(count)
        let busy = Set(keys.prefix(active))
        let settings = PollingSettings(scope: .keys(keys), interval: .seconds(interval))
        var simulation = PlanSimulation(settings) { request, _ in
            guard case .runs(let asked) = request, asked.count > 1 else { return .runs(active: busy) }
            return .failure(serviceError(.badRequest, status: 400))
        }
        for minute in 5...60 {
            simulation.run(until: .seconds(60 * minute))
            let quiet = try #require(simulation.oldestAnswer(of: Array(keys.dropFirst(active))), "minute \(minute)")
            let atWork = try #require(simulation.oldestAnswer(of: Array(busy)))
            #expect(quiet < .seconds(200), "minute \(minute)")
            #expect(atWork < .seconds(120), "minute \(minute)")
        }
        #expect(simulation.mostRequests(within: .seconds(60)) <= settings.burst + 241)
    }

    @Test("a quarter of the requests goes to the quiet jobs, and all of them where there are no others")
    func shares() {
        func chunks(urgent: Int, quiet: Int, requests: Int) -> [[JobKey]] {
            var list = Watchlist(largestChunk: 1)
            let keys = jobKeys(urgent + quiet)
            list.watch(keys)
            list.answered(keys, active: Set(keys.prefix(urgent)), at: .seconds(1))
            return list.chunks(requests: requests, excluding: [], at: .seconds(2))
        }
        func active(_ chunks: [[JobKey]], _ urgent: Int) -> Int {
            chunks.joined().count { Set(jobKeys(urgent)).contains($0) }
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

    @Test("cycles of a single request give the quiet jobs every fourth one")
    func quietCredit() {
        let keys = jobKeys(4)
        var list = Watchlist(largestChunk: 1)
        list.watch(keys)
        list.answered(keys, active: Set(keys.prefix(2)), at: .zero)
        let turns = (1...8).map { turn -> Bool in
            let chunk = list.chunks(requests: 1, excluding: [], at: .seconds(turn)).first ?? []
            list.answered(chunk, active: Set(keys.prefix(2)), at: .seconds(turn))
            return keys.prefix(2).contains(chunk[0])
        }
        #expect(turns == [true, true, true, false, true, true, true, false])
    }

    @Test("urgent and quiet jobs share a chunk when all fit")
    func mixedChunk() {
        let keys = jobKeys(5)
        var list = Watchlist(largestChunk: 5)
        list.watch(keys)
        list.answered(keys, active: [keys[3]], at: .zero)
        let chunks = list.chunks(requests: 4, excluding: [keys[1]], at: .seconds(1))
        #expect(chunks == [[keys[3], keys[0], keys[2], keys[4]]])
    }

    @Test("what was tried alone and dropped before it was sent is still tried alone, and then goes with the others")
    func isolationCutShort() throws {
        let keys = jobKeys(5)
        // The first job vanishes, the second single request of the isolation meets a 429; later the next one vanishes.
        var singles = 0
        var isLimited = false
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { _, _ in .runs(active: []) }
        simulation.service = { request, now in
            guard case .runs(let asked) = request, now > .seconds(40) else { return .runs(active: []) }
            let gone = now > .seconds(940) ? Set(keys.prefix(2)) : Set(keys.prefix(1))
            if asked.count == 1, !isLimited {
                singles += 1
                isLimited = singles == 2
                if isLimited { return .failure(serviceError(.rateLimited, status: 429)) }
            }
            return gone.isDisjoint(with: asked) ? .runs(active: []) : .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(until: .seconds(900))
        #expect(isLimited)
        #expect(try #require(simulation.oldestAnswer(of: Array(keys.dropFirst()))) < .seconds(40))
        simulation.run(until: .seconds(3600))
        #expect(try #require(simulation.oldestAnswer(of: Array(keys.dropFirst(2)))) < .seconds(40))
        let last = simulation.sent(from: .seconds(3500))
        #expect(last.contains { $0.keys == Array(keys.dropFirst(2)) }, "the three are asked for together")
    }

    @Test("a job that was not found and is back is asked for with the others at once")
    func foundAgain() {
        let keys = jobKeys(5)
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, now in
            guard case .runs(let asked) = request, asked.contains(keys[2]), now < .seconds(100) else {
                return .runs(active: [])
            }
            return .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(until: .seconds(150))
        #expect(Set(simulation.sent(from: .seconds(130)).map(\.keys.count)) == [5])
    }

    @Test("one chunk that meets a 401 among others that do not costs the others nothing")
    func oneUnauthorized() {
        let keys = jobKeys(40)
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, _ in
            guard case .runs(let asked) = request, asked.contains(keys[12]) else { return .runs(active: []) }
            return .failure(serviceError(.unauthorized, status: 401))
        }
        simulation.run(until: .seconds(600))
        #expect(simulation.givenUp.isEmpty)
        #expect(simulation.ended.allSatisfy { if case .waiting = $0.phase { true } else { false } })
        #expect(simulation.ended.count > 35)
    }

    @Test("a token that ends in the middle of a cycle ends the cycle, at the first request that cannot be signed")
    func tokenEnds() {
        let keys = jobKeys(40)
        var unsigned = serviceError(.expiredToken)
        unsigned.attempts = 0
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys), concurrency: 1)) { _, now in
            now < .milliseconds(250) ? .runs(active: []) : .failure(unsigned)
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 4)
        #expect(simulation.failed.count == 5 && simulation.givenUp.count == 20)
        #expect(simulation.ended.map(\.end.notes) == [[]], "their rows say why")
    }

    @Test(
        "a service that goes away in the middle of a cycle gets one request more",
        arguments: [ServiceError.Kind.connectionRefused, .unauthorized])
    func goesAway(kind: ServiceError.Kind) {
        let keys = jobKeys(40)
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys), concurrency: 1)) { _, now in
            now < .milliseconds(250) ? .runs(active: []) : .failure(serviceError(kind))
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 5)
        #expect(simulation.failed == Array(keys[15..<25]))
        #expect(simulation.givenUp == Array(keys[25..<40]))
    }

    @Test("what an answer that is not whole lacks is asked for first, and alone when that happens again")
    func missing() {
        let keys = jobKeys(12)
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, _ in
            guard case .runs(let asked) = request, asked.count > 1 else { return .runs(active: []) }
            return .part(missing: Array(asked.dropFirst(2)))
        }
        simulation.run(cycles: 1)
        let before = simulation.sent.count
        simulation.run(cycles: 1)
        #expect(simulation.sent[before].keys == Array(keys[2..<5] + keys[7..<9]))
        simulation.run(until: .seconds(300))
        #expect(simulation.oldestAnswer(of: keys) != nil)
        #expect(simulation.failed.isEmpty)
    }

    @Test("a probe asks for a job that did not fail, if there is one; jobs known to fail open no breaker")
    func probesTheHealthy() {
        let keys = jobKeys(100)
        let poisoned = Set(keys.prefix(60))
        let outage = Duration.seconds(3000)..<Duration.seconds(3030)
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, now in
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
        #expect((simulation.oldestAnswer(of: Array(keys.suffix(40))) ?? .seconds(9999)) < .seconds(40))
    }

    @Test("while a single job is all there is and it fails, the breaker is open all the same")
    func onlyPoison() {
        var simulation = PlanSimulation(PollingSettings(scope: .keys(jobKeys(3)))) { _, _ in
            .failure(serviceError(.server, status: 500))
        }
        simulation.run(until: .seconds(1800))
        #expect(simulation.sent.count <= simulation.ended.count + 1)
        guard case .backingOff(_, .breakerOpen) = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
    }

    @Test("a request that is too large for the service is cut in the same cycle", arguments: [413, 431])
    func tooLarge(status: Int) {
        let keys = jobKeys(10)
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, _ in
            guard case .runs(let asked) = request, asked.count > 3 else { return .runs(active: []) }
            return .failure(serviceError(.unexpectedStatus, status: status))
        }
        simulation.run(cycles: 1)
        #expect(simulation.failed.isEmpty)
        #expect(simulation.answered.count == 10)
        #expect(
            simulation.ended[0].end.notes == ["the service refused 5 jobs in one request; asked for fewer"])
    }

    @Test("the smaller size a 414 asks for is forgotten after an hour")
    func uriTooLongOnce() {
        let keys = jobKeys(50)
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, now in
            guard case .runs(let asked) = request, asked.count > 3, now < .seconds(30) else {
                return .runs(active: [])
            }
            return .failure(serviceError(.uriTooLong, status: 414))
        }
        simulation.run(until: .seconds(3500))
        #expect(simulation.sent(from: .seconds(60)).allSatisfy { $0.keys.count <= 3 })
        simulation.run(until: .seconds(3700))
        #expect(simulation.sent(from: .seconds(3640)).allSatisfy { $0.keys.count == 5 })
    }
}
