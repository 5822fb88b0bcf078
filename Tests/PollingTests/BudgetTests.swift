import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

@Suite("The plan over days")
struct BudgetTests {
    @Test("stays within the request budget, and no job starves", arguments: [1, 12, 500, 1000, 5000])
    func budgetAndFairness(count: Int) throws {
        let jobs = jobIDs(count)
        let active = Set(jobs.prefix(count * 3 / 100))
        let settings = PollingSettings(scope: .workspace(nameContains: nil))
        var simulation = PlanSimulation.askingForAll(settings) { request, _ in
            request == .jobs ? .jobs(jobs) : .runs(active: active)
        }
        let end: Duration = .seconds([1: 86_400, 12: 86_400, 500: 7200, 1000: 3600][count] ?? 1800)
        simulation.run(until: end)

        for seconds in [1, 15, 60, 600] {
            let allowed = settings.burst + settings.requestsPerMinute * seconds / 60 + 1
            #expect(simulation.mostRequests(within: .seconds(seconds)) <= allowed, "in \(seconds) s")
        }
        // A cycle has sixty requests. Those that the active jobs do not need are shared by the others.
        let cycles = Double(count - active.count) / 5 / (60 - Double(active.count) / 5) + 3
        let gap = try #require(simulation.longestGap(of: jobs, until: end))
        #expect(gap <= .seconds(cycles * 16.5), "waited \(gap)")
        #expect(simulation.sent.allSatisfy { $0.jobs.count <= 5 })
        #expect(simulation.mostUnderWay <= settings.concurrency)
    }

    @Test("requests active jobs in every cycle, however many others wait", arguments: [1000, 5000])
    func activeEveryCycle(count: Int) {
        let jobs = jobIDs(count)
        let active = Set(jobs.suffix(30))
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: active) }
        simulation.run(until: .seconds(1200))
        // The first pass finds out which jobs are active.
        let known = simulation.began.filter { $0 > .seconds(400) }
        for (begin, next) in zip(known, known.dropFirst()) {
            let asked = Set(simulation.sent.lazy.filter { $0.at >= begin && $0.at < next }.flatMap(\.jobs))
            #expect(active.isSubset(of: asked))
        }
    }

    @Test("requests all of 500 jobs in the first cycle")
    func firstPassGoesAtOnce() {
        let jobs = jobIDs(500)
        let settings = PollingSettings(scope: .workspace(nameContains: "etl"))
        var simulation = PlanSimulation(settings) { request, _ in
            request == .jobs ? .jobs(jobs) : .runs(active: [])
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 101)
        #expect(Set(simulation.sent.flatMap(\.jobs)) == Set(jobs))
        #expect(simulation.ended.first?.notes == [])
    }

    @Test("quiet jobs still get their turn if there are more active jobs than the budget covers")
    func quietJobsDoNotStarve() throws {
        let jobs = jobIDs(2000)
        let active = Set(jobs.prefix(1500))
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: active) }
        simulation.run(until: .seconds(3600))
        let gap = try #require(simulation.longestGap(of: Array(jobs.suffix(500)), until: .seconds(3600)))
        #expect(gap < .seconds(300))
    }

    @Test("a budget of one request per minute is kept, and every job gets its turn")
    func smallestBudget() throws {
        let jobs = jobIDs(20)
        let settings = PollingSettings(
            scope: .jobs(jobs), interval: .seconds(2), requestsPerMinute: 1)
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: Set(jobs.prefix(10))) }
        simulation.run(until: .seconds(86_400))
        #expect(simulation.mostRequests(within: .seconds(3600)) <= settings.burst + 61)
        #expect(try #require(simulation.longestGap(of: jobs, until: .seconds(86_400))) <= .seconds(1800))
    }

    @Test("jobs without answers do not block the requests for other jobs")
    func poisonedJobsDoNotStarveOthers() throws {
        let jobs = jobIDs(1000)
        let poisoned = Set(jobs.prefix(300))
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, _ in
            guard case .runs(let asked) = request, !poisoned.isDisjoint(with: asked) else { return .runs(active: []) }
            return .failure(serviceError(.server, status: 500))
        }
        simulation.run(until: .seconds(3600))
        #expect(try #require(simulation.longestGap(of: Array(jobs.suffix(700)), until: .seconds(3600))) < .seconds(900))
    }

    @Test("an interval of one hour covers 5,000 jobs in each cycle")
    func longInterval() {
        let jobs = jobIDs(5000)
        let settings = PollingSettings(scope: .jobs(jobs), interval: .seconds(3600))
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: []) }
        simulation.run(cycles: 2)
        #expect(simulation.requestsPerCycle.prefix(2) == [1000, 1000])
        #expect(simulation.mostRequests(within: .seconds(60)) <= settings.burst + 241)
    }

    @Test("requests per cycle with 1,000 jobs, 3 % active, compared with requesting all")
    func requestsPerCycle() {
        let jobs = jobIDs(1000)
        let active = Set(jobs.prefix(30))
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: active) }
        simulation.run(until: .seconds(3600))
        let settled = simulation.requestsPerCycle.dropFirst(5).dropLast()
        let mean = Double(settled.reduce(0, +)) / Double(settled.count)
        print("1,000 jobs, 30 at work: \(mean) requests a cycle, against 200")
        #expect(mean <= 66)
    }

    @Test("later requests pay for retries and further pages")
    func debtIsPaid() {
        var bucket = TokenBucket(burst: 10, perMinute: 60)
        bucket.consume(1, at: .zero)
        bucket.consume(14, at: .zero)
        #expect(bucket.available(at: .zero) == 0)
        #expect(bucket.nextToken(at: .zero) == .seconds(6))
        #expect(bucket.available(at: .seconds(6)) == 1)
        #expect(bucket.available(at: .seconds(3600)) == 10)
    }

    @Test(
        "the notes count the jobs that the budget leaves out of a cycle", arguments: [(500, 0), (501, 1), (1000, 500)])
    func leftOut(count: Int, left: Int) {
        let jobs = jobIDs(count)
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { request, _ in
            request == .jobs ? .jobs(jobs) : .runs(active: [])
        }
        simulation.run(cycles: 1)
        let note = "\(left) \(left == 1 ? "job" : "jobs") not asked for this time: the budget is 240 requests a minute"
        #expect(simulation.ended[0].notes == (left == 0 ? [] : [note]))
    }

    @Test("when the budget is used up, the next cycle begins with the next token")
    func nextToken() {
        // The first pass over so many jobs takes the whole burst.
        let settings = PollingSettings(
            scope: .jobs(jobIDs(525)), interval: .seconds(2), recordCount: 1, requestsPerMinute: 1)
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: []) }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == settings.burst)
        guard case .waiting(let next) = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
        #expect(next - simulation.now > .seconds(50))
    }

    @Test("failed requests are charged too, with all their attempts")
    func failuresArePaidFor() {
        let jobs = jobIDs(1000)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, _ in
            guard case .runs(let asked) = request, jobs.firstIndex(of: asked[0]).map({ $0 % 10 < 5 }) == true else {
                return .runs(active: [])
            }
            return .failure(serviceError(.forbidden, status: 403))
        }
        simulation.cost = RequestCost(requests: 1, attempts: 4)
        simulation.run(until: .seconds(1800))
        #expect(simulation.sent(from: .seconds(600)).count * 4 <= 240 * 20 + 16)
        #expect(simulation.failed.count > 100)
    }

    @Test("a new list of jobs keeps the known state of each job")
    func listedAgain() {
        let jobs = jobIDs(3)
        var list = Watchlist(largestChunk: 1)
        list.watch(jobs)
        #expect(list.jobs == jobs)
        #expect(!list.isEmpty)
        list.answered(jobs, active: [jobs[2]], at: .seconds(1))
        list.watch([JobID("new")] + jobs)
        let order = list.chunks(requests: 9, excluding: [], at: .seconds(2)).flatMap(\.self)
        #expect(order == [JobID("new"), jobs[2], jobs[0], jobs[1]])
        list.watch([])
        #expect(list.isEmpty)
    }

    @Test("an active job that keeps failing is not urgent; one that failed once is")
    func failingActive() {
        let jobs = jobIDs(3)
        var list = Watchlist(largestChunk: 1)
        list.watch(jobs)
        list.answered(jobs, active: [jobs[2]], at: .seconds(1))
        func order() -> [JobID] {
            var copy = list
            return copy.chunks(requests: 9, excluding: [], at: .seconds(9)).flatMap(\.self)
        }
        #expect(order() == [jobs[2], jobs[0], jobs[1]])
        list.failed([jobs[2]], mayBeOneJob: true, at: .seconds(2))
        #expect(order() == [jobs[2], jobs[0], jobs[1]])
        list.failed([jobs[2]], mayBeOneJob: true, at: .seconds(3))
        #expect(order() == [jobs[0], jobs[1], jobs[2]])
        list.answered([jobs[2]], active: [jobs[2]], at: .seconds(4))
        #expect(order() == [jobs[2], jobs[0], jobs[1]])
        // What says nothing of the job does not make it urgent.
        list.failed([jobs[0]], mayBeOneJob: false, at: .seconds(5))
        #expect(order() == [jobs[2], jobs[1], jobs[0]])
    }
}
