import AIDP
import Foundation
import Runs
import TestSupport

@testable import Polling

/// The jobs of a workspace and their runs at any moment, computed from it: each job runs in its own rhythm. Moments count
/// from the beginning of polling; there were runs long before that.
struct SimulatedWorkspace {
    struct Rhythm {
        let period: Duration
        let phase: Duration
        /// How long a run waits, and how long it takes from its creation to its end.
        let wait: Duration
        let length: Duration
    }

    let jobs: [JobID]
    private let rhythms: [JobID: Rhythm]
    /// The newest run of a job that is over is repaired, and is over again, at these moments.
    var repair: (job: JobID, began: Duration, ended: Duration)?

    /// - Parameter active: which part of a period a run takes: so many jobs are active at any moment.
    init(jobs count: Int, periods: [Double] = [1_800, 3_600, 7_200, 86_400], active: Double = 0.03) {
        jobs = jobIDs(count)
        var noise = Noise(seed: 11)
        rhythms = Dictionary(
            uniqueKeysWithValues: jobs.enumerated().map { index, job in
                let period = periods[index % periods.count]
                let length = period * active * noise.next(in: 0.5...1.5)
                return (
                    job,
                    Rhythm(
                        period: .seconds(period), phase: .seconds(noise.next(in: 0...period)),
                        wait: .seconds(min(length / 2, noise.next(in: 1...60))), length: .seconds(length))
                )
            })
    }

    /// When a moment of the simulation is, by the service's clock.
    static func date(_ moment: Duration) -> Date { PlanSimulation.epoch.addingTimeInterval(moment / .seconds(1)) }

    private func number(of rhythm: Rhythm, at moment: Duration) -> Int {
        Int(((moment - rhythm.phase) / rhythm.period).rounded(.down))
    }

    private func run(_ number: Int, of job: JobID, _ rhythm: Rhythm, at moment: Duration) -> JobRun {
        let created = rhythm.phase + rhythm.period * number
        let isOver = moment >= created + rhythm.length
        let isStarted = moment >= created + rhythm.wait
        var run = JobRun(
            id: RunID(job: job, key: "\(job.key)/\(number)"),
            status: isOver ? (number % 7 == 0 ? .failed : .success) : isStarted ? .running : .queued)
        run.created = Self.date(created)
        if isStarted { run.started = Self.date(created + rhythm.wait) }
        if isOver { run.ended = Self.date(created + rhythm.length) }
        if let repair, repair.job == job, moment >= repair.began, created + rhythm.length < repair.began,
            created + rhythm.period + rhythm.length >= repair.began
        {
            run.status = moment < repair.ended ? .running : .success
            run.ended = moment < repair.ended ? nil : Self.date(repair.ended)
        }
        return run
    }

    /// A job's newest runs.
    func runs(of job: JobID, at moment: Duration, most: Int = 5) -> [JobRun] {
        guard let rhythm = rhythms[job] else { return [] }
        let newest = number(of: rhythm, at: moment)
        return (0..<most).map { run(newest - $0, of: job, rhythm, at: moment) }
    }

    /// The runs created since a date.
    func runs(since date: Date, until: Date = .distantFuture, at moment: Duration) -> [JobRun] {
        let since = Duration.seconds(date.timeIntervalSince(PlanSimulation.epoch))
        return jobs.flatMap { job -> [JobRun] in
            guard let rhythm = rhythms[job] else { return [] }
            let first = -Int(((rhythm.phase - since) / rhythm.period).rounded(.down))
            let newest = number(of: rhythm, at: moment)
            guard first <= newest else { return [] }
            return (first...newest).map { run($0, of: job, rhythm, at: moment) }
                .filter { ($0.created ?? .distantPast) <= until }
        }
    }

    /// The runs that can be asked for as active.
    func activeRuns(at moment: Duration) -> [JobRun] {
        jobs.flatMap { job -> [JobRun] in
            guard let rhythm = rhythms[job] else { return [] }
            let newest = number(of: rhythm, at: moment)
            let isRepaired = repair?.job == job
            let sinceCreation = moment - rhythm.phase - rhythm.period * newest
            guard isRepaired || sinceCreation < rhythm.length else { return [] }
            return (0..<2).map { run(newest - $0, of: job, rhythm, at: moment) }.filter(\.status.isActive)
        }
    }

    /// When runs of a job changed within a stretch of time: created, started, ended.
    func changes(of job: JobID, after start: Duration, until end: Duration) -> [Duration] {
        guard let rhythm = rhythms[job] else { return [] }
        let numbers = number(of: rhythm, at: start - rhythm.length)...number(of: rhythm, at: end)
        var moments = numbers.flatMap { number -> [Duration] in
            let created = rhythm.phase + rhythm.period * number
            return [created, created + rhythm.wait, created + rhythm.length]
        }
        if let repair, repair.job == job { moments += [repair.began, repair.ended] }
        return moments.filter { $0 > start && $0 <= end }.sorted()
    }

    /// What the service answers.
    func reply(to request: PollRequest, at moment: Duration) -> PlanSimulation.Reply {
        switch request {
        case .jobs: .jobs(jobs)
        case .runs(let asked): .these(asked.flatMap { runs(of: $0, at: moment) })
        case .newRuns(let since): .these(runs(since: since, at: moment))
        case .activeRuns: .these(activeRuns(at: moment))
        case .pastRuns(let window):
            .these(runs(since: window.since, until: window.until ?? .distantFuture, at: moment))
        case .tasks: .tasks
        }
    }
}

/// What came of a simulation: how old rows were, and how late changes were seen.
struct Staleness {
    /// The oldest row at the end of a cycle, and the latest change that was seen.
    private(set) var oldestRow: Duration = .zero
    private(set) var latestChange: Duration = .zero
    /// Changes after which the row was confirmed before it was right.
    private(set) var wronglyConfirmed = 0

    /// - Parameters:
    ///   - answers: when each job was asked for and answered, in order.
    ///   - start: moments before it do not count: the board is being filled.
    init(
        of workspace: SimulatedWorkspace, answers: [JobID: [Duration]], confirmations: [(at: Duration, jobs: [JobID])],
        cycles: [Duration], from start: Duration, until end: Duration
    ) {
        var confirmed: [JobID: [Duration]] = [:]
        for (moment, jobs) in confirmations {
            for job in jobs { confirmed[job, default: []].append(moment) }
        }
        for job in workspace.jobs {
            let answered = answers[job] ?? []
            let confirmations = confirmed[job] ?? []
            for change in workspace.changes(of: job, after: start, until: end) {
                let seen = Self.first(in: answered) { $0 >= change } ?? end
                latestChange = max(latestChange, seen - change)
                if let next = Self.first(in: confirmations, where: { $0 > change }), next < seen {
                    wronglyConfirmed += 1
                }
            }
            let fresh = (answered + confirmations).sorted()
            var index = 0
            for cycle in cycles where cycle > start && cycle <= end {
                while index < fresh.count, fresh[index] <= cycle { index += 1 }
                oldestRow = max(oldestRow, cycle - (index > 0 ? fresh[index - 1] : .zero))
            }
        }
    }

    /// The first of sorted moments for which a condition holds that holds for all later ones.
    private static func first(in moments: [Duration], where holds: (Duration) -> Bool) -> Duration? {
        var (low, high) = (0, moments.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(moments[middle]) { high = middle } else { low = middle + 1 }
        }
        return low < moments.count ? moments[low] : nil
    }
}
