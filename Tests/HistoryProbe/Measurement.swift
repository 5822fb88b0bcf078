import Foundation
import History
import Runs

/// Measures the history: `HistoryProbe FILE measure RUNS`. Creates the file with this many runs of 1,000 jobs over 90
/// days if it does not exist. Then measures writing cycles, and reading at the start.
struct Measurement {
    let history: SQLiteHistory
    let runs: Int

    private static let jobs = 1_000
    private static let runsOfCycle = 5
    private static let place = Place(instanceID: "ocid1.aidataplatform.oc1.iad.measured", workspaceKey: "workspace")
    private static let end = 1_777_000_000.0
    private static let span = 90 * 86_400.0

    func run(_ say: (String) -> Void) async throws {
        let clock = ContinuousClock()
        if try await history.statistics().runs < runs {
            let time = try await clock.measure { try await fill() }
            say("filled with \(runs) runs of \(Self.jobs) jobs in \(time)")
        }
        await history.close()
        let statistics = try await history.statistics()
        say(
            "\(statistics.bytes) bytes, \(statistics.bytes * 100_000 / Int64(max(statistics.runs, 1))) per 100,000 runs"
        )
        for (name, changes) in [("first cycle", 0), ("unchanged", 0), ("3 % changed", 30), ("all changed", 1_000)] {
            var times: [Duration] = []
            for attempt in 0..<(name == "first cycle" ? 1 : 20) {
                let cycle = cycle(changing: changes, attempt: attempt, name)
                times.append(try await clock.measure { try await history.record(cycle) })
            }
            say("a cycle of \(Self.jobs) jobs × \(Self.runsOfCycle) runs, \(name): \(Self.summary(times))")
        }
        await history.close()
        for most in [5, 5, 10, 10] {
            let time = try await clock.measure { _ = try await history.board(of: Self.place, newestRuns: most) }
            say("the board, \(most) runs a job: \(time)")
        }
        let keys = (0..<Self.jobs).map(Self.key)
        var times: [Duration] = []
        for start in stride(from: 0, to: keys.count, by: 20) {
            times.append(
                try await clock.measure {
                    _ = try await history.pastRuns(
                        of: Self.place, jobs: Array(keys[start..<start + 20]), mostRuns: 120)
                })
        }
        say("120 past runs of 20 jobs: \(Self.summary(times)); of all: \(times.reduce(.zero, +))")
    }

    private static func summary(_ times: [Duration]) -> String {
        let sorted = times.sorted()
        return "median \(sorted[sorted.count / 2]), longest \(sorted[sorted.count - 1])"
    }

    private func fill() async throws {
        let perJob = runs / Self.jobs
        var batch: [JobRun] = []
        for number in 0..<perJob {
            for job in 0..<Self.jobs {
                batch.append(Self.run(number, of: job, ago: Self.span * Double(perJob - number) / Double(perJob)))
            }
            guard batch.count >= 10_000 || number == perJob - 1 else { continue }
            try await history.record(
                SeenCycle(
                    place: Self.place, at: Date(timeIntervalSince1970: Self.end), runs: batch, isImported: true))
            batch = []
        }
    }

    private static func key(_ job: Int) -> String {
        "00000000-0000-4000-8000-" + String(String(job + 1_000_000_000_000).suffix(12))
    }

    private static func run(_ number: Int, of job: Int, ago: Double) -> JobRun {
        // Random keys, as in the service.
        var random = UInt64(truncatingIfNeeded: number &* 1_000_003 &+ job)
        random = (random ^ (random >> 30)) &* 0xBF58_476D_1CE4_E5B9
        random = (random ^ (random >> 27)) &* 0x94D0_49BB_1331_11EB
        let digits = String(random, radix: 16)
        let hex = String(repeating: "0", count: 16 - digits.count) + digits
        let key = "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-4\(hex.suffix(3))-8000-" + Self.key(job).suffix(12)
        let fails = random % 20 == 0
        var run = JobRun(
            id: RunID(job: JobID(place: place, key: Self.key(job)), key: key), status: fails ? .failed : .success)
        let created = Date(timeIntervalSince1970: end - ago)
        run.jobName = "orders_\(job)_daily"
        run.name = "orders_\(job)_daily_\(Int(created.timeIntervalSince1970))"
        (run.created, run.started) = (created, created + 5.25)
        (run.ended, run.updated) = (created + 65.5, created + 65.5)
        run.executionDuration = .milliseconds(60_250)
        run.launch = .scheduled
        let person = job % 20
        run.createdBy = "ocid1.user.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\(person)"
        run.createdByName = "Person \(person)"
        run.runAs = run.createdBy
        if fails {
            run.stateMessage = "Task load failed"
            run.errorTrace =
                (0..<60).map { "  File \"/opt/app/module_\($0).py\", line \(random % 300 + UInt64($0)), in step\n" }
                .joined() + "KeyError: 'id_\(random % 300)'"
        }
        return run
    }

    /// The newest runs of every job. For some jobs, the newest run or its state differs from the previous cycle.
    private func cycle(changing changes: Int, attempt: Int, _ name: String) -> SeenCycle {
        let perJob = max(runs / Self.jobs, Self.runsOfCycle)
        let moment = Date(timeIntervalSince1970: Self.end + Double(attempt))
        let seen = (0..<Self.jobs).flatMap { job in
            (perJob - Self.runsOfCycle..<perJob).map { number in
                var run = Self.run(number, of: job, ago: Self.span * Double(perJob - number) / Double(perJob))
                guard number == perJob - 1, job < changes else { return run }
                run.updated = moment
                run.stateMessage = "\(name) \(attempt)"
                return run
            }
        }
        let answered = Dictionary(uniqueKeysWithValues: (0..<Self.jobs).map { (Self.key($0), moment) })
        let jobs = (0..<Self.jobs).map {
            Job(id: JobID(place: Self.place, key: Self.key($0)), name: "orders_\($0)_daily")
        }
        return SeenCycle(place: Self.place, at: moment, jobs: jobs, answered: answered, runs: seen)
    }
}
