import Foundation
import Runs
import Screen

/// The page of a job: what it shows in addition to the board, and the page as a text.
struct JobPage: Hashable, Sendable {
    let job: JobID
    /// The job as last listed: it stays when the service no longer lists it.
    private(set) var entry: JobEntry
    /// What the known runs show: those of the board, and all runs of the history once these are read.
    private(set) var habits = JobHabits()
    /// The text on the screen, from the last `arrange()`.
    var document = JobDocument()
    private var recalled: [PastRun] = []
    /// The causes of the failures on the board, by run key.
    private var causes: [String: String] = [:]
    /// The runs from which the habits were computed.
    private var known: (history: JobHistory, runs: [JobRun])? {
        get { knownHistory.map { ($0, knownRuns) } }
        set { (knownHistory, knownRuns) = (newValue?.history, newValue?.runs ?? []) }
    }
    private var knownHistory: JobHistory?
    private var knownRuns: [JobRun] = []

    init(of entry: JobEntry, clock: WallClock) {
        job = entry.id
        self.entry = entry
        update(with: entry, clock: clock)
    }

    /// Adds all runs of the job from the history.
    mutating func recall(_ runs: [PastRun]) {
        recalled = runs
        known = nil
    }

    /// Updates the page from the board. The habits are computed again only if the runs have changed.
    mutating func update(with entry: JobEntry?, clock: WallClock) {
        guard let entry else { return }
        self.entry = entry
        if let known, known.history == entry.history, known.runs == entry.runs { return }
        known = (entry.history, entry.runs)
        for run in entry.runs {
            if let cause = entry.cause(of: run) { causes[run.id.key] = cause.text }
        }
        var past = JobHistory(recalled)
        past.learn(entry.history.runs)
        for run in recalled where run.cause != nil && causes[run.key] == nil { causes[run.key] = run.cause }
        habits = JobHabits(of: past.runs, causes: causes, clock: clock)
        if let run = entry.latestConclusive, let cause = entry.currentCause {
            habits.recurrence = CauseRecurrence(ofRun: run.id.key, signature: cause.signature, among: past.runs) {
                (causes[$0.key] ?? $0.cause).map(FailureCause.signature)
            }
        }
    }
}

/// The parts of a job's page that depend only on its runs, not on the time.
struct JobHabits: Hashable, Sendable {
    /// Oldest first.
    private(set) var runs: [PastRun] = []
    private(set) var failures: [FailureGroup] = []
    /// The usual start times.
    private(set) var week = WeekMap()
    /// The durations of its successful runs, oldest first.
    private(set) var durations: [Duration] = []
    /// Whether the job has failed before for its current cause.
    var recurrence: CauseRecurrence?

    init() {}

    /// - Parameter causes: additional causes, by run key.
    init(of runs: [PastRun], causes: [String: String], clock: WallClock) {
        self.runs = runs
        failures = FailureGroup.groups(of: runs.lazy.filter(\.status.isFailure), causes: causes)
        week = WeekMap(of: runs.lazy.filter { $0.status != .skipped }.compactMap(\.moment), clock: clock)
        durations = runs.lazy.filter { $0.status == .success }.compactMap(\.finalDuration)
    }
}

/// The failures with the same cause.
struct FailureGroup: Hashable, Sendable {
    /// The line that names the cause of the newest failure, or otherwise its status.
    let cause: SafeText
    let count: Int
    let newest: Date?

    /// Groups the failures by cause, the most frequent first. Causes with the same signature are the same: they may differ
    /// in the executor, the row or the time.
    static func groups(of failures: some Sequence<PastRun>, causes: [String: String]) -> [FailureGroup] {
        var groups: [String: FailureGroup] = [:]
        for run in failures {
            let known = [run.cause, causes[run.key]].lazy.compactMap(\.self).first { !$0.isEmpty }
            let cause = known.map { SafeText($0) } ?? run.status.word + ", and no line of a trace that names the cause"
            let key = known.map(FailureCause.signature) ?? run.status.wireValue
            groups[key] = FailureGroup(cause: cause, count: (groups[key]?.count ?? 0) + 1, newest: run.moment)
        }
        return groups.sorted { left, right in
            if left.value.count != right.value.count { return left.value.count > right.value.count }
            let (leftMoment, rightMoment) = (left.value.newest ?? .distantPast, right.value.newest ?? .distantPast)
            return leftMoment == rightMoment ? left.key < right.key : leftMoment > rightMoment
        }.map(\.value)
    }
}

/// The page of a job on the whole screen.
struct JobView: Hashable, Sendable {
    var page: JobPage
    var pager = Pager()

    init(of entry: JobEntry, clock: WallClock) { page = JobPage(of: entry, clock: clock) }

    /// Shows a new text in a part of the screen of this size.
    mutating func show(_ new: JobDocument, in size: Size) {
        page.document = new
        let layout = layout(in: size)
        pager.clamp(to: layout)
        pager.lastLine = pager.bottom(in: layout).line
    }

    /// The text laid out for a part of the screen of this size.
    func layout(in size: Size) -> PagerLayout { PagerLayout(page.document.text, size: size, wraps: pager.wraps) }
}
