import AIDP
import Foundation
import Runs
import Testing

@testable import Polling

@Suite("Chunks")
struct ChunkTests {
    @Test(
        "a chunk fits one page with all its runs",
        arguments: [(5, 25, 5), (1, 25, 25), (10, 25, 2), (10, 5, 1), (3, 10, 3), (10, 10, 1)])
    func chunkSize(recordCount: Int, limit: Int, expected: Int) {
        let settings = PollingSettings(scope: .jobs(jobIDs(60)), recordCount: recordCount, limit: limit)
        #expect(settings.jobsPerRequest == expected)
        var simulation = PlanSimulation(settings) { _, _ in .runs(active: []) }
        simulation.run(cycles: 1)
        #expect(simulation.sent.map(\.jobs.count).max() == expected)
    }

    @Test("a failed chunk does not block the others, and its jobs go first in the next cycle")
    func partialFailure() {
        let jobs = jobIDs(20)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, now in
            guard case .runs(let asked) = request, asked.contains(jobs[7]), now < .seconds(5) else {
                return .runs(active: [])
            }
            return .failure(serviceError(.server, status: 500))
        }
        simulation.run(cycles: 1)
        #expect(simulation.failed == Array(jobs[5..<10]))
        #expect(simulation.sent.count == 4)
        guard case .waiting = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent[4].jobs == Array(jobs[5..<10]))
    }

    @Test("a chunk that hangs delays the others by at most one second")
    func slowFirst() {
        let jobs = jobIDs(20)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { _, _ in .runs(active: []) }
        simulation.latency = .seconds(30)
        simulation.run(until: .seconds(2))
        #expect(simulation.sent.map(\.at) == [.zero, .seconds(1), .seconds(1), .seconds(1)])
    }

    @Test("halves a chunk refused with 400 until the failing job is alone, and remembers that")
    func halving() {
        let jobs = jobIDs(10)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, _ in
            guard case .runs(let asked) = request, asked.contains(jobs[3]) else { return .runs(active: []) }
            return .failure(serviceError(.badRequest, status: 400))
        }
        simulation.run(cycles: 1)
        #expect(simulation.failed == [jobs[3]])
        #expect(Set(simulation.sent.flatMap(\.jobs)) == Set(jobs))
        let before = simulation.sent.count
        simulation.run(cycles: 1)
        // [0 1 2], [3], [4], and [5…9] whole: nothing is tried that was refused.
        #expect(simulation.sent.dropFirst(before).filter { $0.jobs.contains(jobs[3]) }.map(\.jobs) == [[jobs[3]]])
        #expect(simulation.sent.count - before <= 4)
    }

    @Test("a 414 makes all chunks smaller, including the queued ones")
    func uriTooLong() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobIDs(50)))) { request, _ in
            if case .runs(let asked) = request, asked.count > 3 {
                .failure(serviceError(.uriTooLong))
            } else {
                .runs(active: [])
            }
        }
        simulation.run(cycles: 2)
        #expect(simulation.failed.isEmpty)
        #expect(simulation.sent.count { $0.jobs.count > 3 } <= 4, "the first, and those under way with it")
    }

    @Test("isolates a job that is not found once, and then requests it alone")
    func notFoundAmongOthers() {
        let jobs = jobIDs(5)
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobs))) { request, _ in
            guard case .runs(let asked) = request, asked.contains(jobs[2]) else { return .runs(active: []) }
            return .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count == 6)
        #expect(simulation.failed == [jobs[2]])
        simulation.run(cycles: 1)
        #expect(Set(simulation.sent.dropFirst(6).map(\.jobs)) == [[jobs[2]], [jobs[0], jobs[1], jobs[3], jobs[4]]])
    }

    @Test("does not search a wrong workspace, where nothing is found, job by job")
    func wrongWorkspace() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobIDs(1000)))) { _, _ in
            .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.count <= 20)
        simulation.run(until: .seconds(3600))
        // Once an interval it is looked whether that has changed, by a chunk and by one of its jobs.
        #expect(simulation.sent.count <= 20 + 2 * 280)
    }

    @Test("requests a job named twice only once")
    func duplicates() {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobIDs(3) + jobIDs(3)))) { _, _ in
            .runs(active: [])
        }
        simulation.run(cycles: 1)
        #expect(simulation.sent.map(\.jobs) == [jobIDs(3)])
    }

    @Test("a cycle without jobs succeeds without a request for runs")
    func emptyWorkspace() {
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { _, _ in .jobs([]) }
        simulation.run(until: .seconds(3600))
        #expect((10...13).contains(simulation.sent.count), "the list, every five minutes")
    }

    @Test("requests the list every five minutes; a failure keeps the old list and is retried after a minute")
    func jobList() {
        let jobs = jobIDs(8)
        var simulation = PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { request, now in
            guard request == .jobs else { return .runs(active: []) }
            if now < .seconds(60) { return .jobs(Array(jobs.prefix(6))) }
            return now < .seconds(400) ? .failure(serviceError(.server, status: 500)) : .jobs(Array(jobs.dropFirst(2)))
        }
        simulation.run(until: .seconds(900))
        let lists = simulation.sent.filter { $0.request == .jobs }.map { $0.at / .seconds(60) }
        #expect(lists.count >= 4)
        #expect((4.9...5.4).contains(lists[1]))
        #expect((0.9...1.4).contains(lists[2] - lists[1]))
        let late = simulation.sent.filter { $0.at > .seconds(500) }
        #expect(Set(late.flatMap(\.jobs)) == Set(jobs.dropFirst(2)), "new ones came, vanished ones went")
        let between = simulation.sent.filter { $0.at > .seconds(310) && $0.at < .seconds(350) }
        #expect(Set(between.flatMap(\.jobs)) == Set(jobs.prefix(6)), "the list that was stands")
    }
}
