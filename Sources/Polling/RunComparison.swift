import Foundation
import Runs

/// The runs of the newest answers beside those of the newest lists: what is news, and what the lists should have had.
struct RunComparison: Sendable, Equatable {
    /// The runs of each job's newest answer.
    private var answers: [JobID: [JobRun]] = [:]
    /// The jobs among them with a run that is not over.
    private var openJobs: Set<JobID> = []
    /// The runs of the newest lists, by job.
    private var listed: [Sweep.Listing: [JobID: [RunMark]]] = [:]
    /// Runs that an answer had and no list yet, and since when.
    private var unlisted: [RunID: Duration] = [:]
    /// Runs that were over in an answer, and active in the list before it, and since when.
    private var contradicted: [RunID: Duration] = [:]
    /// Whether an answer had a run that the list of new runs should have had, and that no later list can have.
    private(set) var hasLostRun = false

    /// Whether a run is unknown, or in another state than in the newest answer and in the newest lists.
    func isNews(_ run: JobRun) -> Bool {
        let mark = RunMark(run)
        if answers[run.job]?.contains(where: { RunMark($0) == mark }) == true { return false }
        return !Sweep.Listing.allCases.contains { listed[$0]?[run.job]?.contains(mark) == true }
    }

    /// The jobs with an active run that is missing from the list of active runs.
    var jobsWithEndedRuns: [JobID] {
        openJobs.filter { job in
            answers[job]?.contains { RunMark($0).isOpen && !isListed($0.id, .activeRuns) } ?? false
        }
    }

    private func isListed(_ run: RunID, _ listing: Sweep.Listing) -> Bool {
        listed[listing]?[run.job]?.contains { $0.key == run.key } == true
    }

    /// Takes the runs of a list. An incomplete one adds to the list before.
    mutating func list(_ runs: [JobRun], _ listing: Sweep.Listing, isComplete: Bool) {
        let marks = Dictionary(grouping: runs, by: \.job).mapValues { $0.map { RunMark($0) } }
        if isComplete { listed[listing] = marks } else { listed[listing, default: [:]].merge(marks) { _, new in new } }
    }

    /// Whether a whole list that was asked for at a moment has what answers had ``Sweep/margin`` before.
    mutating func isHonest(_ listing: Sweep.Listing, began: Duration) -> Bool {
        switch listing {
        case .newRuns:
            unlisted = unlisted.filter { !isListed($0.key, listing) }
            return !unlisted.values.contains { began >= $0 + Sweep.margin }
        case .activeRuns:
            contradicted = contradicted.filter { isListed($0.key, listing) }
            return !contradicted.values.contains { began >= $0 + Sweep.margin }
        }
    }

    /// Learns from an answer. Returns the jobs whose answer is behind the list of new runs.
    ///
    /// - Parameters:
    ///   - window: what the lists of new runs cover so far, by the moments of creation; `nil` without such lists.
    ///   - hadNews: whether a list has just named the job: then its new runs prove nothing.
    mutating func learn(
        _ found: ChunkRuns, window: ClosedRange<Date>?, at now: Duration, hadNews: (JobID) -> Bool
    ) -> [JobID] {
        let byJob = Dictionary(grouping: found.runs, by: \.job)
        var behind: [JobID] = []
        for job in found.answered {
            let runs = byJob[job] ?? []
            if let window, !hadNews(job) { compare(runs, of: job, window: window, at: now) }
            let marks = runs.map { RunMark($0) }
            for mark in marks where mark.isOpen { contradicted[RunID(job: job, key: mark.key)] = nil }
            if isBehind(marks, of: job) { behind.append(job) }
            answers[job] = runs
            if marks.contains(where: \.isOpen) { openJobs.insert(job) } else { openJobs.remove(job) }
        }
        return behind
    }

    /// Keeps in mind what the lists should have had.
    private mutating func compare(_ runs: [JobRun], of job: JobID, window: ClosedRange<Date>, at now: Duration) {
        guard let before = answers[job] else { return }
        let newest = max(before.compactMap(\.created).max() ?? window.lowerBound, window.lowerBound)
        for run in runs {
            if let created = run.created, created > newest,
                !Sweep.Listing.allCases.contains(where: { isListed(run.id, $0) })
            {
                unlisted[run.id] = unlisted[run.id] ?? now
                // Later runs were listed since, and this one never was.
                if created.later(by: Sweep.margin) <= window.upperBound { hasLostRun = true }
            }
            if !RunMark(run).isOpen, isListed(run.id, .activeRuns) {
                contradicted[run.id] = contradicted[run.id] ?? now
            }
        }
    }

    /// Whether a job's answer lacks a newer run that the list of new runs has, or has one active that is over there.
    private func isBehind(_ answer: [RunMark], of job: JobID) -> Bool {
        guard let list = listed[.newRuns]?[job] else { return false }
        let newest = answer.compactMap(\.created).max() ?? .distantPast
        return list.contains { run in
            guard let answered = answer.first(where: { $0.key == run.key }) else {
                return run.created.map { $0 > newest } ?? false
            }
            return answered.isOpen && !run.isOpen
        }
    }

    /// Forgets the jobs that are not listed any more.
    mutating func watch(_ jobs: Set<JobID>) {
        answers = answers.filter { jobs.contains($0.key) }
        openJobs.formIntersection(jobs)
        unlisted = unlisted.filter { jobs.contains($0.key.job) }
        contradicted = contradicted.filter { jobs.contains($0.key.job) }
    }

    /// Forgets lists that are not used any more, and what they should have had.
    mutating func forgetLists(_ listings: [Sweep.Listing]) {
        for listing in listings {
            listed[listing] = nil
            switch listing {
            case .newRuns: (unlisted, hasLostRun) = ([:], false)
            case .activeRuns: contradicted = [:]
            }
        }
    }
}

/// What of a run tells whether its row has changed.
struct RunMark: Sendable, Hashable {
    let key: String
    let status: RunStatus
    let created: Date?
    let started: Date?
    let ended: Date?

    init(_ run: JobRun) {
        (key, status) = (run.id.key, run.status)
        (created, started, ended) = (run.created, run.started, run.ended)
    }

    /// Whether it may still change. A run with a status that is not known is over when it has an end.
    var isOpen: Bool {
        switch status.meaning {
        case .active: true
        case .unknown: ended == nil
        case .succeeded, .failed, .inconclusive: false
        }
    }
}
