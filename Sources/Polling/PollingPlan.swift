import AIDPClient
import Foundation
import Runs

/// What to ask for and when: a pure value. Moments go in, as time since polling began, and answers; requests come out.
///
/// Whoever carries it out calls ``next(at:random:)`` until it says to wait, and again after each answer, command, and
/// at the moment it names. A cycle asks first for the jobs that are at work, were never answered or have just failed, then
/// for those whose answer is oldest, as far as the request budget goes; the rest come in the cycles after it.
struct PollingPlan: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// A cycle begins.
        case begin
        case ask(PollRequest)
        case end(CycleEnd)
        /// Nothing to do before this moment; `nil` when only an answer or a command brings something.
        case wait(until: Duration?)
    }

    /// A cycle that is over.
    struct CycleEnd: Sendable, Equatable {
        let duration: Duration
        let notes: [String]
        let interval: Duration
    }

    private let settings: PollingSettings
    private var pace: Pace
    private var bucket: TokenBucket?
    private var jobs: Watchlist
    private var cycle: Cycle?
    private var nextCycle: Duration = .zero
    /// The first cycle fills an empty screen, and has no time to lose.
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
        let start = max(nextCycle, nextToken(at: now))
        guard start <= now else { return .wait(until: start) }
        isOnceWanted = false
        begin(at: now)
        return .begin
    }

    private mutating func begin(at now: Duration) {
        var cycle = Cycle(
            began: now, isProbe: pace.trouble != nil, endsAtFirstFailure: pace.isBreakerOpen,
            allowance: allowance(at: now), target: isFirstCycle ? nil : pace.interval / 2)
        isFirstCycle = false
        if let jobListDue, jobListDue <= now {
            cycle.append(.jobs)
            cycle.allowance = max(1, cycle.allowance - 1)
        }
        self.cycle = cycle
        if !jobs.isEmpty { fill(at: now) }
    }

    /// Queues the chunks whose turn it is.
    private mutating func fill(at now: Duration) {
        guard let allowance = cycle?.allowance, let asked = cycle?.asked else { return }
        cycle?.append(jobs.chunks(requests: allowance, excluding: asked, at: now))
    }

    /// The requests a cycle may plan: what the bucket holds, and for a long interval what drips in during half of it.
    private func allowance(at now: Duration) -> Int {
        guard let bucket else { return .max / settings.keysPerChunk }
        let dripping = pace.effective / .seconds(2) * bucket.perSecond
        return max(1, bucket.available(at: now), Int(min(dripping, 1e6)))
    }

    private mutating func end(_ cycle: Cycle, at now: Duration, random: (ClosedRange<Double>) -> Double) -> Step {
        var ended = cycle
        ended.leave(
            jobs.keys.count { !cycle.asked.contains($0) },
            because: "the budget is \(settings.requestsPerMinute) requests a minute")
        pace.cycle(from: cycle.began, to: now, was: cycle.result)
        let beat = cycle.isCutShort && !isPaused ? pace.earliest(at: now) : pace.nextCycle(random: random)
        nextCycle = max(beat, nextToken(at: now))
        if pace.trouble == nil { refusal = nil }
        self.cycle = nil
        return .end(CycleEnd(duration: now - cycle.began, notes: ended.notes, interval: pace.effective))
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
        /// The request is made again in smaller parts: nobody need know of the failure.
        var isRetriedInParts = false
    }

    /// The list of jobs was answered.
    mutating func listed(_ keys: [JobKey], cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        jobs.watch(keys)
        jobListDue = now + settings.jobListInterval
        cycle?.succeeded(.jobs, at: now)
        let (watchlist, largest) = (jobs, jobs.largestChunk)
        cycle?.trim(largestChunk: largest) { watchlist.contains($0) }
        if !isHeld(at: now) { fill(at: now) }
    }

    /// A chunk was answered; `active` are the jobs with a run that is not over.
    mutating func answered(_ chunk: [JobKey], active: Set<JobKey>, cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        jobs.answered(chunk, active: active, at: now)
        cycle?.succeeded(.runs(of: chunk), at: now)
    }

    /// Tasks were answered.
    mutating func tasksListed(cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        tasksUnderWay -= 1
    }

    /// A request failed; `wall` is what the clock on the wall says, to which a 429's moment belongs.
    mutating func failed(
        _ request: PollRequest, _ error: ServiceError, cost: RequestCost, at now: Duration, wall: Date
    ) -> Failure {
        charge(cost, at: now)
        learn(from: error, at: now, wall: wall)
        switch request {
        case .tasks:
            tasksUnderWay -= 1
            if isHeld(at: now) { cycle?.holdBack() }
            return Failure()
        case .jobs:
            let patience = jobs.isEmpty ? Duration.zero : min(.seconds(60), settings.jobListInterval)
            jobListDue = now + patience
            return giveUp(after: error, failed: [], at: now)
        case .runs(let chunk):
            if let parts = parts(of: chunk, after: error, at: now) {
                cycle?.cut(at: now)
                cycle?.retry(parts, note: "the service refused \(chunk.count) jobs in one request; asked for fewer")
                let (watchlist, largest) = (jobs, jobs.largestChunk)
                cycle?.trim(largestChunk: largest) { watchlist.contains($0) }
                return Failure(isRetriedInParts: true)
            }
            if error.kind == .notFound, chunk.count == 1, let key = chunk.first { jobs.setApart(key, at: now) }
            jobs.failed(chunk, at: now)
            return giveUp(after: error, failed: chunk, at: now)
        }
    }

    /// The smaller requests to try in place of a chunk that was refused, if that may help.
    private mutating func parts(of chunk: [JobKey], after error: ServiceError, at now: Duration) -> [[JobKey]]? {
        guard chunk.count > 1, !isPaused else { return nil }
        switch error.kind {
        case .badRequest: return jobs.halve(chunk, isForAll: false, at: now)
        case .uriTooLong: return jobs.halve(chunk, isForAll: true, at: now)
        case .notFound: return jobs.isolate(chunk)
        default: return nil
        }
    }

    /// Counts a failure in the cycle, and ends the cycle's sending where going on would only be hammering.
    private mutating func giveUp(after error: ServiceError, failed: [JobKey], at now: Duration) -> Failure {
        cycle?.failed(error, at: now)
        if case .rateLimited = error.kind {
            cycle?.holdBack()
            return Failure(failed: failed)
        }
        let isHopeless = cycle?.isHopeless(after: error) ?? false
        return Failure(failed: failed, givenUp: isHopeless ? cycle?.dropQueue() ?? [] : [])
    }

    private mutating func learn(from error: ServiceError, at now: Duration, wall: Date) {
        if case .rateLimited(let until) = error.kind {
            pace.rateLimited(for: until.map { Duration(from: wall, to: $0) }, at: now)
            refusal = error
        } else if error.kind.isAboutCredentials {
            refusal = error
        }
    }

    /// Takes from the budget what an answer cost beyond the token its request took.
    private mutating func charge(_ cost: RequestCost, at now: Duration) {
        let more = max(cost.requests, cost.attempts) - 1
        if more > 0 { bucket?.take(more, at: now) }
    }
}

// MARK: - What an operator wants

extension PollingPlan {
    /// Sends nothing more of this cycle, and begins no other.
    mutating func pause() {
        isPaused = true
        isOnceWanted = false
        cycle?.cutShort()
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

    /// Another interval, in range; a wait that has begun is made anew.
    mutating func setInterval(_ interval: Duration, at now: Duration, random: (ClosedRange<Double>) -> Double) {
        pace.interval = interval.clamped(to: PollingSettings.intervals)
        if cycle == nil { nextCycle = max(now, pace.nextCycle(random: random)) }
    }

    /// Wants the tasks of a run. Gives the error that holds every request back, if one does: then nothing is sent.
    mutating func wantTasks(of run: RunKey, at now: Duration) -> ServiceError? {
        if let refusal, isHeld(at: now) || pace.trouble == .credentials { return refusal }
        if !tasksWanted.contains(run) { tasksWanted.append(run) }
        return nil
    }

    /// The machine slept, or its clock was set: one cycle soon, wherever the beat would have put it.
    mutating func clockJumped(at now: Duration, random: (ClosedRange<Double>) -> Double) {
        guard cycle == nil, pace.trouble != .credentials else { return }
        let spread = min(.seconds(5), pace.interval / 5)
        nextCycle = max(now + spread * random(0...1).clamped(to: 0...1), pace.rateLimitedUntil)
    }

    private func isHeld(at now: Duration) -> Bool { now < pace.rateLimitedUntil }
}

// MARK: - What it is doing

extension PollingPlan {
    /// ``PollerPhase`` before moments have become dates.
    enum Phase: Sendable, Equatable {
        case polling(began: Duration, done: Int, of: Int)
        case waiting(next: Duration)
        case backingOff(next: Duration, reason: BackoffReason)
        case paused
    }

    var phase: Phase {
        if let cycle { return .polling(began: cycle.began, done: cycle.done, of: cycle.total) }
        if isPaused && !isOnceWanted { return .paused }
        return pace.trouble.map { .backingOff(next: nextCycle, reason: $0) } ?? .waiting(next: nextCycle)
    }
}
