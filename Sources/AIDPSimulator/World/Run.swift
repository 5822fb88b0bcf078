/// One run as it stands at a moment: what the service would say of it.
struct Run: Sendable {
    let key: RunKey
    let launch: Launch
    let created: Milliseconds
    let course: Course
    /// The moment it is seen at; nothing later shows.
    let seen: Milliseconds
    let status: Status
    /// When it entered its present status.
    let updated: Milliseconds

    /// The run at a moment; `nil` before its creation.
    init?(key: RunKey, launch: Launch, created: Milliseconds, course: Course, at moment: Milliseconds) {
        guard created <= moment else { return nil }
        self.key = key
        self.launch = launch
        self.created = created
        self.course = course
        seen = moment
        (status, updated) = Self.standing(of: course, created: created, at: moment)
    }

    /// When it started, once it has.
    var started: Milliseconds? {
        let start = created + course.waiting
        return course.running != nil && start <= seen ? start : nil
    }

    /// When it ended, once it has.
    var ended: Milliseconds? { status.isTerminal ? created + course.length : nil }

    /// What `executionDuration` says: the time run so far or in all, 0 for a run that ended without starting.
    var duration: Milliseconds? {
        guard let started else { return status.isTerminal ? 0 : nil }
        return (ended ?? seen) - started
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
