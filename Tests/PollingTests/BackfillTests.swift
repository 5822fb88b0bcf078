import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

@Suite("Backfill")
struct BackfillTests {
    private let workspace = SimulatedWorkspace(jobs: 100, periods: [1_800, 3_600], active: 0.1)

    private func settings(daysBack: Double) -> PollingSettings {
        var settings = PollingSettings(scope: .workspace(nameContains: nil))
        settings.backfill = [PastWindow(since: PlanSimulation.epoch.addingTimeInterval(-daysBack * 86_400))]
        return settings
    }

    private func simulation(_ settings: PollingSettings) -> PlanSimulation {
        PlanSimulation(settings) { [workspace] in workspace.reply(to: $0, at: $1) }
    }

    private func slices(_ simulation: PlanSimulation) -> [PastWindow] {
        simulation.sent.compactMap { if case .pastRuns(let window) = $0.request { window } else { nil } }
    }

    @Test("runs from the newest to the oldest without gaps, in slices sized by the number of runs")
    func newestFirst() throws {
        var simulation = simulation(settings(daysBack: 6))
        simulation.run(until: .seconds(3_600))
        let slices = slices(simulation)
        for (newer, older) in zip(slices, slices.dropFirst()) { #expect(older.until == newer.since) }
        #expect(slices.last?.since == PlanSimulation.epoch.addingTimeInterval(-6 * 86_400))
        #expect(try #require(slices.first?.until) > PlanSimulation.epoch.addingTimeInterval(-400))
        #expect(slices.count < 50, "about 700 runs each: \(slices.count)")
        #expect(try #require(simulation.backfill.last).isOver)
        let all = workspace.runs(
            since: PlanSimulation.epoch.addingTimeInterval(-6 * 86_400), until: PlanSimulation.epoch, at: .zero)
        #expect(all.count > 20_000)
        let isWhole = Set(all.map(\.id)).isSubset(of: simulation.found.map(\.id))
        #expect(isWhole)
    }

    @Test("starts after the board, sends four requests between two cycles, and stays within the budget")
    func inNobodysWay() throws {
        let settings = settings(daysBack: 90)
        var (with, without) = (simulation(settings), simulation(PollingSettings(scope: settings.scope)))
        with.run(until: .seconds(300))
        without.run(until: .seconds(300))
        let first = try #require(with.sent.first { if case .pastRuns = $0.request { true } else { false } })
        #expect(with.answered.count == 100)
        #expect(first.at > with.ended[0].at - .milliseconds(1))
        for (begin, next) in zip(with.began, with.began.dropFirst()) {
            let past = with.sent.count { sent in
                if case .pastRuns = sent.request { sent.at >= begin && sent.at < next } else { false }
            }
            #expect(past <= Backfill.requestsACycle)
        }
        #expect(with.mostRequests(within: .seconds(60)) <= settings.burst + settings.requestsPerMinute + 1)
        #expect(with.began.count == without.began.count, "the cycles keep their pace")
    }

    @Test("reports its progress, so that another session can continue")
    func resumed() throws {
        var simulation = simulation(settings(daysBack: 90))
        simulation.run(until: .seconds(90))
        let reached = try #require(simulation.backfill.last)
        #expect(!reached.isOver)
        #expect(reached.done > .zero)
        #expect((.seconds(90 * 86_400) ... .seconds(90 * 86_400 + 700)).contains(reached.whole))
        var settings = settings(daysBack: 90)
        // What is left, and what was missed since.
        settings.backfill = [
            PastWindow(since: PlanSimulation.epoch.addingTimeInterval(-60)),
            PastWindow(since: reached.since, until: reached.reached),
        ]
        var next = self.simulation(settings)
        next.run(until: .seconds(90))
        let slices = slices(next)
        #expect(slices[0].since == PlanSimulation.epoch.addingTimeInterval(-60))
        #expect(slices[1].until == reached.reached)
    }

    @Test("stops for good without the list, and shares the note and the hour's pause with the sweep")
    func absent() throws {
        var simulation = simulation(settings(daysBack: 90))
        simulation.service = { [workspace] request, now in
            if case .pastRuns = request { return .failure(serviceError(.notFound, status: 404)) }
            return request.listing == nil
                ? workspace.reply(to: request, at: now) : .failure(serviceError(.notFound, status: 404))
        }
        simulation.run(until: .seconds(7_000))
        #expect(slices(simulation).count <= 1)
        #expect(
            simulation.sent.count { $0.request.listing != nil || !$0.request.isForRuns && $0.request != .jobs } <= 3)
        #expect(simulation.ended.allSatisfy { $0.notes.count <= 1 })
        if !slices(simulation).isEmpty { #expect(try #require(simulation.backfill.last).stopped != nil) }
    }

    @Test("retries a failed slice later, and an incomplete slice in smaller parts")
    func troubles() throws {
        var simulation = simulation(settings(daysBack: 2))
        var failures = 0
        simulation.service = { [workspace] request, now in
            if case .pastRuns = request, failures < 5 {
                failures += 1
                return .failure(serviceError(.timedOut))
            }
            return workspace.reply(to: request, at: now)
        }
        simulation.gap = { request, _ in
            guard case .pastRuns(let window) = request, let until = window.until else { return nil }
            return until.timeIntervalSince(window.since) > 7_200 ? "listJobRuns: stopped after 10 pages" : nil
        }
        simulation.run(until: .seconds(7_200))
        #expect(try #require(simulation.backfill.last).isOver)
        #expect(simulation.ended.allSatisfy { $0.notes.isEmpty })
        guard case .waiting = simulation.plan.phase else {
            Issue.record("\(simulation.plan.phase)")
            return
        }
    }

    @Test("a 429 to a slice holds back all requests")
    func rateLimited() {
        var simulation = simulation(settings(daysBack: 10))
        let error = tooManyRequests(until: PlanSimulation.epoch.addingTimeInterval(600))
        simulation.service = { [workspace] request, now in
            if case .pastRuns = request, now < .seconds(500) { return .failure(error) }
            return workspace.reply(to: request, at: now)
        }
        simulation.run(until: .seconds(599))
        #expect(slices(simulation).count == 1)
        #expect(simulation.sent.allSatisfy { $0.at < .seconds(40) })
    }

    @Test("fills in a gap between windows, if a backfill was requested", arguments: [false, true])
    func gap(isKept: Bool) {
        var settings = settings(daysBack: 0.1)
        if !isKept { settings.backfill = [] }
        var simulation = simulation(settings)
        simulation.gap = { request, now in
            request.listing == .newRuns && now > .seconds(9_000) && now < .seconds(9_030) ? "too many" : nil
        }
        simulation.run(until: .seconds(1_200))
        simulation.plan.pause()
        simulation.run(until: .seconds(9_000))
        simulation.plan.resume(at: simulation.now)
        let before = slices(simulation).count
        simulation.run(until: .seconds(9_600))
        let later = slices(simulation).dropFirst(before)
        #expect(later.isEmpty == !isKept)
        if isKept {
            let covered = later.map(\.since).min()
            #expect(covered.map { $0 < PlanSimulation.epoch.addingTimeInterval(1_200) } == true)
        }
    }
}
