import Foundation
import Runs
import Testing

@testable import AIDPSimulator

/// Judges the world's jobs as the dashboard does, by the runs that the service lists.
@Suite("What a dashboard sees in the world") struct VerdictTests {
    private static let kinds: Set<Verdict.Kind> = [.slow, .stuck, .missed, .flapping]

    /// The verdicts on a job at a time.
    ///
    /// - Parameter depth: the number of runs that the dashboard knows.
    private func verdicts(
        on job: SimulatedJob, of world: World, at moment: Milliseconds, depth: Int
    ) -> Set<Verdict.Kind> {
        let history = JobHistory(world.runs(of: job, at: moment, limit: depth).map(pastRun))
        let schedule = job.cron.map { JobSchedule(quartzCronExpression: $0, timeZoneID: "UTC") }
        let outlook = JobOutlook(of: history, active: history.activeRuns, schedule: schedule)
        return Set(outlook.assessment(at: moment.date, answered: moment.date).verdicts.map(\.kind))
    }

    private func pastRun(_ run: SimulatedRun) -> PastRun {
        var past = PastRun(key: "\(run.key.plain)", status: RunStatus(wireValue: run.status.rawValue))
        (past.created, past.started, past.ended) = (run.created.date, run.started?.date, run.ended?.date)
        past.launch = Runs.Launch(wireValue: run.launch.rawValue)
        return past
    }

    @Test(
        "a slow, a stuck, a missed and a flapping job are each seen within five minutes, for any seed and start",
        arguments: [1, 7, 2026, 51_966, .max] as [UInt64])
    func withinFiveMinutes(seed: UInt64) {
        let world = World(seed: seed, jobCount: 40, speed: 20)
        var dice = Dice(seed: seed, decision: 99)
        for _ in 0..<16 {
            let start = WorldTests.start + Milliseconds(dice.below(86_400_000))
            // The first answers have ten runs of each job; then the poller asks for older ones.
            for (depth, wanted) in [(10, Self.kinds.subtracting([.flapping])), (World.history, Self.kinds)] {
                var missing = wanted
                for step in 0..<15 where !missing.isEmpty {
                    let moment = start + Milliseconds(step) * 20_000
                    for job in world.jobs where job.pattern.isSuspect {
                        missing.subtract(verdicts(on: job, of: world, at: moment, depth: depth))
                    }
                }
                #expect(missing.isEmpty, "seed \(seed), from \(start.rfc3339), with \(depth) runs: no \(missing)")
            }
        }
    }

    @Test("a job without faults has no verdict but a failure most of the time")
    func quietJobs() {
        let world = World(seed: 2026, jobCount: 40, speed: 20)
        let quiet = world.jobs.filter { if case .steady = $0.pattern { $0.upstream == nil } else { false } }
        var (judged, late) = (0, 0)
        for step in 0..<20 {
            let moment = WorldTests.start + Milliseconds(step) * 1_111_111
            for job in quiet {
                judged += 1
                let verdicts = verdicts(on: job, of: world, at: moment, depth: World.history)
                if !verdicts.isDisjoint(with: [.slow, .stuck, .missed]) { late += 1 }
            }
        }
        #expect(late * 50 < judged, "\(late) of \(judged)")
    }

    @Test("every schedule that is served can be read, and fires at the beginning of the slots", arguments: 1...6)
    func readableSchedules(seed: UInt64) throws {
        var served = 0
        for speed in [1, 2, 3, 6, 20, 30, 60, 90, 120, 240, 360, 480, 1_000] as [Double] {
            for job in World(seed: seed, jobCount: 40, speed: speed).jobs {
                guard let expression = job.cron else { continue }
                served += 1
                let cron = try #require(QuartzCron(expression), "\(expression) at speed \(speed)")
                let slot = job.schedule.slot(at: WorldTests.start)
                let due = cron.next(after: job.schedule.start(of: slot).date)
                #expect(due == job.schedule.start(of: slot + 1).date, "\(expression) at speed \(speed)")
            }
        }
        #expect(served > 200)
    }
}

extension RunPattern {
    /// Whether jobs with this pattern are slow, stuck or late, or flap.
    fileprivate var isSuspect: Bool {
        switch self {
        case .dragging, .stuck, .forgetful, .flapping: true
        default: false
        }
    }
}
