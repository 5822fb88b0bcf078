import Foundation
import Polling
import Runs
import Screen
import TestSupport

@testable import Dashboard

/// The sample's board with a past: forty days of runs of some jobs, and what the service says of their schedules.
enum PastSample {
    static func state(_ size: Size, theme: Theme = Theme(.dark), glyphs: Glyphs = .utf8) -> DashboardState {
        var state = Sample.state(size, theme: theme, glyphs: glyphs)
        state.feed(.jobsListed(jobs, at: Sample.now.addingTimeInterval(-60)))
        state.board.learn(past: past)
        state.tick(after: 0)
        return state
    }

    /// The sample's jobs, of which some have a schedule and a path.
    static let jobs: [Job] = Sample.jobs.enumerated().map { index, job in
        var job = job
        job.path = index.isMultiple(of: 2) ? nil : "/Workspace/etl/\(job.name ?? "job").py"
        switch index % 4 {
        case 0: job.schedule = JobSchedule(quartzCronExpression: "0 0 0/6 * * ?", timeZoneID: "Europe/Berlin")
        case 1: job.schedule = JobSchedule(quartzCronExpression: "0 15 2 ? * MON-FRI")
        case 2: job.schedule = JobSchedule(quartzCronExpression: "0 0 0/6 * * ?", isPaused: true)
        default: break
        }
        return job
    }

    /// A run every nine hours, every seventh of which failed.
    static let past: [JobID: [PastRun]] = Dictionary(
        uniqueKeysWithValues: Sample.jobs.enumerated().filter { $0.offset % 5 != 4 || $0.offset == 4 }.map {
            index, job in (job.id, (1...100).map { run(age: $0, of: index) })
        })

    static func run(age: Int, of index: Int) -> PastRun {
        let isFailure = (age + index).isMultiple(of: 7)
        var run = PastRun(key: "past-\(age)", status: isFailure ? .failed : .success)
        if (age + index) % 31 == 30 { run.status = .canceled }
        let created = Sample.now.addingTimeInterval(-20_000 - 32_400 * Double(age))
        run.created = created
        run.started = created.addingTimeInterval(12 + Double(age % 5) * 7)
        let seconds = 60 + (age * 37 + index * 11) % 90 + (age % 23 == 0 ? 240 : 0)
        run.ended = run.started?.addingTimeInterval(Double(isFailure ? seconds / 3 : seconds))
        run.launch = .scheduled
        if isFailure { run.cause = causes[(age + index) / 7 % causes.count] }
        return run
    }

    private static let causes: [String?] = [
        "Caused by: java.io.IOException: No space left on device: /mnt/spark-local/blockmgr-77",
        "Caused by: java.io.IOException: No space left on device: /mnt/spark-local/blockmgr-12",
        "KeyError: 'customer_id'", "ORA-12541: TNS:no listener at host db-prod", nil,
    ]
}

extension PastSample {
    /// The sample's board as it is drawn from history before the first answer: three hours old.
    static func remembered(_ size: Size, theme: Theme = Theme(.dark), glyphs: Glyphs = .utf8) -> DashboardState {
        var state = Sample.state(size, theme: theme, glyphs: glyphs, board: false)
        state.board.recall(
            zip(jobs, Sample.jobs).map {
                RememberedJob(job: $0, lastSeen: Sample.now, newest: Sample.runs(of: $1))
            })
        state.board.learn(past: past)
        state.tick(after: 10_800)
        return state
    }
}
