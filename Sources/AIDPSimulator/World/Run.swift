/// One run as it stands at a moment: what the service would say of it.
struct Run: Sendable {
    let key: RunKey
    let launch: Launch
    /// The attempts begun by now, the present one last; never empty.
    let attempts: [Attempt]
    /// The moment it is seen at; nothing later shows.
    let seen: Milliseconds
    let status: Status
    /// When it entered its present status.
    let updated: Milliseconds

    /// The run at a moment; `nil` before its creation.
    init?(key: RunKey, launch: Launch, attempts: [Attempt], at moment: Milliseconds) {
        self.key = key
        self.launch = launch
        self.attempts = attempts.filter { $0.begun <= moment }
        guard let present = self.attempts.last else { return nil }
        seen = moment
        (status, updated) = Self.standing(of: present.course, created: present.begun, at: moment)
    }

    var created: Milliseconds { attempts[0].begun }
    /// The attempt under way, or the one it ended with.
    var present: Attempt { attempts[attempts.count - 1] }
    var course: Course { present.course }

    /// The run as it stood at the end of the attempt before the present one; `nil` if there was none.
    var beforeRepair: Run? {
        guard attempts.count > 1 else { return nil }
        let earlier = Array(attempts.dropLast())
        return Run(key: key, launch: launch, attempts: earlier, at: max(present.begun, earlier[earlier.count - 1].end))
    }

    /// When the present attempt started, once it has.
    var started: Milliseconds? {
        let start = present.begun + course.waiting
        return course.running != nil && start <= seen ? start : nil
    }

    /// When it ended, once it has.
    var ended: Milliseconds? { status.isTerminal ? present.end : nil }

    /// What `executionDuration` says: the time run so far or in all, 0 for a run that ended without starting.
    var duration: Milliseconds? {
        guard let started else { return status.isTerminal ? 0 : nil }
        return (ended ?? seen) - started
    }

    /// The version that `if-match` is held against: another for every status of every attempt.
    func etag(seed: UInt64) -> String {
        let word = key.plain ^ Dice.mix(UInt64(bitPattern: updated) ^ Dice.mix(seed ^ UInt64(attempts.count)))
        return Dice.mix(word).hex(16)
    }

    private static func standing(
        of course: Course, created: Milliseconds, at moment: Milliseconds
    ) -> (Status, since: Milliseconds) {
        var since = created
        for wait in course.waits {
            if moment < since + wait.length { return (wait.status, since) }
            since += wait.length
        }
        if let running = course.running {
            if moment < since + running { return (.running, since) }
            since += running
        }
        if moment < since + course.canceling { return (.canceling, since) }
        return (course.outcome, since + course.canceling)
    }
}
