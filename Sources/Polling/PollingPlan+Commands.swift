import AIDP
import Runs

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
        if let refusal = refusal(at: now) { return refusal }
        if !tasksWanted.contains(run) { tasksWanted.append(run) }
        return nil
    }

    /// The error that holds every request back, if one does.
    func refusal(at now: Duration) -> ServiceError? {
        now < pace.rateLimitedUntil || pace.trouble == .credentials ? refusal : nil
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
