import AIDPClient
import Foundation
import Runs
import Testing

@testable import Polling

@Suite("The plan, over days")
struct BudgetTests {
    @Test("never more requests than the budget, no job starves", arguments: [1, 12, 500, 1000, 5000])
    func budgetAndFairness(count: Int) throws {
        let keys = jobKeys(count)
        let active = Set(keys.prefix(count * 3 / 100))
        let settings = PollingSettings(scope: .workspace(nameContains: nil))
        var simulation = PlanSimulation(settings) { request, _ in
            request == .jobs ? .jobs(keys) : .runs(active: active)
        }
        let end: Duration = .seconds([1: 86_400, 12: 86_400, 500: 7200, 1000: 3600][count] ?? 1800)
        simulation.run(until: end)

        for seconds in [1, 15, 60, 600] {
            let allowed = settings.burst + settings.requestsPerMinute * seconds / 60 + 1
            #expect(simulation.mostRequests(within: .seconds(seconds)) <= allowed, "in \(seconds) s")
        }
        // The requests that the jobs at work leave of a cycle's sixty go round the others.
        let cycles = Double(count - active.count) / 5 / (60 - Double(active.count) / 5) + 3
        let gap = try #require(simulation.longestGap(of: keys, until: end))
        #expect(gap <= .seconds(cycles * 16.5), "waited \(gap)")
        #expect(simulation.sent.allSatisfy { $0.keys.count <= 5 })
        #expect(simulation.mostUnderWay <= settings.concurrency)
    }

    @Test("jobs at work are asked for in every cycle, whatever else waits", arguments: [1000, 5000])
    func activeEveryCycle(count: Int) {
        let keys = jobKeys(count)
        let active = Set(keys.suffix(30))
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { _, _ in .runs(active: active) }
        simulation.run(until: .seconds(1200))
        // They are known for what they are when the first pass is over.
        let known = simulation.began.filter { $0 > .seconds(400) }
        for (begin, next) in zip(known, known.dropFirst()) {
            let asked = Set(simulation.sent.lazy.filter { $0.at >= begin && $0.at < next }.flatMap(\.keys))
            #expect(active.isSubset(of: asked))
        }
    }

    @Test("500 jobs are all asked for in the first cycle")
    func firstPassGoesAtOnce() {
        let keys = jobKeys(500)
        let settings = PollingSettings(scope: .workspace(nameContains: "etl"))
        var simulation = PlanSimulation(settings) { request, _ in
            request == .jobs ? .jobs(keys) : .runs(active: [])
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 101)
        #expect(Set(simulation.sent.flatMap(\.keys)) == Set(keys))
        #expect(simulation.ended.first?.end.notes == [])
    }

    @Test("with more jobs at work than the budget covers, the quiet ones still have their turn")
    func quietJobsDoNotStarve() throws {
        let keys = jobKeys(2000)
        let active = Set(keys.prefix(1500))
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { _, _ in .runs(active: active) }
        simulation.run(until: .seconds(3600))
        let gap = try #require(simulation.longestGap(of: Array(keys.suffix(500)), until: .seconds(3600)))
        #expect(gap < .seconds(300))
    }

    @Test("a budget of one request a minute is one request a minute, and every job has its turn")
    func smallestBudget() throws {
        let keys = jobKeys(20)
        let settings = PollingSettings(
            scope: .keys(keys), interval: .seconds(2), requestsPerMinute: 1)
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: Set(keys.prefix(10))) }
        simulation.run(until: .seconds(86_400))
        #expect(simulation.mostRequests(within: .seconds(3600)) <= settings.burst + 61)
        #expect(try #require(simulation.longestGap(of: keys, until: .seconds(86_400))) <= .seconds(1800))
    }

    @Test("jobs that can never be had do not keep the others from being asked for")
    func poisonedJobsDoNotStarveOthers() throws {
        let keys = jobKeys(1000)
        let poisoned = Set(keys.prefix(300))
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { request, _ in
            guard case .runs(let asked) = request, !poisoned.isDisjoint(with: asked) else { return .runs(active: []) }
            return .failure(serviceError(.server, status: 500))
        }
        simulation.run(until: .seconds(3600))
        #expect(try #require(simulation.longestGap(of: Array(keys.suffix(700)), until: .seconds(3600))) < .seconds(900))
    }

    @Test("an hour's interval covers 5,000 jobs in each cycle")
    func longInterval() {
        let keys = jobKeys(5000)
        let settings = PollingSettings(scope: .keys(keys), interval: .seconds(3600))
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: []) }
        simulation.run(cycles: 2)
        #expect(simulation.requestsPerCycle.prefix(2) == [1000, 1000])
        #expect(simulation.mostRequests(within: .seconds(60)) <= settings.burst + 241)
    }

    @Test("requests of a cycle at 1,000 jobs, 3 % at work, against asking for all")
    func requestsPerCycle() {
        let keys = jobKeys(1000)
        let active = Set(keys.prefix(30))
        var simulation = PlanSimulation(PollingSettings(scope: .keys(keys))) { _, _ in .runs(active: active) }
        simulation.run(until: .seconds(3600))
        let settled = simulation.requestsPerCycle.dropFirst(5).dropLast()
        let mean = Double(settled.reduce(0, +)) / Double(settled.count)
        print("1,000 jobs, 30 at work: \(mean) requests a cycle, against 200")
        #expect(mean <= 66)
    }

    @Test("retries and second pages are paid for by the requests that follow")
    func debtIsPaid() {
        var bucket = TokenBucket(burst: 10, perMinute: 60)
        bucket.take(1, at: .zero)
        bucket.take(14, at: .zero)
        #expect(bucket.available(at: .zero) == 0)
        #expect(bucket.nextToken(at: .zero) == .seconds(6))
        #expect(bucket.available(at: .seconds(6)) == 1)
        #expect(bucket.available(at: .seconds(3600)) == 10)
    }
}
