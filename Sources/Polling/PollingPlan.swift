import AIDP
import Foundation
import Runs

/// One request of the plan: one call, and the calls for its further pages.
enum PollRequest: Sendable, Hashable {
    /// `GET …/jobs`, all pages.
    case jobs
    /// `GET …/jobRuns`, all pages: the runs of all jobs created since a time.
    case newRuns(since: Date)
    /// `GET …/jobRuns`, all pages: the unfinished runs of all jobs.
    case activeRuns
    /// `GET …/jobRuns`, all pages: the runs of all jobs created in a past period.
    case pastRuns(PastWindow)
    /// `GET …/recentJobRuns` for one chunk.
    case runs(of: [JobID])
    /// `GET …/taskRuns`, all pages.
    case tasks(of: RunID)

    /// The list of a sweep that this requests; `nil` for other requests.
    var listing: Sweep.Listing? {
        switch self {
        case .newRuns: .newRuns
        case .activeRuns: .activeRuns
        case .jobs, .pastRuns, .runs, .tasks: nil
        }
    }

    /// Whether it requests runs for the board, by job or as a list.
    var isForRuns: Bool { if case .runs = self { true } else { listing != nil } }
    /// Whether it requests a list of a cycle: of the jobs, or of the runs of all jobs.
    var isList: Bool { self == .jobs || listing != nil }
}

/// Decides which requests to send and when. A pure value: times since polling began and answers go in, requests come out.
///
/// The caller calls ``next(at:random:)`` until it says to wait, and again after each answer, each command, and at the time
/// it names. The first cycles request every job. After that a cycle begins with the lists of ``Sweep``, and requests the
/// jobs for which they show changes and those whose turn it is. Without lists, or with few jobs, a cycle first requests the
/// jobs that are active, were never answered or have just failed, then those whose answer is oldest. The request budget
/// limits each cycle; later cycles request the rest. ``Backfill`` uses what remains of the budget.
struct PollingPlan: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// A cycle begins.
        case begin
        case ask(PollRequest)
        /// The cycle has ended; `notes` are for the operator.
        case end(notes: [String])
        /// Nothing to do before this time; `nil` if only an answer or a command can change that.
        case wait(until: Duration?)
    }

    let settings: PollingSettings
    var pace: Pace
    var bucket: TokenBucket?
    var watchlist: Watchlist
    var sweep: Sweep
    var backfill: Backfill
    var cycle: Cycle?
    /// When the next cycle is due by the pace or a command; ``nextStart`` is when it actually begins.
    var nextCycle: Duration = .zero
    /// The first cycle fills an empty screen, so it runs as fast as it can.
    private var isFirstCycle = true
    var isPaused = false
    /// The operator requested a cycle while paused.
    var isOnceWanted = false
    /// When to request the list of jobs again; `nil` for never.
    var jobListDue: Duration?
    var tasksWanted: [RunID] = []
    var tasksUnderWay = 0
    /// The newest error that holds back all requests.
    var refusal: ServiceError?

    /// Creates a plan within the budget of its settings, or without a budget if `unmetered`, for a single pass.
    init(settings: PollingSettings, place: Place, unmetered: Bool = false) {
        self.settings = settings
        pace = Pace(interval: settings.interval.duration)
        bucket = unmetered ? nil : TokenBucket(burst: settings.burst, perMinute: settings.requestsPerMinute)
        watchlist = Watchlist(largestChunk: settings.jobsPerRequest)
        var isForWorkspace = false
        if case .workspace = settings.scope { isForWorkspace = true }
        sweep = Sweep(isOn: settings.usesSweep && isForWorkspace && !unmetered)
        backfill = Backfill(unmetered ? [] : settings.backfill)
        switch settings.scope {
        case .keys(let keys): watchlist.watch(keys.map { JobID(place: place, key: $0) })
        case .workspace: jobListDue = .zero
        }
    }

    /// The watched jobs, in the order of the list.
    var watched: [JobID] { watchlist.jobs }
    /// The configured interval.
    var interval: Duration { pace.interval }
    /// When the next cycle begins: never before the retry time of a 429, whichever request got it.
    var nextStart: Duration { max(nextCycle, pace.rateLimitedUntil) }
}

// MARK: - What to do now

extension PollingPlan {
    /// The next step. `random` returns a number within a range, for the jitter.
    mutating func next(at now: Duration, random: (ClosedRange<Double>) -> Double) -> Step {
        if let over = cycle, over.isOver { return end(over, at: now, random: random) }
        guard let tasks = nextTasks(at: now) else { return nextOfCycle(at: now) }
        guard tasks > now else {
            tasksUnderWay += 1
            bucket?.consume(1, at: now)
            return .ask(.tasks(of: tasksWanted.removeFirst()))
        }
        let step = nextOfCycle(at: now)
        guard case .wait(let moment) = step else { return step }
        return .wait(until: moment.map { min($0, tasks) } ?? tasks)
    }

    /// When the first of the wanted tasks can be requested.
    private func nextTasks(at now: Duration) -> Duration? {
        guard !tasksWanted.isEmpty, tasksUnderWay < settings.concurrency else { return nil }
        return max(nextToken(at: now), pace.rateLimitedUntil)
    }

    private mutating func nextOfCycle(at now: Duration) -> Step {
        if cycle == nil { return nextWhileIdle(at: now) }
        guard let opening = cycle?.nextOpening(concurrency: settings.concurrency) else { return .wait(until: nil) }
        let start = max(opening, nextToken(at: now))
        guard start <= now, let request = cycle?.begin(at: now) else { return .wait(until: start) }
        bucket?.consume(1, at: now)
        if let listing = request.listing { sweep.asked(listing, at: now) }
        return .ask(request)
    }

    private mutating func nextWhileIdle(at now: Duration) -> Step {
        if isPaused && !isOnceWanted { return .wait(until: nil) }
        let start = max(nextStart, nextToken(at: now))
        guard start <= now else {
            guard let past = nextOfPast(at: now) else { return .wait(until: start) }
            bucket?.consume(1, at: now)
            return .ask(past)
        }
        isOnceWanted = false
        begin(at: now)
        return .begin
    }

    /// The next request of the backfill; `nil` while it would delay other requests.
    private mutating func nextOfPast(at now: Duration) -> PollRequest? {
        guard backfill.isWanted, !isPaused, pace.trouble == nil, now >= pace.rateLimitedUntil, sweep.isThere(at: now),
            let bucket, bucket.available(at: now) > settings.burst / 2, !watchlist.isEmpty, watchlist.isWhole
        else { return nil }
        return backfill.next(at: now, serviceTime: sweep.latestServiceTime(at: now))
    }

    /// Starts a cycle. It requests the runs first and the list of jobs last, so that a failing list does not stop the runs.
    /// While no job is known, it requests the list alone. A probe starts with a request for runs of a chunk, so that failing
    /// lists of runs do not stop them either.
    private mutating func begin(at now: Duration) {
        var cycle = Cycle(
            began: now, isProbe: pace.trouble != nil, endsAtFirstFailure: pace.isBreakerOpen,
            allowance: allowance(at: now), target: isFirstCycle ? nil : pace.interval / 2)
        isFirstCycle = false
        let isListDue = jobListDue.map { $0 <= now } ?? false
        if isListDue { cycle.allowance = max(1, cycle.allowance - 1) }
        self.cycle = cycle
        backfill.cycleBegins()
        let lists = sweep.begin(
            requests: watchlist.requestsForAll(at: now), interval: pace.interval, at: now,
            oldestAnswer: { watchlist.oldestAnswer(since: $0) })
        if !lists.isEmpty && cycle.isProbe {
            self.cycle?.append(watchlist.chunks(requests: 1, excluding: [], isProbe: true, at: now))
        }
        for list in lists { self.cycle?.append(list) }
        let left = (self.cycle?.allowance ?? 0) - lists.count
        self.cycle?.allowance = max(1, left)
        fill(at: now)
        if isListDue { self.cycle?.append(.jobs) }
    }

    /// Queues the chunks that are due, unless the cycle has stopped or waits for lists of runs.
    mutating func fill(at now: Duration) {
        guard let cycle, cycle.stop == nil, !sweep.isPending else { return }
        if let followsActive = sweep.followsActive {
            self.cycle?.append(
                watchlist.selection(
                    requests: cycle.allowance, excluding: cycle.asked, followsActive: followsActive,
                    interval: pace.effective, at: now))
        } else {
            self.cycle?.append(
                watchlist.chunks(
                    requests: cycle.allowance, excluding: cycle.asked, isProbe: cycle.isProbe, at: now))
        }
    }

    /// How many requests a cycle may plan: the available tokens, or those added in half an interval, whichever is more.
    private func allowance(at now: Duration) -> Int {
        guard let bucket else { return .max / settings.jobsPerRequest }
        let added = pace.effective / .seconds(2) * bucket.perSecond
        return max(1, bucket.available(at: now), Int(min(added, 1e6)))
    }

    private mutating func end(_ cycle: Cycle, at now: Duration, random: (ClosedRange<Double>) -> Double) -> Step {
        let notes = cycle.notes(watched: watchlist.jobs, budget: settings.requestsPerMinute) + sweep.notes
        pace.cycle(from: cycle.began, to: now, was: cycle.result)
        let wasPaused = cycle.stop == .paused && !isPaused
        nextCycle = max(wasPaused ? pace.earliest(at: now) : pace.nextCycle(random: random), nextToken(at: now))
        self.cycle = nil
        return .end(notes: notes)
    }

    /// When the budget allows the next request: now, if there is no budget.
    private func nextToken(at now: Duration) -> Duration { bucket?.nextToken(at: now) ?? now }
}
