/// How one run goes from its creation to its end: what it waits for, how long it runs, what becomes of it. Decided whole
/// beforehand; a moment only uncovers how far it has got.
struct Course: Sendable, Equatable {
    struct Wait: Sendable, Equatable {
        let status: Status
        let length: Milliseconds
    }

    var waits: [Wait] = []
    /// How long it runs; `nil` when it never starts.
    var running: Milliseconds?
    /// How long it takes to stop once cancelled.
    var canceling: Milliseconds = 0
    var outcome: Status

    /// From creation to the start, or to the end of a run that never starts.
    var waiting: Milliseconds { waits.reduce(0) { $0 + $1.length } }
    /// From creation to the end.
    var length: Milliseconds { waiting + (running ?? 0) + canceling }

    /// The statuses it goes through, and for how long; the outcome, which stays, last.
    var steps: [Wait] {
        var steps = waits
        if let running { steps.append(Wait(status: .running, length: running)) }
        if canceling > 0 { steps.append(Wait(status: .canceling, length: canceling)) }
        return steps + [Wait(status: outcome, length: 0)]
    }
}

extension Course {
    /// The course of a job's own making, upstream aside, within the room its slot has.
    static func own(of job: Job, slot: Int, room: Milliseconds, dice: inout Dice) -> Course {
        let usual = Milliseconds(Double(job.usualDuration) * dice.logNormal(job.spread))
        let beat = slot + job.beat
        var course = Course(outcome: .success)
        course.waits = [
            Wait(status: .pending, length: room.share(dice.between(0.004, 0.02))),
            Wait(status: .queued, length: room.share(dice.between(0.004, 0.03))),
        ]
        course.running = usual
        switch job.temper {
        case .steady(let failures):
            if dice.chance(failures) { course.fail(after: dice.between(0.1, 1)) }
        case .flapping:
            if beat.isMultiple(of: 2) != dice.chance(0.15) { course.fail(after: dice.between(0.05, 0.6)) }
        case .incident:
            if beat % 16 < 6 { course.fail(after: dice.between(0.2, 0.4)) }
        case .slowing:
            course.running = (0..<(beat % 18)).reduce(usual) { longer, _ in longer.share(1.125) }
        case .stuck:
            if room > job.usualDuration * 20 {
                course = Course(running: room.share(0.91), canceling: room.share(0.01), outcome: .canceled)
            }
        case .overrunning:
            if job.overruns(slot: slot) { course.running = room.share(1.5) }
            if beat % 5 == 1 { course = Course(outcome: .skipped) }
        case .maintained:
            if beat % 3 == 0 { course.waits.append(Wait(status: .pausedMaintenance, length: room.share(0.4))) }
        case .conditional:
            if beat % 3 != 0 { course = Course(outcome: .excluded) }
        case .timingOut:
            if beat % 4 == 0 { (course.running, course.outcome) = (room.share(0.6), .timedOut) }
        case .impatient:
            if beat % 2 == 0 {
                (course.running, course.canceling) = (room.share(0.3), room.share(0.22))
                course.outcome = .canceled
            }
        case .unlucky:
            if beat % 5 == 0 { (course.running, course.outcome) = (usual.share(0.3), .internalError) }
        case .starved:
            course.waits.append(Wait(status: .queued, length: room.share(dice.between(0.3, 0.5))))
        case .coldStarting:
            course.waits.insert(Wait(status: .pending, length: room.share(dice.between(0.25, 0.45))), at: 0)
        }
        return course
    }

    /// Turns this course into a failure after a share of its duration.
    private mutating func fail(after share: Double) {
        running = running?.share(share)
        outcome = .failed
    }

    /// Keeps the end within a span by shortening what it runs, never below a hundredth of the span.
    mutating func fit(within span: Milliseconds) {
        guard let planned = running, length > span else { return }
        running = max(span.share(0.01), planned - (length - span))
    }

    /// The same course for a run that is cancelled so long after its creation, before its end.
    func canceled(after elapsed: Milliseconds) -> Course {
        var (cut, left) = (Course(outcome: .canceled), elapsed)
        for wait in waits where left > 0 {
            cut.waits.append(Wait(status: wait.status, length: min(wait.length, left)))
            left -= wait.length
        }
        guard running != nil, elapsed >= waiting else { return cut }
        cut.running = elapsed - waiting
        cut.canceling = Self.stopping
        return cut
    }

    /// How long a cluster takes to stop a run that somebody cancels.
    private static let stopping: Milliseconds = 4_000
}
