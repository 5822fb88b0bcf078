/// The fifteen statuses of the reference page, with their names in the API.
enum Status: String, Sendable, CaseIterable {
    case pending = "PENDING"
    case queued = "QUEUED"
    case running = "RUNNING"
    case skipped = "SKIPPED"
    case internalError = "INTERNAL_ERROR"
    case blocked = "BLOCKED"
    case success = "SUCCESS"
    case failed = "FAILED"
    case canceling = "CANCELING"
    case canceled = "CANCELED"
    case upstreamCanceled = "UPSTREAM_CANCELED"
    case upstreamFailed = "UPSTREAM_FAILED"
    case excluded = "EXCLUDED"
    case timedOut = "TIMED_OUT"
    case pausedMaintenance = "PAUSED_MAINTENANCE"

    /// Whether this status is final (Oracle's own sample lists these nine).
    var isTerminal: Bool {
        switch self {
        case .pending, .queued, .running, .blocked, .canceling, .pausedMaintenance: false
        case .success, .failed, .canceled, .upstreamCanceled, .upstreamFailed, .excluded, .timedOut, .skipped,
            .internalError:
            true
        }
    }

    /// The twelve values of `status=` that the reference page lists for `GET …/jobRuns` and `…/taskRuns`.
    static let filterable: [Status] = allCases.filter {
        $0 != .canceling && $0 != .timedOut && $0 != .pausedMaintenance
    }

    /// The status of a job whose upstream has this outcome; `nil` if the job can run.
    var consequence: Status? {
        switch self {
        case .failed, .timedOut, .internalError, .upstreamFailed: .upstreamFailed
        case .canceled, .upstreamCanceled: .upstreamCanceled
        default: nil
        }
    }
}

/// How a job's outcomes and durations vary from run to run. Most patterns depend on the number of the slot and not on
/// random numbers, so that each of them is visible within the last five runs.
enum RunPattern: Sendable, Equatable {
    /// Succeeds, except for this fraction of its runs.
    case steady(failures: Double)
    /// Fails every other time, with an exception in every sixteen runs.
    case flapping
    /// Six of every sixteen runs fail in a row, as after a faulty change that is fixed later.
    case incident
    /// Every fourth scheduled start is missing.
    case forgetful
    /// One run in 22 takes about four times as long as usual, so the next ones may be SKIPPED.
    case dragging
    /// Each run takes an eighth longer than the previous one, until it returns to normal after eighteen runs.
    case slowing
    /// Its newest run hangs for hours, until an operator cancels it.
    case stuck
    /// Every fifth run lasts longer than its slot, so the next one is SKIPPED.
    case overrunning
    /// Every third run waits for the end of a maintenance window.
    case maintained
    /// Two of three runs are EXCLUDED, because their condition is false.
    case conditional
    /// Every fourth run times out.
    case timingOut
    /// Every other run is cancelled by its user, and stops after a delay.
    case impatient
    /// Every fifth run ends with an internal error of the service.
    case unlucky
    /// Waits in its cluster's queue for nearly half of its slot.
    case starved
    /// Waits long for a cluster to start.
    case coldStarting

    /// In slots.
    static let draggingCycle = 22
    static let forgetfulCycle = 4

    /// After how many slots the pattern repeats, if the jobs with this pattern take turns; `nil` otherwise.
    var cycleOfTurns: Int? {
        switch self {
        case .dragging: Self.draggingCycle
        case .forgetful: Self.forgetfulCycle
        case .stuck: 1
        default: nil
        }
    }
}

/// One attempt from its creation to its end: its waits, its running time and its outcome. All of it is decided in
/// advance; the status at any time follows from it.
struct RunTimeline: Sendable, Equatable {
    /// A status, and how long the run is in it.
    struct Step: Sendable, Equatable {
        let status: Status
        let length: Milliseconds
    }

    var waits: [Step] = []
    /// The running time; `nil` if it never starts.
    var running: Milliseconds?
    /// The time that it takes to stop after it is cancelled.
    var canceling: Milliseconds = 0
    var outcome: Status

    /// The time from creation to the start, or to the end of a run that never starts.
    var waiting: Milliseconds { waits.reduce(0) { $0 + $1.length } }
    /// The time from creation to the end.
    var length: Milliseconds { waiting + (running ?? 0) + canceling }

    /// Its statuses in order, with their durations. The last one is the outcome, which does not change.
    var steps: [Step] {
        var steps = waits
        if let running { steps.append(Step(status: .running, length: running)) }
        if canceling > 0 { steps.append(Step(status: .canceling, length: canceling)) }
        return steps + [Step(status: outcome, length: 0)]
    }
}

extension RunTimeline {
    /// The timeline according to the job's pattern, without its upstream, in a slot of this length.
    static func planned(for job: SimulatedJob, slot: Int, room: Milliseconds, dice: inout Dice) -> RunTimeline {
        let usual = Milliseconds(Double(job.usualDuration) * dice.logNormal(job.spread))
        let position = slot + job.patternOffset
        var timeline = RunTimeline(outcome: .success)
        timeline.waits = [
            Step(status: .pending, length: room.share(dice.between(0.004, 0.02))),
            Step(status: .queued, length: room.share(dice.between(0.004, 0.03))),
        ]
        timeline.running = usual
        switch job.pattern {
        case .dragging:
            let late = position % RunPattern.draggingCycle
            if late == 0 {
                timeline.running = job.draggingDuration
            } else if room * Milliseconds(late) < job.draggingDuration + room.share(Self.longestDelay) {
                timeline = RunTimeline(outcome: .skipped)
            }
        case .steady(let failures):
            if dice.chance(failures) { timeline.fail(after: dice.between(0.1, 1)) }
        case .forgetful: break
        case .flapping:
            if position.isMultiple(of: 2), position % 16 != 8 { timeline.fail(after: dice.between(0.05, 0.6)) }
        case .incident:
            if position % 16 < 6 { timeline.fail(after: dice.between(0.2, 0.4)) }
        case .slowing:
            timeline.running = (0..<(position % 18)).reduce(usual) { longer, _ in longer.share(1.125) }
        case .stuck:
            if room > job.usualDuration * 20 {
                timeline = RunTimeline(running: room.share(0.91), canceling: room.share(0.01), outcome: .canceled)
            }
        case .overrunning:
            if job.overruns(slot: slot) { timeline.running = room.share(1.5) }
            if position % 5 == 1 { timeline = RunTimeline(outcome: .skipped) }
        case .maintained:
            if position % 3 == 0 { timeline.waits.append(Step(status: .pausedMaintenance, length: room.share(0.4))) }
        case .conditional:
            if position % 3 != 0 { timeline = RunTimeline(outcome: .excluded) }
        case .timingOut:
            if position % 4 == 0 { (timeline.running, timeline.outcome) = (room.share(0.6), .timedOut) }
        case .impatient:
            if position % 2 == 0 {
                (timeline.running, timeline.canceling) = (room.share(0.3), room.share(0.22))
                timeline.outcome = .canceled
            }
        case .unlucky:
            if position % 5 == 0 { (timeline.running, timeline.outcome) = (usual.share(0.3), .internalError) }
        case .starved:
            timeline.waits.append(Step(status: .queued, length: room.share(dice.between(0.3, 0.5))))
        case .coldStarting:
            timeline.waits.insert(Step(status: .pending, length: room.share(dice.between(0.25, 0.45))), at: 0)
        }
        return timeline
    }

    /// The most that a run of the schedule is created and waits after the beginning of its slot, as a share of the slot.
    private static let longestDelay = 0.06

    /// Makes the run fail after a fraction of its running time.
    private mutating func fail(after share: Double) {
        running = running?.share(share)
        outcome = .failed
    }

    /// Shortens the running time so that the run ends within a duration, but not below a hundredth of it.
    mutating func fit(within span: Milliseconds) {
        guard let planned = running, length > span else { return }
        running = max(span.share(0.01), planned - (length - span))
    }

    /// The same timeline for a run that is cancelled this long after its creation, before its end.
    func canceled(after elapsed: Milliseconds) -> RunTimeline {
        var (cut, left) = (RunTimeline(outcome: .canceled), elapsed)
        for wait in waits where left > 0 {
            cut.waits.append(Step(status: wait.status, length: min(wait.length, left)))
            left -= wait.length
        }
        guard running != nil, elapsed >= waiting else { return cut }
        cut.running = elapsed - waiting
        cut.canceling = Self.stopDuration
        return cut
    }

    /// The time that a cluster takes to stop a cancelled run.
    private static let stopDuration: Milliseconds = 4_000
}
