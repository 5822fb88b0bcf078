import Foundation
import History
import Polling
import Runs

/// The events of the poller that are not in the history yet.
struct PendingCycle: Sendable {
    private let place: Place
    private var placeName: String?
    private var jobs: [Job]?
    private var answered: [String: Date] = [:]
    private var runs: [JobRun] = []
    private var pastLeft: [ClosedRange<Date>]?
    private var at = Date.distantPast

    /// About the runs of 5,000 jobs. Beyond that, the oldest states of runs are dropped first, then the oldest runs.
    static let mostRuns = 50_000

    init(place: Place) { self.place = place }

    /// Adds the contents of an event.
    mutating func add(_ event: PollEvent) {
        switch event {
        case .jobsListed(let jobs, let moment):
            self.jobs = jobs
            at = max(at, moment)
        case .runs(let runs, let jobs, let moment):
            for job in jobs { answered[job.key] = moment }
            add(runs)
            at = max(at, moment)
        case .runsFound(let runs, _, let moment):
            add(runs)
            at = max(at, moment)
        case .backfill(let progress) where progress.stopped == nil:
            // Written in the same transaction as the runs that were found before.
            pastLeft = progress.left.compactMap { left in left.until.map { left.since...max(left.since, $0) } }
        case .workspaceNamed(let name):
            placeName = name
        case .confirmed(let jobs, let moment):
            for job in jobs { answered[job.key] = moment }
            at = max(at, moment)
        default:
            break
        }
    }

    private mutating func add(_ newer: [JobRun]) {
        runs += newer
        guard runs.count > Self.mostRuns else { return }
        var byID: [RunID: JobRun] = [:]
        for run in runs { byID[run.id] = run }
        let moment = { (run: JobRun) in run.moment ?? .distantPast }
        runs = Array(byID.values.sorted { moment($0) < moment($1) }.suffix(Self.mostRuns / 2))
    }

    /// Removes and returns the cycle to write; `nil` if there is nothing to write.
    mutating func take() -> SeenCycle? {
        guard jobs != nil || !answered.isEmpty || !runs.isEmpty || pastLeft != nil else { return nil }
        let cycle = SeenCycle(
            place: place, at: at, placeName: placeName, jobs: jobs, answered: answered, runs: runs,
            pastLeft: pastLeft)
        self = PendingCycle(place: place)
        return cycle
    }

    /// Adds a cycle again that could not be written. Events that arrived meanwhile are newer.
    mutating func putBack(_ cycle: SeenCycle) {
        let newer = self
        (placeName, jobs, answered, runs, at) = (
            newer.placeName ?? cycle.placeName, newer.jobs ?? cycle.jobs,
            cycle.answered.merging(newer.answered) { _, newer in newer }, cycle.runs, max(newer.at, cycle.at)
        )
        pastLeft = newer.pastLeft ?? cycle.pastLeft
        add(newer.runs)
    }
}
