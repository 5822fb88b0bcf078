import AIDP
import Foundation
import Runs

/// One request of the plan: one call, and the pages that follow it.
enum PollRequest: Sendable, Hashable {
    /// `GET …/jobs`, all pages.
    case jobs
    /// `GET …/recentJobRuns` for one chunk.
    case runs(of: [JobID])
    /// `GET …/taskRuns`, all pages.
    case tasks(of: RunID)
}

/// What to ask for and when: a pure value. Moments, as time since polling began, and answers go in; requests come out.
///
/// The caller calls ``next(at:random:)`` until it says to wait, and again after each answer, each command, and at the
/// moment it names. A cycle asks first for the jobs that are active, were never answered or have just failed, then for
/// those whose answer is oldest, within the request budget; the rest are asked for in the cycles after it.
struct PollingPlan: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// A cycle begins.
        case begin
        case ask(PollRequest)
        /// The cycle is over; what an operator should know of it.
        case end(notes: [String])
        /// Nothing to do before this moment; `nil` when only an answer or a command changes that.
        case wait(until: Duration?)
    }

    /// How long a failed list of jobs is not asked for again, at most.
    private static let jobListRetry: Duration = .seconds(60)

    private let settings: PollingSettings
    private(set) var pace: Pace
    private var bucket: TokenBucket?
    private var watchlist: Watchlist
    private var cycle: Cycle?
    /// When the next cycle is due by the pace and the operator; ``nextStart`` is when it begins.
    private var nextCycle: Duration = .zero
    /// The first cycle fills an empty screen, so it goes as fast as it can.
    private var isFirstCycle = true
    private var isPaused = false
    /// A cycle was asked for while paused.
    private var isOnceWanted = false
    /// When the list of jobs is to be asked for again; `nil` when it never is.
    private var jobListDue: Duration?
    private var tasksWanted: [RunID] = []
    private var tasksUnderWay = 0
    /// The newest error that holds every request back.
    private var refusal: ServiceError?

    /// A plan within the budget of its settings, or `unmetered` for a single pass that nothing follows.
    init(settings: PollingSettings, place: Place, unmetered: Bool = false) {
        self.settings = settings
        pace = Pace(interval: settings.interval.duration)
        bucket = unmetered ? nil : TokenBucket(burst: settings.burst, perMinute: settings.requestsPerMinute)
        watchlist = Watchlist(largestChunk: settings.jobsPerRequest)
        switch settings.scope {
        case .keys(let keys): watchlist.watch(keys.map { JobID(place: place, key: $0) })
        case .workspace: jobListDue = .zero
        }
    }

    /// The jobs watched, in the order of the list.
    var watched: [JobID] { watchlist.jobs }
    /// The interval set.
    var interval: Duration { pace.interval }
    /// When the next cycle begins: never before the moment that a 429 named, to whichever request.
    private var nextStart: Duration { max(nextCycle, pace.rateLimitedUntil) }
}

// MARK: - What to do now

extension PollingPlan {
    /// The next thing to do. `random` returns a number within a range, for the jitter.
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

    /// When the first of the tasks wanted can be asked for.
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
        return .ask(request)
    }

    private mutating func nextWhileIdle(at now: Duration) -> Step {
        if isPaused && !isOnceWanted { return .wait(until: nil) }
        let start = max(nextStart, nextToken(at: now))
        guard start <= now else { return .wait(until: start) }
        isOnceWanted = false
        begin(at: now)
        return .begin
    }

    /// Begins a cycle: the runs first and the list of jobs last, so that a list that fails does not stop the runs. While
    /// no job is known, the cycle is the list alone.
    private mutating func begin(at now: Duration) {
        var cycle = Cycle(
            began: now, isProbe: pace.trouble != nil, endsAtFirstFailure: pace.isBreakerOpen,
            allowance: allowance(at: now), target: isFirstCycle ? nil : pace.interval / 2)
        isFirstCycle = false
        let isListDue = jobListDue.map { $0 <= now } ?? false
        if isListDue { cycle.allowance = max(1, cycle.allowance - 1) }
        self.cycle = cycle
        fill(at: now)
        if isListDue { self.cycle?.append(.jobs) }
    }

    /// Queues the chunks that are due, unless the cycle sends nothing more.
    private mutating func fill(at now: Duration) {
        guard let cycle, cycle.stop == nil else { return }
        self.cycle?.append(
            watchlist.chunks(
                requests: cycle.allowance, excluding: cycle.asked, isProbe: cycle.isProbe, at: now))
    }

    /// The requests a cycle may plan: the tokens there are, or those that half an interval adds, if these are more.
    private func allowance(at now: Duration) -> Int {
        guard let bucket else { return .max / settings.jobsPerRequest }
        let added = pace.effective / .seconds(2) * bucket.perSecond
        return max(1, bucket.available(at: now), Int(min(added, 1e6)))
    }

    private mutating func end(_ cycle: Cycle, at now: Duration, random: (ClosedRange<Double>) -> Double) -> Step {
        let notes = cycle.notes(watched: watchlist.jobs, budget: settings.requestsPerMinute)
        pace.cycle(from: cycle.began, to: now, was: cycle.result)
        let wasPaused = cycle.stop == .paused && !isPaused
        nextCycle = max(wasPaused ? pace.earliest(at: now) : pace.nextCycle(random: random), nextToken(at: now))
        self.cycle = nil
        return .end(notes: notes)
    }

    /// When the budget has room for a request: now, without one.
    private func nextToken(at now: Duration) -> Duration { bucket?.nextToken(at: now) ?? now }
}

// MARK: - What became of a request

extension PollingPlan {
    /// What a failure means for the rows.
    struct Failure: Sendable, Equatable {
        /// The jobs whose request failed.
        var failed: [JobID] = []
        /// The jobs that were not asked for because of it.
        var givenUp: [JobID] = []
        /// The request is made again in smaller parts: the failure need not be reported.
        var isRetriedInParts = false
    }

    /// Applies an answer; returns what it means for the rows if it is a failure.
    mutating func apply(_ answer: Answer, at now: Duration, wall: Date) -> Failure? {
        switch answer.content {
        case .jobs(let jobs):
            listed(jobs.map(\.id), cost: answer.cost, at: now)
        case .runs(let found):
            let active = Set(found.runs.lazy.filter(\.status.isActive).map(\.job))
            answered(found.jobs, active: active, missing: found.missing, cost: answer.cost, at: now)
        case .tasks:
            tasksListed(cost: answer.cost, at: now)
        case .failed(let request, let error):
            return failed(request, error, cost: answer.cost, at: now, wall: wall)
        }
        return nil
    }

    /// The list of jobs was answered.
    mutating func listed(_ jobs: [JobID], cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        watchlist.watch(jobs)
        jobListDue = now + settings.jobListInterval
        cycle?.succeeded(.jobs, at: now)
        fill(at: now)
    }

    /// A chunk was answered; `active` are the jobs with a run that is not over, `missing` those without a run in an
    /// incomplete answer.
    mutating func answered(
        _ chunk: [JobID], active: Set<JobID>, missing: [JobID] = [], cost: RequestCost, at now: Duration
    ) {
        charge(cost, at: now)
        cycle?.succeeded(.runs(of: chunk), at: now)
        guard !missing.isEmpty else { return watchlist.answered(chunk, active: active, at: now) }
        watchlist.answered(chunk.filter { !missing.contains($0) }, active: active, at: now)
        watchlist.failed(missing, mayBeOneJob: true, at: now)
    }

    /// Tasks were answered.
    mutating func tasksListed(cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        tasksUnderWay -= 1
    }

    /// A request failed; `wall` is the time of the wall clock, by which the service says when to come back.
    mutating func failed(
        _ request: PollRequest, _ error: ServiceError, cost: RequestCost, at now: Duration, wall: Date
    ) -> Failure {
        charge(cost, at: now)
        let isRateLimited = learn(from: error, at: now, wall: wall)
        switch request {
        case .tasks:
            tasksUnderWay -= 1
            if isRateLimited { cycle?.rateLimited() }
            return Failure()
        case .jobs:
            let pause = isRateLimited ? settings.jobListInterval : min(Self.jobListRetry, settings.jobListInterval)
            jobListDue = watchlist.isEmpty ? now : now + pause
            return Failure(givenUp: cycle?.failed(request, error, at: now) ?? [])
        case .runs(let chunk):
            if let parts = parts(of: chunk, after: error, at: now) {
                cycle?.cut(at: now)
                cycle?.retry(parts, note: "the service refused \(chunk.count) jobs in one request; asked for fewer")
                cycle?.cutQueue(largestChunk: watchlist.largestChunk(at: now))
                return Failure(isRetriedInParts: true)
            }
            let isExpected = watchlist.isKnownToFail(chunk)
            watchlist.failed(chunk, mayBeOneJob: error.mayBeOneJob, at: now)
            return Failure(
                failed: chunk, givenUp: cycle?.failed(request, error, isExpected: isExpected, at: now) ?? [])
        }
    }

    /// The smaller requests to try in place of a chunk that was refused, if that may help and more may be sent.
    private mutating func parts(of chunk: [JobID], after error: ServiceError, at now: Duration) -> [[JobID]]? {
        guard chunk.count > 1, let cycle, cycle.stop == nil else { return nil }
        if error.kind == .uriTooLong { return watchlist.halve(chunk, isForAll: true, at: now) }
        if error.kind == .notFound { return watchlist.isolate(chunk, at: now) }
        return error.mayPassInParts ? watchlist.halve(chunk, isForAll: false, at: now) : nil
    }

    /// Keeps what an error says about waiting, for every request; returns whether it asks to wait.
    private mutating func learn(from error: ServiceError, at now: Duration, wall: Date) -> Bool {
        if error.asksToWait {
            pace.rateLimited(for: error.retryAt.map { Duration(from: wall, to: $0) }, at: now)
            refusal = error
            return true
        }
        if error.kind.isAboutCredentials { refusal = error }
        return false
    }

    /// Charges the budget with what an answer cost beyond the one token of its request.
    private mutating func charge(_ cost: RequestCost, at now: Duration) {
        let more = max(cost.requests, cost.attempts) - 1
        if more > 0 { bucket?.consume(more, at: now) }
    }

    /// Charges the budget with a request that the plan did not make.
    mutating func chargeOne(at now: Duration) { bucket?.consume(1, at: now) }
}

// MARK: - What an operator wants

extension PollingPlan {
    /// Sends nothing more of this cycle, and begins no other.
    mutating func pause() {
        isPaused = true
        isOnceWanted = false
        cycle?.pause()
    }

    mutating func resume(at now: Duration) {
        guard isPaused else { return }
        isPaused = false
        nextCycle = pace.earliest(at: now)
    }

    /// A cycle at once, unless one is under way or the service said when to come back.
    mutating func refresh(at now: Duration) {
        guard cycle == nil else { return }
        isOnceWanted = isPaused
        nextCycle = pace.earliest(at: now)
        if jobListDue != nil { jobListDue = now }
    }

    /// Another interval; the wait for the next cycle is computed again.
    mutating func setInterval(
        _ interval: PollingInterval, at now: Duration, random: (ClosedRange<Double>) -> Double
    ) {
        pace.interval = interval.duration
        if cycle == nil { nextCycle = max(now, pace.nextCycle(random: random)) }
    }

    /// Queues a request for the tasks of a run. Returns the error that holds every request back, if one does: then nothing
    /// is queued.
    mutating func wantTasks(of run: RunID, at now: Duration) -> ServiceError? {
        if let refusal, now < pace.rateLimitedUntil || pace.trouble == .credentials { return refusal }
        if !tasksWanted.contains(run) { tasksWanted.append(run) }
        return nil
    }

    /// The machine slept, or its clock was set: one cycle soon, whenever the next one was due.
    mutating func clockJumped(at now: Duration, random: (ClosedRange<Double>) -> Double) {
        guard cycle == nil, pace.trouble != .credentials else { return }
        let spread = min(.seconds(5), pace.interval / 5)
        nextCycle = now + spread * random(0...1).clamped(to: 0...1)
    }
}

// MARK: - What it is doing

extension PollingPlan {
    /// ``PollerPhase`` before moments have become dates.
    enum Phase: Sendable, Equatable {
        case polling(began: Duration, done: Int, of: Int)
        case waiting(next: Duration)
        case backingOff(next: Duration, reason: BackoffReason)
        case pausing
        case paused
    }

    var phase: Phase {
        if let cycle {
            // A cycle that was asked for while paused is polling like any other.
            if isPaused && cycle.stop != nil { return .pausing }
            return .polling(began: cycle.began, done: cycle.done, of: cycle.total)
        }
        if isPaused && !isOnceWanted { return .paused }
        return pace.trouble.map { .backingOff(next: nextStart, reason: $0) } ?? .waiting(next: nextStart)
    }
}
