/// One run as the service shows it at a moment.
struct Run: Sendable {
    let key: RunKey
    let launch: Launch
    /// The attempts created so far, the present one last; never empty.
    let attempts: [Attempt]
    /// The moment of this view; later events are not included.
    let seen: Milliseconds
    let status: Status
    /// When it entered its present status.
    let updated: Milliseconds

    /// The run at a moment; `nil` before its creation.
    init?(key: RunKey, launch: Launch, attempts: [Attempt], at moment: Milliseconds) {
        self.key = key
        self.launch = launch
        self.attempts = attempts.filter { $0.created <= moment }
        guard let present = self.attempts.last else { return nil }
        seen = moment
        (status, updated) = Self.status(of: present.timeline, created: present.created, at: moment)
    }

    var created: Milliseconds { attempts[0].created }
    /// The current attempt, or the last one of a run that has ended.
    var present: Attempt { attempts[attempts.count - 1] }
    var timeline: RunTimeline { present.timeline }

    /// The run at the end of the attempt before the present one; `nil` if there was none.
    var beforeRepair: Run? {
        guard attempts.count > 1 else { return nil }
        let earlier = Array(attempts.dropLast())
        return Run(
            key: key, launch: launch, attempts: earlier, at: max(present.created, earlier[earlier.count - 1].end))
    }

    /// When the present attempt started; `nil` before that.
    var started: Milliseconds? {
        let start = present.created + timeline.waiting
        return timeline.running != nil && start <= seen ? start : nil
    }

    /// When it ended; `nil` before that.
    var ended: Milliseconds? { status.isTerminal ? present.end : nil }

    /// The value of `executionDuration`: the running time so far or in total, 0 for a run that ended without starting.
    var duration: Milliseconds? {
        guard let started else { return status.isTerminal ? 0 : nil }
        return (ended ?? seen) - started
    }

    /// The version that `if-match` is compared with. It changes with each status and each attempt.
    func etag(seed: UInt64) -> String {
        let word = key.plain ^ Dice.mix(UInt64(bitPattern: updated) ^ Dice.mix(seed ^ UInt64(attempts.count)))
        return Dice.mix(word).hex(16)
    }

    private static func status(
        of timeline: RunTimeline, created: Milliseconds, at moment: Milliseconds
    ) -> (Status, since: Milliseconds) {
        var since = created
        for wait in timeline.waits {
            if moment < since + wait.length { return (wait.status, since) }
            since += wait.length
        }
        if let running = timeline.running {
            if moment < since + running { return (.running, since) }
            since += running
        }
        if moment < since + timeline.canceling { return (.canceling, since) }
        return (timeline.outcome, since + timeline.canceling)
    }
}
