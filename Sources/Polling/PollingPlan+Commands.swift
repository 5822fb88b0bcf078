import AIDP
import Runs

// MARK: - Commands of the operator

extension PollingPlan {
    /// Sends no more requests of this cycle, and starts no other cycle.
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

    /// Starts a cycle at once, unless one is in progress or the service asked to wait.
    mutating func refresh(at now: Duration) {
        guard cycle == nil else { return }
        isOnceWanted = isPaused
        nextCycle = pace.earliest(at: now)
        if jobListDue != nil { jobListDue = now }
    }

    /// Changes the interval, and computes the start of the next cycle again.
    mutating func setInterval(
        _ interval: PollingInterval, at now: Duration, random: (ClosedRange<Double>) -> Double
    ) {
        pace.interval = interval.duration
        if cycle == nil { nextCycle = max(now, pace.nextCycle(random: random)) }
    }

    /// Queues a request for the tasks of a run. If an error holds back all requests, queues nothing and returns that error.
    mutating func wantTasks(of run: RunID, at now: Duration) -> ServiceError? {
        if let refusal = refusal(at: now) { return refusal }
        if !tasksWanted.contains(run) { tasksWanted.append(run) }
        return nil
    }

    /// The error that holds back all requests; `nil` if there is none.
    func refusal(at now: Duration) -> ServiceError? {
        now < pace.rateLimitedUntil || pace.trouble == .credentials ? refusal : nil
    }

    /// Plans one cycle soon, because the machine slept or its clock was set.
    mutating func clockJumped(at now: Duration, random: (ClosedRange<Double>) -> Double) {
        guard cycle == nil, pace.trouble != .credentials else { return }
        let spread = min(.seconds(5), pace.interval / 5)
        nextCycle = now + spread * random(0...1).clamped(to: 0...1)
    }
}

// MARK: - The phase

extension PollingPlan {
    /// ``PollerPhase`` with times since polling began in place of dates.
    enum Phase: Sendable, Equatable {
        case polling(began: Duration, done: Int, of: Int)
        case waiting(next: Duration)
        case backingOff(next: Duration, reason: BackoffReason)
        case pausing
        case paused
    }

    var phase: Phase {
        if let cycle {
            // A refresh while paused counts as polling.
            if isPaused && cycle.stop != nil { return .pausing }
            return .polling(began: cycle.began, done: cycle.done, of: cycle.total)
        }
        if isPaused && !isOnceWanted { return .paused }
        return pace.trouble.map { .backingOff(next: nextStart, reason: $0) } ?? .waiting(next: nextStart)
    }
}
