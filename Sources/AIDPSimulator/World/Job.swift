/// One job of the world: its family's values at the world's speed.
struct Job: Sendable {
    let index: Int
    let key: String
    let name: String
    let path: String
    let owner: Person
    let cluster: String
    let schedule: Schedule
    let cron: String
    /// The median duration of its runs.
    let usualDuration: Milliseconds
    /// The deviation of the logarithm of its durations: 0.1 is very regular, 0.5 varies widely.
    let spread: Double
    let pattern: RunPattern
    /// The job whose run of the same slot it waits for; always a lower index.
    let upstream: Int?
    let launch: Launch
    let trace: TraceKind
    let tasks: [TaskPlan]
    /// The position of slot 0 in the pattern; depends on the seed.
    let patternOffset: Int
    let created: Milliseconds
    /// The text that replaces messages and traces in a hostile world.
    let hostileText: String?

    /// The time limit of a run.
    var timeoutSeconds: Int64 { max(60, usualDuration / 250) }

    /// Whether the run of this slot lasts longer than the slot.
    func overruns(slot: Int) -> Bool { pattern == .overrunning && (slot + patternOffset) % 5 == 0 }
}

/// What starts a run, with the values of `launched`.
enum Launch: String, Sendable {
    case scheduled = "SCHEDULED"
    case manual = "MANUAL"
}

/// Someone who owns jobs and starts runs.
struct Person: Sendable {
    let ocid: String
    let name: String
}
