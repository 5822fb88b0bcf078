import Foundation
import Runs
import Screen

/// What the page of a job shows besides what the board knows of it, and the page itself as a text.
struct JobPage: Hashable, Sendable {
    let job: JobID
    /// The job as it was last listed: it stays when the service no longer lists it.
    private(set) var entry: JobEntry
    /// The runs known: those of the board, and all that the history has once it was asked.
    private(set) var habits = JobHabits()
    /// The text on the screen, as of the last `arrange()`.
    var document = JobDocument()
    private var recalled: [PastRun] = []
    /// The causes of the failures that the board has had, by the key of the run.
    private var causes: [String: String] = [:]
    /// The runs that the habits were made of.
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

    /// Takes the job's whole past from the history.
    mutating func recall(_ runs: [PastRun]) {
        recalled = runs
        known = nil
    }

    /// Takes over what the board knows of the job. Its habits are made anew only when its runs have changed.
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

/// What a job's page derives from its runs alone, whatever the time.
struct JobHabits: Hashable, Sendable {
    /// Oldest first.
    private(set) var runs: [PastRun] = []
    private(set) var failures: [FailureGroup] = []
    /// When its runs begin.
    private(set) var week = WeekMap()
    /// How long its successful runs took, oldest first.
    private(set) var durations: [Duration] = []
    /// Whether the job has failed before for the cause that breaks it now.
    var recurrence: CauseRecurrence?

    init() {}

    /// - Parameter causes: the causes known by the key of the run, besides those that the runs have.
    init(of runs: [PastRun], causes: [String: String], clock: WallClock) {
        self.runs = runs
        failures = FailureGroup.groups(of: runs.lazy.filter(\.status.isFailure), causes: causes)
        week = WeekMap(of: runs.lazy.filter { $0.status != .skipped }.compactMap(\.moment), clock: clock)
        durations = runs.lazy.filter { $0.status == .success }.compactMap(\.finalDuration)
    }
}

/// Failures with one cause.
struct FailureGroup: Hashable, Sendable {
    /// The line that names the cause of the newest; where none does, its status.
    let cause: SafeText
    let count: Int
    let newest: Date?

    /// The failures by their cause, the most frequent first. Causes with one signature are one: an executor, a row or a
    /// moment of its own does not make a failure another one.
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

/// The page of one job, over the whole screen.
struct JobView: Hashable, Sendable {
    var page: JobPage
    var pager = Pager()

    init(of entry: JobEntry, clock: WallClock) { page = JobPage(of: entry, clock: clock) }

    /// Shows the text as it is now, in a part of the screen of some size.
    mutating func show(_ new: JobDocument, in size: Size) {
        page.document = new
        let layout = layout(in: size)
        pager.clamp(to: layout)
        pager.lastLine = pager.bottom(in: layout).line
    }

    /// The text laid out for a part of the screen of some size.
    func layout(in size: Size) -> PagerLayout { PagerLayout(page.document.text, size: size, wraps: pager.wraps) }
}
