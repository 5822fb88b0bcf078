import AIDP
import Foundation
import Runs

/// What to ask for and when: a pure value. Moments go in, as time since polling began, and answers; requests come out.
///
/// The caller calls ``next(at:random:)`` until it says to wait, and again after each answer, each command, and at the
/// moment it names. A cycle asks first for the jobs that are active, were never answered or have just failed, then for
/// those whose answer is oldest, within the request budget; the rest are asked for in the cycles after it.
struct PollingPlan: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// A cycle begins.
        case begin
        case ask(PollRequest)
        case end(CycleEnd)
        /// Nothing to do before this moment; `nil` when only an answer or a command changes that.
        case wait(until: Duration?)
    }

    /// A cycle that is over.
    struct CycleEnd: Sendable, Equatable {
        let duration: Duration
        let notes: [String]
        let interval: Duration
    }

    /// How long a failed list of jobs is not asked for again, at most.
    private static let jobListRetry: Duration = .seconds(60)

    private let settings: PollingSettings
    private var pace: Pace
    private var bucket: TokenBucket?
    private var jobs: Watchlist
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
    private var tasksWanted: [RunKey] = []
    private var tasksUnderWay = 0
    /// The newest error that holds every request back.
    private var refusal: ServiceError?

    /// A plan within the budget of its settings, or `unmetered` for a single pass that nothing follows.
    init(settings: PollingSettings, unmetered: Bool = false) {
        self.settings = settings
        pace = Pace(interval: settings.interval)
        bucket = unmetered ? nil : TokenBucket(burst: settings.burst, perMinute: settings.requestsPerMinute)
        jobs = Watchlist(largestChunk: settings.keysPerChunk)
        switch settings.scope {
        case .keys(let keys): jobs.watch(keys)
        case .workspace: jobListDue = .zero
        }
    }

    /// The keys watched, in the order of the list.
    var watched: [JobKey] { jobs.keys }
    /// The interval set.
    var interval: Duration { pace.interval }
    /// When the next cycle begins: never before the moment a 429 named, whichever request met it.
    private var nextStart: Duration { max(nextCycle, pace.rateLimitedUntil) }
}

// MARK: - What to do now

extension PollingPlan {
    /// The next thing to do. `random` gives a number of a range: the jitter.
    mutating func next(at now: Duration, random: (ClosedRange<Double>) -> Double) -> Step {
        if let over = cycle, over.isOver { return end(over, at: now, random: random) }
        guard let tasks = nextTasks(at: now) else { return nextOfCycle(at: now) }
        guard tasks > now else {
            tasksUnderWay += 1
            bucket?.take(1, at: now)
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
        bucket?.take(1, at: now)
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

    /// Begins a cycle: the runs first and the list of jobs last, so that a list that fails costs no job its answer. While
    /// no job is known the list is all there is.
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
            jobs.chunks(
                requests: cycle.allowance, excluding: cycle.asked, isProbe: cycle.isProbe, at: now))
    }

    /// The requests a cycle may plan: what the bucket holds, and for a long interval what drips in during half of it.
    private func allowance(at now: Duration) -> Int {
        guard let bucket else { return .max / settings.keysPerChunk }
        let dripping = pace.effective / .seconds(2) * bucket.perSecond
        return max(1, bucket.available(at: now), Int(min(dripping, 1e6)))
    }

    private mutating func end(_ cycle: Cycle, at now: Duration, random: (ClosedRange<Double>) -> Double) -> Step {
        let notes = cycle.notes(watched: jobs.keys, budget: settings.requestsPerMinute)
        pace.cycle(from: cycle.began, to: now, was: cycle.result)
        let wasPaused = cycle.stop == .paused && !isPaused
        nextCycle = max(wasPaused ? pace.earliest(at: now) : pace.nextCycle(random: random), nextToken(at: now))
        self.cycle = nil
        return .end(CycleEnd(duration: now - cycle.began, notes: notes, interval: pace.effective))
    }

    /// When the budget has room for a request: now, without one.
    private func nextToken(at now: Duration) -> Duration { bucket?.nextToken(at: now) ?? now }
}

// MARK: - What became of a request

extension PollingPlan {
    /// What a failure means for the rows.
    struct Failure: Sendable, Equatable {
        /// The jobs whose request failed.
        var failed: [JobKey] = []
        /// The jobs that were not asked for because of it.
        var givenUp: [JobKey] = []
        /// The request is made again in smaller parts: the failure need not be reported.
        var isRetriedInParts = false
    }

    /// The list of jobs was answered.
    mutating func listed(_ keys: [JobKey], cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        jobs.watch(keys)
        jobListDue = now + settings.jobListInterval
        cycle?.succeeded(.jobs, at: now)
        fill(at: now)
    }

    /// A chunk was answered; `active` are the jobs with a run that is not over, `missing` those of which an answer that is
    /// not whole says nothing.
    mutating func answered(
        _ chunk: [JobKey], active: Set<JobKey>, missing: [JobKey] = [], cost: RequestCost, at now: Duration
    ) {
        charge(cost, at: now)
        cycle?.succeeded(.runs(of: chunk), at: now)
        guard !missing.isEmpty else { return jobs.answered(chunk, active: active, at: now) }
        jobs.answered(chunk.filter { !missing.contains($0) }, active: active, at: now)
        jobs.failed(missing, mayBeOneJob: true, at: now)
    }

    /// Tasks were answered.
    mutating func tasksListed(cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        tasksUnderWay -= 1
    }

    /// A request failed; `wall` is the time of the wall clock, to which a 429's moment belongs.
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
            jobListDue = jobs.isEmpty ? now : now + pause
            return Failure(givenUp: cycle?.failed(request, error, at: now) ?? [])
        case .runs(let chunk):
            if let parts = parts(of: chunk, after: error, at: now) {
                cycle?.cut(at: now)
                cycle?.retry(parts, note: "the service refused \(chunk.count) jobs in one request; asked for fewer")
                cycle?.cutQueue(largestChunk: jobs.largestChunk(at: now))
                return Failure(isRetriedInParts: true)
            }
            let isExpected = jobs.isKnownToFail(chunk)
            jobs.failed(chunk, mayBeOneJob: error.mayBeOneJob, at: now)
            return Failure(
                failed: chunk, givenUp: cycle?.failed(request, error, isExpected: isExpected, at: now) ?? [])
        }
    }

    /// The smaller requests to try in place of a chunk that was refused, if that may help and more may be sent.
    private mutating func parts(of chunk: [JobKey], after error: ServiceError, at now: Duration) -> [[JobKey]]? {
        guard chunk.count > 1, let cycle, cycle.stop == nil else { return nil }
        if error.kind == .uriTooLong { return jobs.halve(chunk, isForAll: true, at: now) }
        if error.kind == .notFound { return jobs.isolate(chunk, at: now) }
        return error.mayPassInParts ? jobs.halve(chunk, isForAll: false, at: now) : nil
    }

    /// Keeps what an error says about waiting; whether it asks for that.
    private mutating func learn(from error: ServiceError, at now: Duration, wall: Date) -> Bool {
        if error.asksToWait {
            pace.rateLimited(for: error.retryAt.map { Duration(from: wall, to: $0) }, at: now)
            refusal = error
            return true
        }
        if error.kind.isAboutCredentials { refusal = error }
        return false
    }

    /// Takes from the budget what an answer cost beyond the token its request took.
    private mutating func charge(_ cost: RequestCost, at now: Duration) {
        let more = max(cost.requests, cost.attempts) - 1
        if more > 0 { bucket?.take(more, at: now) }
    }

    /// Takes a request from the budget that the plan did not make.
    mutating func chargeOne(at now: Duration) { bucket?.take(1, at: now) }
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

    /// Another interval, in range; the wait for the next cycle is computed again.
    mutating func setInterval(_ interval: Duration, at now: Duration, random: (ClosedRange<Double>) -> Double) {
        pace.interval = interval.clamped(to: PollingSettings.intervals)
        if cycle == nil { nextCycle = max(now, pace.nextCycle(random: random)) }
    }

    /// Wants the tasks of a run. Gives the error that holds every request back, if one does: then nothing is sent.
    mutating func wantTasks(of run: RunKey, at now: Duration) -> ServiceError? {
        if let refusal, now < pace.rateLimitedUntil || pace.trouble == .credentials { return refusal }
        if !tasksWanted.contains(run) { tasksWanted.append(run) }
        return nil
    }

    /// The machine slept, or its clock was set: one cycle soon, whatever the beat.
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
