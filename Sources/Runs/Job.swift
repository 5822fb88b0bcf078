import Foundation

/// A job of the workspace, without its runs.
package struct Job: Hashable, Sendable, Identifiable {
    package let id: JobID
    /// The display name; `nil` while only the key is known.
    package var name: String?
    /// The folder and file of the job in the workspace.
    package var path: String?
    /// The schedule; `nil` for a job that people or other jobs start.
    package var schedule: JobSchedule?

    package init(id: JobID, name: String? = nil, path: String? = nil, schedule: JobSchedule? = nil) {
        self.id = id
        self.name = name
        self.path = path
        self.schedule = schedule
    }
}

/// A job with everything known about its runs.
///
/// Thousands of entries are sorted, filtered and counted on a key press, so copies share their fields.
package struct JobEntry: Hashable, Sendable, Identifiable {
    private struct Fields: Hashable, Sendable {
        var job: Job
        var runs: [JobRun] = []
        var lastSeen: Set<RunID> = []
        /// The causes of the failed runs, by run key.
        var causes: [String: FailureCause] = [:]
        var freshness: Freshness = .never
        var history = JobHistory()
        var outlook = JobOutlook()
        /// Since when the schedule is known to apply; set if it changed while runtop watched the job.
        var scheduleValidFrom: Date?
        /// The indices of the active runs in `runs`, kept because every sort needs them.
        var activeIndices: [Int] = []
        /// The index in `runs` of the newest run that succeeded or failed.
        var conclusiveIndex: Int?
    }

    private var fields: Shared<Fields>

    package init(job: Job) { fields = Shared(Fields(job: job)) }

    package static func == (left: JobEntry, right: JobEntry) -> Bool {
        left.fields.isSame(as: right.fields) || left.fields.value == right.fields.value
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }

    package var job: Job { fields.value.job }

    /// The known runs, newest first: those of the newest answer, and earlier ones that still matter.
    package var runs: [JobRun] { fields.value.runs }

    /// The runs that the newest answer no longer contains: they are shown in their last known state.
    package var lastSeen: Set<RunID> { fields.value.lastSeen }

    var causes: [String: FailureCause] { fields.value.causes }

    package var freshness: Freshness {
        get { fields.value.freshness }
        set { fields.change { $0.freshness = newValue } }
    }

    /// The newest runs in the known past: from the answers and from the history.
    package var history: JobHistory { fields.value.history }

    /// The verdicts on the job as time passes; computed when the runs change.
    var outlook: JobOutlook { fields.value.outlook }

    package var id: JobID { job.id }

    /// The usual values, from the history.
    package var statistics: JobStatistics { outlook.statistics }

    /// A job as the board would have known it at a past time, from its history alone.
    package init(job: Job, history: JobHistory, at moment: Date) {
        self.init(job: job)
        let known = history.asOf(moment)
        let newest = known.runs.suffix(Self.mostListed)
        // As on a board: earlier runs that still matter stay after newer runs replace them in the answer.
        let older = known.runs.dropLast(newest.count)
        let kept = known.activeRuns.filter { run in older.contains { $0.key == run.key } }
        let conclusive = newest.contains(where: \.status.isConclusive) ? nil : older.last(where: \.status.isConclusive)
        let runs = (newest + kept + [conclusive].compactMap(\.self)).map { JobRun($0, of: job.id) }.newestFirst()
        fields.change {
            $0.runs = runs
            $0.activeIndices = runs.indices.filter { runs[$0].status.isActive }
            $0.conclusiveIndex = runs.firstIndex { $0.status.isConclusive }
            $0.freshness = .fresh(at: moment)
            $0.history = known
        }
        lookAhead()
    }

    /// The most runs in an answer.
    private static let mostListed = 10

    package var latest: JobRun? { runs.first }

    /// The name to show: the name of the job, or of its newest run, or else the key.
    package var name: String {
        if let name = job.name, !name.isEmpty { return name }
        if let name = runs.first?.jobName, !name.isEmpty { return name }
        return id.key
    }

    package var latestFailure: JobRun? { runs.first { $0.status.isFailure } }

    /// The newest run that succeeded or failed.
    package var latestConclusive: JobRun? { fields.value.conclusiveIndex.map { runs[$0] } }

    /// Whether a failed run is being repaired, and no newer run succeeded or failed.
    package var isUnderRepair: Bool {
        runs.first { $0.status.isConclusive || ($0.status.isActive && $0.repaired != nil) }?.status.isActive ?? false
    }

    /// Whether any known run may still change.
    package var isActive: Bool { !fields.value.activeIndices.isEmpty }

    /// The runs that may still change, newest first.
    var activeRuns: [JobRun] { fields.value.activeIndices.map { runs[$0] } }

    /// The runs of the newest answer, newest first.
    package var listedRuns: [JobRun] { lastSeen.isEmpty ? runs : runs.filter { !lastSeen.contains($0.id) } }

    /// Replaces the runs by those of an answer, newest first; keeps earlier runs that still matter.
    mutating func replaceRuns(_ answered: [JobRun], cause: FailureCause.Finder) {
        let newest = withRepairs(answered)
        guard newest != runs || !lastSeen.isEmpty else { return }
        let kept = runsToKeep(after: newest)
        let causes = causes(of: newest + kept, cause: cause)
        fields.change { fields in
            fields.runs = kept.isEmpty ? newest : (newest + kept).newestFirst()
            fields.lastSeen = Set(kept.map(\.id))
            fields.causes = causes
            fields.activeIndices = fields.runs.indices.filter { fields.runs[$0].status.isActive }
            fields.conclusiveIndex = fields.runs.firstIndex { $0.status.isConclusive }
        }
        learn(past: newest.map { PastRun($0, cause: causes[$0.id.key]?.text) })
    }

    /// The runs of an answer, with the times of their repairs.
    private func withRepairs(_ answered: [JobRun]) -> [JobRun] {
        // Usually no run has been repaired, so skip the search.
        let mayBeRepaired = runs.filter { $0.repaired != nil || !$0.status.isActive }
        guard answered.contains(where: \.status.isActive) || mayBeRepaired.contains(where: { $0.repaired != nil })
        else { return answered }
        return answered.map { run in
            guard let earlier = mayBeRepaired.first(where: { $0.id == run.id }),
                let repaired = run.repair(after: earlier)
            else { return run }
            var run = run
            run.repaired = repaired
            return run
        }
    }

    /// The causes of failed runs. Each trace is parsed once: a run with an unchanged trace and message keeps its cause.
    private func causes(of newest: [JobRun], cause: FailureCause.Finder) -> [String: FailureCause] {
        let failures = newest.filter(\.status.isFailure)
        guard !failures.isEmpty else { return [:] }
        let known = Dictionary(
            runs.lazy.filter(\.status.isFailure).map { ($0.id.key, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [String: FailureCause] = [:]
        for run in failures {
            let before = known[run.id.key]
            let isSame =
                before.map { $0.errorTrace == run.errorTrace && $0.stateMessage == run.stateMessage } ?? false
            found[run.id.key] = isSame ? causes[run.id.key] : cause(run)
        }
        return found
    }

    /// Adds past runs to the history.
    mutating func learn(past: [PastRun]) {
        // Most runs of a long past are older than all that are kept.
        if history.runs.count >= JobHistory.mostRunsOnBoard, let oldest = history.runs.first?.moment,
            past.allSatisfy({ $0.moment.map { $0 < oldest } ?? false })
        {
            return
        }
        fields.change { $0.history.learn(past, keeping: JobHistory.mostRunsOnBoard) }
        lookAhead()
    }

    /// Updates the description of the job from a list of jobs received at `now`.
    mutating func describe(as job: Job, at now: Date?) {
        guard job != self.job else { return }
        let changed = self.job.schedule != job.schedule
        fields.change { $0.job = job }
        guard changed else { return }
        fields.change { $0.scheduleValidFrom = now ?? $0.scheduleValidFrom }
        lookAhead()
    }

    private mutating func lookAhead() {
        // Known runs that the answers no longer contain are not active, whatever their last known state.
        let active = activeRuns.reversed().map(PastRun.init(presentAttemptOf:))
        fields.change {
            $0.outlook = JobOutlook(
                of: $0.history, active: active, schedule: $0.job.schedule, validFrom: $0.scheduleValidFrom)
        }
    }

    /// Shows the remembered state of the job until the first answer or failure.
    mutating func recall(_ remembered: RememberedJob, cause: FailureCause.Finder) {
        guard freshness == .never else { return }
        replaceRuns(remembered.newest.newestFirst()) { remembered.causes[$0.id.key] ?? cause($0) }
        freshness = .remembered(at: remembered.lastSeen)
    }

    /// How many active runs are kept after the answers no longer contain them.
    private static let mostKept = 3

    /// The known runs that newer runs have displaced from the answer, but that still matter to the job's health:
    /// - active runs, the oldest ones, until a newer run has started, succeeded or failed. Newer runs that were skipped or
    ///   wait do not count: they may be behind a stuck run.
    /// - the newest run that succeeded or failed, until the answer contains another.
    private func runsToKeep(after newest: [JobRun]) -> [JobRun] {
        guard let first = newest.first else { return [] }
        let listed = Set(newest.map(\.id))
        // A missing run without newer runs in the answer was deleted by the service.
        let pushedOut = runs.filter { !listed.contains($0.id) && !$0.isNewer(than: first) }
        let active = pushedOut.filter { run in
            run.status.isActive
                && !newest.contains { $0.isNewer(than: run) && ($0.started != nil || $0.status.isConclusive) }
        }
        let conclusive =
            newest.contains(where: \.status.isConclusive) ? nil : pushedOut.first(where: \.status.isConclusive)
        return active.suffix(Self.mostKept) + [conclusive].compactMap(\.self)
    }
}

extension RunStatus {
    /// Whether the run has succeeded or failed, and so shows whether the job works.
    var isConclusive: Bool { meaning == .succeeded || meaning == .failed }
}

extension JobRun {
    /// Whether the run was created after another; a run without any date is the oldest.
    fileprivate func isNewer(than other: JobRun) -> Bool {
        (moment ?? .distantPast) > (other.moment ?? .distantPast)
    }
}

extension [JobRun] {
    /// The runs, newest first, equal ones by key, so that the order is stable. Of several runs with one key, keeps the last.
    package func newestFirst() -> [JobRun] {
        var byID: [RunID: JobRun] = [:]
        for run in self { byID[run.id] = run }
        return byID.values.sorted { left, right in
            let (leftMoment, rightMoment) = (left.moment ?? .distantPast, right.moment ?? .distantPast)
            return leftMoment == rightMoment ? left.id > right.id : leftMoment > rightMoment
        }
    }
}
