import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

/// The plan with lists of new and of active runs, against the plan that asks for every job in turn.
@Suite("The sweep over days")
struct SweepTests {
    private let settings = PollingSettings(scope: .workspace(nameContains: nil))
    /// What no row and no change may exceed: an interval with its jitter and the answers, and a rotation.
    private let bound: Duration = Sweep.rotation + .seconds(20)

    private func simulation(of workspace: SimulatedWorkspace, usesSweep: Bool = true) -> PlanSimulation {
        var settings = settings
        settings.usesSweep = usesSweep
        return PlanSimulation(settings) { workspace.reply(to: $0, at: $1) }
    }

    private func staleness(
        _ simulation: PlanSimulation, _ workspace: SimulatedWorkspace, from start: Duration = .seconds(300)
    ) -> Staleness {
        Staleness(
            of: workspace, answers: simulation.answers, confirmations: simulation.confirmations,
            cycles: simulation.ended.map(\.at), from: start, until: simulation.now)
    }

    /// The mean of the requests of a cycle, once the board is full.
    private func mean(_ simulation: PlanSimulation) -> Double {
        let settled = simulation.requestsPerCycle.dropFirst(40).dropLast()
        return Double(settled.reduce(0, +)) / Double(settled.count)
    }

    @Test("200 jobs for a day: rows are as fresh, and changes visible as soon, as when requesting all")
    func asFresh() {
        let workspace = SimulatedWorkspace(jobs: 200)
        var (sweeping, asking) = (simulation(of: workspace), simulation(of: workspace, usesSweep: false))
        sweeping.run(until: .seconds(86_400))
        asking.run(until: .seconds(86_400))
        let (with, without) = (staleness(sweeping, workspace), staleness(asking, workspace))
        #expect(with.oldestRow <= without.oldestRow + .seconds(3), "\(with) \(without)")
        #expect(with.latestChange <= without.latestChange + .seconds(3), "\(with) \(without)")
        #expect(with.wronglyConfirmed == 0)
        #expect(sweeping.sent.count * 5 < asking.sent.count)
        #expect(sweeping.ended.allSatisfy { $0.notes.isEmpty })
        #expect(sweeping.failed.isEmpty)
    }

    @Test(
        "requests per cycle with 3 % of the jobs active, compared with requesting all",
        arguments: [(200, 8.0), (1_000, 20), (5_000, 20)])
    func requests(jobs: Int, times: Double) {
        let rhythms: [(String, [Double])] = [
            ("mixed", [1_800, 3_600, 7_200, 86_400]), ("all twice an hour", [1_800]), ("all once a day", [86_400]),
        ]
        for (rhythm, periods) in jobs == 1_000 ? rhythms[...] : rhythms.prefix(1) {
            let workspace = SimulatedWorkspace(jobs: jobs, periods: periods)
            var simulation = simulation(of: workspace)
            simulation.run(until: .seconds(jobs == 5_000 ? 2_400 : 3_600))
            let (asked, all) = (mean(simulation), Double(jobs / settings.jobsPerRequest))
            let found = staleness(simulation, workspace, from: .seconds(jobs == 5_000 ? 600 : 300))
            print(
                """
                \(jobs) jobs, \(rhythm): \(asked) requests a cycle against \(all), \(all / asked) times fewer; \
                the oldest row \(found.oldestRow), the latest change \(found.latestChange)
                """)
            #expect(all / asked >= times)
            #expect(found.oldestRow <= .seconds(40))
            #expect(found.latestChange <= .seconds(40))
            #expect(found.wronglyConfirmed == 0)
            if jobs == 1_000 { #expect(asked * 4 <= 40, "requests a minute") }
        }
    }
}

/// What the lists decide.
@Suite("The requests of the sweep")
struct SweepChoiceTests {
    private func simulation(of workspace: SimulatedWorkspace, _ settings: PollingSettings? = nil) -> PlanSimulation {
        PlanSimulation(settings ?? PollingSettings(scope: .workspace(nameContains: nil))) {
            workspace.reply(to: $0, at: $1)
        }
    }

    @Test("uses no lists for few jobs, configured jobs, or a long interval")
    func noLists() {
        let few = SimulatedWorkspace(jobs: 20)
        let many = SimulatedWorkspace(jobs: 100)
        for (workspace, settings) in [
            (few, PollingSettings(scope: .workspace(nameContains: nil))),
            (many, PollingSettings(scope: .jobs(many.jobs))),
            (many, PollingSettings(scope: .workspace(nameContains: nil), interval: .seconds(600))),
        ] {
            var simulation = simulation(of: workspace, settings)
            simulation.run(until: .seconds(3_600))
            #expect(simulation.sent.allSatisfy { $0.request.listing == nil })
        }
    }

    @Test("sees a repair of a finished run in the next cycle, and a repair of seconds within a rotation")
    func repairs() {
        for (length, latest) in [(Duration.seconds(120), Duration.seconds(20)), (.seconds(4), Sweep.rotation)] {
            var workspace = SimulatedWorkspace(jobs: 100, periods: [86_400], active: 0.001)
            workspace.repair = (workspace.jobs[40], .seconds(1_003), .seconds(1_003) + length)
            var simulation = simulation(of: workspace)
            simulation.run(until: .seconds(4_000))
            let found = Staleness(
                of: workspace, answers: simulation.answers, confirmations: [], cycles: [], from: .seconds(60),
                until: .seconds(4_000))
            #expect(found.latestChange <= latest)
        }
    }

    @Test("after a pause of hours the window starts where it ended")
    func pause() {
        let workspace = SimulatedWorkspace(jobs: 100, periods: [1_800])
        var simulation = simulation(of: workspace)
        simulation.run(until: .seconds(600))
        simulation.plan.pause()
        simulation.run(until: .seconds(9_000))
        simulation.plan.resume(at: simulation.now)
        simulation.run(until: .seconds(9_100))
        let created = workspace.runs(since: SimulatedWorkspace.date(.seconds(700)), at: .seconds(9_000))
        #expect(created.count > 400)
        #expect(Set(created.map(\.id)).isSubset(of: simulation.found.map(\.id)))
    }

    @Test("reports each change once")
    func newsOnce() {
        let workspace = SimulatedWorkspace(jobs: 100, periods: [1_800])
        var simulation = simulation(of: workspace)
        simulation.run(until: .seconds(3_600))
        let marks = simulation.found.map { RunMark($0) }
        #expect(marks.count > 300)
        #expect(Set(marks).count == marks.count)
    }

    @Test("requests a job until its answer is as new as the list")
    func answerBehind() throws {
        let workspace = SimulatedWorkspace(jobs: 100, periods: [1_800])
        let settings = PollingSettings(scope: .workspace(nameContains: nil))
        var simulation = PlanSimulation(settings) { request, now in
            // The answers show what was a minute ago.
            if case .runs = request {
                workspace.reply(to: request, at: now - .seconds(60))
            } else {
                workspace.reply(to: request, at: now)
            }
        }
        simulation.run(until: .seconds(3_600))
        for job in workspace.jobs {
            let created = workspace.changes(of: job, after: .seconds(300), until: .seconds(3_400))
            for moment in created {
                let answers = try #require(simulation.answers[job])
                #expect(answers.contains { $0 >= moment + .seconds(60) && $0 < moment + .seconds(100) })
            }
        }
    }

    @Test("retries a failing job less and less often, without effect on the others")
    func failing() throws {
        let workspace = SimulatedWorkspace(jobs: 100, periods: [1_800])
        let bad = workspace.jobs[7]
        let settings = PollingSettings(scope: .workspace(nameContains: nil))
        var simulation = PlanSimulation(settings) { request, now in
            guard case .runs(let asked) = request, asked.contains(bad) else {
                return workspace.reply(to: request, at: now)
            }
            return .failure(serviceError(.server, status: 500))
        }
        simulation.run(until: .seconds(7_200))
        let tries = simulation.sent.filter { $0.jobs.contains(bad) }.map(\.at)
        #expect(tries.filter { $0 > .seconds(3_600) }.count <= 5)
        #expect(tries.filter { $0 > .seconds(3_600) }.count >= 2)
        #expect(!simulation.confirmations.contains { $0.jobs.contains(bad) })
        #expect(try #require(simulation.oldestAnswer(of: workspace.jobs.filter { $0 != bad })) < Sweep.rotation)
    }
}
