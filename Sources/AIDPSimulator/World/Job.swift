/// One job of the world, ready to be run: its family's traits in this world's time.
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
    /// The deviation of the logarithm of its durations: 0.1 is like clockwork, 0.5 varies wildly.
    let spread: Double
    let temper: Temper
    /// The job whose run of the same slot it waits for; always a lower index.
    let upstream: Int?
    let launch: Launch
    let trace: TraceKind
    let tasks: [TaskPlan]
    /// Where in its pattern slot 0 stands; differs with the seed.
    let beat: Int
    let created: Milliseconds
    /// What to say instead of an honest message and trace, when the world is hostile.
    let hostileText: String?

    /// When the service gives up on a run.
    var timeoutSeconds: Int64 { max(60, usualDuration / 250) }

    /// Whether the run of this slot outlasts it.
    func overruns(slot: Int) -> Bool { temper == .overrunning && (slot + beat) % 5 == 0 }
}

/// What starts a job's runs, as `launched` spells it.
enum Launch: String, Sendable {
    case scheduled = "SCHEDULED"
    case manual = "MANUAL"
}

/// Someone who owns jobs and starts runs.
struct Person: Sendable {
    let ocid: String
    let name: String
}
