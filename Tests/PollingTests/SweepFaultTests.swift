import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

/// Lists that are not there, that lie, that are cut off: the rows stay as true as without them.
@Suite("The sweep with faults")
struct SweepFaultTests {
    private let workspace = SimulatedWorkspace(jobs: 100, periods: [1_800, 3_600], active: 0.1)
    /// An interval with its jitter and the answers, and a rotation.
    private let bound: Duration = Sweep.rotation + .seconds(20)

    private func simulation(
        _ service: @escaping (PollRequest, Duration) -> PlanSimulation.Reply?
    ) -> PlanSimulation {
        PlanSimulation(PollingSettings(scope: .workspace(nameContains: nil))) { [workspace] request, now in
            service(request, now) ?? workspace.reply(to: request, at: now)
        }
    }

    private func staleness(_ simulation: PlanSimulation, from start: Duration = .seconds(60)) -> Staleness {
        Staleness(
            of: workspace, answers: simulation.answers, confirmations: simulation.confirmations,
            cycles: simulation.ended.map(\.at), from: start, until: simulation.now)
    }

    private func lists(_ simulation: PlanSimulation) -> [PlanSimulation.Sent] {
        simulation.sent.filter { $0.request.listing == .newRuns }
    }

    @Test(
        "without the list of runs, requests every job, tries the list once an hour, and adds a note",
        arguments: [400, 403, 404, 405, 501])
    func absent(status: Int) {
        let error = serviceError(status == 404 ? .notFound : .unexpectedStatus, status: status)
        var simulation = simulation { request, now in
            request.listing != nil && now < .seconds(7_500) ? .failure(error) : nil
        }
        simulation.run(until: .seconds(7_100))
        #expect(simulation.sent.count { $0.request.listing != nil } == 2)
        #expect(simulation.ended.dropFirst(2).allSatisfy { $0.notes.count == 1 && $0.notes[0].contains("every job") })
        let found = staleness(simulation)
        #expect(found.oldestRow < .seconds(20))
        #expect(found.latestChange < .seconds(20))
        #expect(simulation.confirmations.isEmpty)
        #expect(simulation.failed.isEmpty)
        simulation.run(until: .seconds(11_500))
        #expect(!simulation.confirmations.isEmpty, "it has come")
        #expect(simulation.ended.last?.notes == [])
    }

    @Test("without the status filter, requests active jobs in every cycle")
    func noStatusFilter() {
        var simulation = simulation { request, _ in
            request == .activeRuns ? .failure(serviceError(.badRequest, status: 400)) : nil
        }
        simulation.run(until: .seconds(7_000))
        #expect(simulation.sent.count { $0.request == .activeRuns } == 2)
        #expect(lists(simulation).count > 400)
        let found = staleness(simulation)
        #expect(found.oldestRow < .seconds(20))
        #expect(found.latestChange < .seconds(20))
        #expect(found.wronglyConfirmed == 0)
    }

    @Test(
        "the rotation detects a list that omits runs, reports it, and retries after an hour",
        arguments: [2, 10])
    func liar(oneIn: Int) throws {
        let silent = Set(workspace.jobs.enumerated().filter { $0.offset % oneIn == 0 }.map(\.element))
        var simulation = simulation { [workspace] request, now in
            guard case .these(let runs) = workspace.reply(to: request, at: now), request.listing != nil,
                now < .seconds(10_000)
            else { return nil }
            return .these(runs.filter { !silent.contains($0.job) })
        }
        simulation.run(until: .seconds(20_000))
        let fallback = try #require(simulation.ended.first { !$0.notes.isEmpty })
        #expect(fallback.notes[0].hasPrefix("listJobRuns left out a run that recentJobRuns has"))
        #expect(fallback.at < Sweep.rotation + Sweep.margin + .seconds(120))
        let found = staleness(simulation)
        #expect(found.latestChange <= bound)
        #expect(found.oldestRow <= bound)
        let trusted = lists(simulation).map(\.at)
        #expect(
            zip(trusted, trusted.dropFirst()).contains {
                $1 - $0 >= Sweep.retry && $1 - $0 < Sweep.retry + .seconds(40)
            })
        #expect(simulation.ended.last?.notes == [], "it is honest now")
        #expect(try #require(trusted.last) > .seconds(19_900))
    }

    @Test("detects a list that shows finished runs as active, and stops using only that list")
    func runsThatNeverEnd() throws {
        var simulation = simulation { [workspace] request, now in
            guard request == .activeRuns, case .these(let runs) = workspace.reply(to: request, at: .seconds(100))
            else { return nil }
            return .these(runs)
        }
        simulation.run(until: .seconds(7_000))
        let note = try #require(simulation.ended.lazy.flatMap(\.notes).first)
        #expect(note.hasPrefix("listJobRuns calls a run active that is over in recentJobRuns"))
        #expect(lists(simulation).count > 400)
        #expect(staleness(simulation).latestChange <= bound)
    }

    @Test("an incomplete list confirms nothing and moves no window; after a second one it is unused for an hour")
    func incomplete() throws {
        var simulation = simulation { _, _ in nil }
        let gap = "listJobRuns: stopped after 10 pages, so the rest of the list is unknown"
        simulation.gap = { request, now in
            request.listing == .newRuns && (now < .seconds(100) || now > .seconds(300) && now < .seconds(340))
                ? gap : nil
        }
        simulation.run(until: .seconds(90))
        #expect(simulation.confirmations.isEmpty)
        #expect(lists(simulation).count == 2)
        #expect(simulation.ended.last?.notes.first?.hasPrefix(gap) == true)
        simulation.run(until: .seconds(3_600))
        #expect(lists(simulation).count == 2)
        simulation.run(until: .seconds(7_000))
        #expect(simulation.ended.last?.notes == [])
        #expect(staleness(simulation).latestChange < .seconds(20))
        #expect(staleness(simulation).wronglyConfirmed == 0)
    }

    @Test("an item that is unreadable for a while costs one full cycle, and the next window passes it")
    func badItem() {
        var simulation = simulation { _, _ in nil }
        simulation.gap = { request, now in
            request.listing == .newRuns && now > .seconds(300) && now < .seconds(310) ? "unreadable" : nil
        }
        simulation.run(until: .seconds(1_200))
        let cycles = zip(simulation.began, simulation.requestsPerCycle).filter { $0.1 > 15 }.map(\.0)
        #expect(cycles.filter { $0 > .seconds(100) }.count <= 2)
        #expect(simulation.ended.allSatisfy { $0.notes.isEmpty })
        #expect(lists(simulation).count > 70)
    }

    @Test("during many 429s, sends nothing before the retry time, and works as before afterwards")
    func storm() {
        var count = 0
        var simulation = simulation { _, now in
            guard now > .seconds(600), now < .seconds(1_200) else { return nil }
            count += 1
            return count % 3 == 0 ? .failure(tooManyRequests()) : nil
        }
        simulation.run(until: .seconds(14_400))
        #expect(simulation.sent.filter { $0.at > .seconds(620) && $0.at < .seconds(1_200) }.count < 100)
        #expect(staleness(simulation, from: .seconds(10_800)).latestChange < .seconds(20))
        #expect(staleness(simulation).wronglyConfirmed == 0)
        #expect(simulation.ended.last?.notes == [])
    }

    @Test("if only the lists are rate-limited or fail, jobs are still answered", arguments: [429, 500, 0])
    func onlyLists(status: Int) {
        let error =
            status == 429 ? tooManyRequests() : serviceError(status == 500 ? .server : .timedOut, status: status)
        var simulation = simulation { request, now in
            request.listing != nil && now > .seconds(300) && now < .seconds(7_000) ? .failure(error) : nil
        }
        simulation.run(until: .seconds(7_000))
        let found = staleness(simulation)
        #expect(found.oldestRow < .seconds(240))
        #expect(found.wronglyConfirmed == 0)
        #expect(lists(simulation).filter { $0.at > .seconds(300) }.count < 40)
        simulation.run(until: .seconds(9_000))
        #expect(simulation.ended.last?.notes == [])
        #expect((simulation.confirmations.last?.at ?? .zero) > .seconds(8_900))
    }

    @Test("if nothing is reachable, every row shows it, as without the sweep")
    func outage() {
        var simulation = simulation { _, now in
            now > .seconds(300) && now < .seconds(900) ? .failure(serviceError(.connectionRefused)) : nil
        }
        simulation.run(until: .seconds(320))
        #expect(Set(simulation.failed + simulation.givenUp) == Set(workspace.jobs))
        let sent = simulation.sent.count
        simulation.run(until: .seconds(900))
        #expect(simulation.sent.count - sent < 60, "one request an interval")
        simulation.run(until: .seconds(1_000))
        let fresh = workspace.jobs.allSatisfy { job in
            max(simulation.answered[job] ?? .zero, simulation.confirmed[job] ?? .zero) > .seconds(970)
        }
        #expect(fresh)
    }

    @Test("clocks that differ by minutes change nothing", arguments: [-290.0, -60, 0, 60, 290], [false, true])
    func clocks(error: Double, hasDates: Bool) {
        var simulation = simulation { _, _ in nil }
        simulation.wallError = error
        if hasDates { simulation.serviceDate = { SimulatedWorkspace.date($0) } }
        simulation.run(until: .seconds(5_000))
        let found = staleness(simulation)
        #expect(found.latestChange < .seconds(20))
        #expect(found.oldestRow < .seconds(5))
        #expect(found.wronglyConfirmed == 0)
        #expect(simulation.ended.allSatisfy { $0.notes.isEmpty })
        #expect(simulation.mostListed < 80, "the windows stay small: \(simulation.mostListed)")
    }

    @Test(
        "finds runs dated minutes before or after the service's own time", arguments: [-280.0, -100, 100, 20_000])
    func strangeTimes(error: Double) {
        var simulation = simulation { [workspace] request, now in
            guard case .these(let runs) = workspace.reply(to: request.earlier(by: error), at: now) else { return nil }
            return .these(
                runs.map { run in
                    var run = run
                    run.created = run.created?.addingTimeInterval(error)
                    return run
                })
        }
        simulation.serviceDate = { SimulatedWorkspace.date($0) }
        simulation.run(until: .seconds(5_000))
        #expect(staleness(simulation).latestChange < .seconds(20))
        #expect(staleness(simulation).wronglyConfirmed == 0)
    }

    @Test("a run that appears in the lists two minutes late is found, and no error")
    func lateRuns() {
        var simulation = simulation { [workspace] request, now in
            guard request.listing != nil, case .these(let runs) = workspace.reply(to: request, at: now - .seconds(120))
            else { return nil }
            return .these(runs)
        }
        simulation.run(until: .seconds(7_200))
        #expect(simulation.ended.allSatisfy { $0.notes.isEmpty })
        #expect(staleness(simulation).latestChange < .seconds(145))
    }
}

extension PollRequest {
    /// The same request to a service whose runs bear other times.
    fileprivate func earlier(by seconds: Double) -> PollRequest {
        if case .newRuns(let since) = self { .newRuns(since: since.addingTimeInterval(-seconds)) } else { self }
    }
}
