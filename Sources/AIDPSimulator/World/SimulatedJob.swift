/// One job of the world: the values of its family at the world's speed.
struct SimulatedJob: Sendable {
    let index: Int
    let key: String
    let name: String
    let path: String
    let owner: Person
    let cluster: String
    let schedule: SlotSchedule
    /// The Quartz expression of its schedule, in UTC; `nil` if Quartz cannot express it.
    let cron: String?
    /// The median duration of its runs.
    let usualDuration: Milliseconds
    /// The deviation of the logarithm of its durations: 0.1 is very regular, 0.5 varies widely.
    let spread: Double
    /// The longest duration of a resumed repair: a failed task continues from its last checkpoint.
    let longestRepair: Milliseconds
    let pattern: RunPattern
    /// The job whose run of the same slot it waits for. Its index is always lower.
    let upstream: Int?
    let launch: Launch
    let trace: TraceKind
    let tasks: [TaskPlan]
    /// The position of slot 0 in the pattern, which depends on the seed.
    let patternOffset: Int
    let created: Milliseconds
    /// The text that replaces messages and traces in a hostile world.
    let hostileText: String?

    /// The time limit of a run.
    var timeoutSeconds: Int64 { max(60, usualDuration / 250) }

    /// Whether the scheduler skips this slot.
    func forgets(slot: Int) -> Bool {
        pattern == .forgetful && (slot + patternOffset) % RunPattern.forgetfulCycle == 0
    }

    /// Whether the run of this slot may take longer than the slot.
    func overruns(slot: Int) -> Bool {
        switch pattern {
        case .overrunning: (slot + patternOffset) % 5 == 0
        case .dragging: (slot + patternOffset) % RunPattern.draggingCycle == 0
        default: false
        }
    }

    /// The duration of a run that drags: slow, but not yet as slow as a stuck one.
    var draggingDuration: Milliseconds { usualDuration.share(4.2) }
}

/// What started a run, with the values of `launched`.
enum Launch: String, Sendable {
    case scheduled = "SCHEDULED"
    case manual = "MANUAL"
}

/// Someone who owns jobs and starts runs.
struct Person: Sendable {
    let ocid: String
    let name: String
}

/// When a job's runs are due. Time is divided into numbered slots without a beginning, so that the number of a slot
/// identifies a run, and a new world already has a history.
enum SlotSchedule: Sendable {
    /// A slot every `period`, the first one at `phase`.
    case every(period: Milliseconds, phase: Milliseconds)
    /// `count` slots at intervals of `step` at the start of every cycle. The last one fills the rest of the cycle. For
    /// a job that runs often by day and not at night.
    case bursts(cycle: Milliseconds, count: Int, step: Milliseconds, phase: Milliseconds)

    /// The slot that contains a moment; negative before the first.
    func slot(at moment: Milliseconds) -> Int {
        switch self {
        case .every(let period, let phase):
            return Int((moment - phase).flooredQuotient(by: period))
        case .bursts(let cycle, let count, let step, let phase):
            let number = (moment - phase).flooredQuotient(by: cycle)
            let within = moment - phase - number * cycle
            return Int(number) * count + min(count - 1, Int(within / step))
        }
    }

    /// When a slot begins.
    func start(of slot: Int) -> Milliseconds {
        switch self {
        case .every(let period, let phase):
            return phase + Milliseconds(slot) * period
        case .bursts(let cycle, let count, let step, let phase):
            let number = Milliseconds(slot).flooredQuotient(by: Milliseconds(count))
            let within = Milliseconds(slot) - number * Milliseconds(count)
            return phase + number * cycle + within * step
        }
    }

    /// The length of a slot. Its runs must fit into it.
    func length(of slot: Int) -> Milliseconds { start(of: slot + 1) - start(of: slot) }

    /// The Quartz expression for the start of each slot, in UTC. `nil` if there is none: for bursts, and for periods
    /// that do not divide a minute, an hour or a day.
    var quartzCron: String? {
        guard case .every(let period, let phase) = self, period % 1_000 == 0, phase % 1_000 == 0 else { return nil }
        let (seconds, offset) = (period / 1_000, phase / 1_000)
        let (second, minute, hour) = (offset % 60, offset / 60 % 60, offset / 3_600 % 24)
        if seconds < 60 { return Self.field(second, every: seconds, of: 60).map { "\($0) * * * * ?" } }
        guard seconds % 60 == 0 else { return nil }
        let minutes = seconds / 60
        if minutes < 60 { return Self.field(minute, every: minutes, of: 60).map { "\(second) \($0) * * * ?" } }
        guard minutes % 60 == 0 else { return nil }
        let hours = minutes / 60
        if hours < 24 { return Self.field(hour, every: hours, of: 24).map { "\(second) \(minute) \($0) * * ?" } }
        return hours == 24 ? "\(second) \(minute) \(hour) * * ?" : nil
    }

    /// A field of a Quartz expression that matches every `step` values. Quartz does not accept a step that is as large as
    /// the field.
    private static func field(_ value: Milliseconds, every step: Milliseconds, of count: Milliseconds) -> String? {
        guard count % step == 0 else { return nil }
        return step == 1 ? "*" : "\(value % step)/\(step)"
    }

    /// The same slots, later by `lag`: for a job that depends on another.
    func later(by lag: Milliseconds) -> SlotSchedule {
        switch self {
        case .every(let period, let phase): .every(period: period, phase: phase + lag)
        case .bursts(let cycle, let count, let step, let phase):
            .bursts(cycle: cycle, count: count, step: step, phase: phase + lag)
        }
    }
}

struct TaskPlan: Sendable {
    let key: String
    let kind: TaskKind
    /// The tasks that it waits for, as indexes into the job's list. They always come earlier.
    let after: [Int]
    /// Its share of the run's duration, relative to the weights of the other tasks.
    let weight: Double
}

/// The kind of task, with the values of the API's `type`.
enum TaskKind: String, Sendable {
    case notebook = "NOTEBOOK_TASK"
    case python = "PYTHON_TASK"
    case jar = "JAR_TASK"
    case job = "JOB_TASK"
    case ifElse = "IF_ELSE_TASK"
}

/// The task graphs that jobs can have.
enum TaskShape: Sendable {
    case single(TaskKind)
    case extractAndLoad
    case transform
    case branching
    case build
    case training

    var plans: [TaskPlan] {
        switch self {
        case .single(let kind):
            [TaskPlan(key: "main", kind: kind, after: [], weight: 1)]
        case .extractAndLoad:
            [
                TaskPlan(key: "extract", kind: .python, after: [], weight: 3),
                TaskPlan(key: "load", kind: .jar, after: [0], weight: 2),
            ]
        case .transform:
            [
                TaskPlan(key: "read_sources", kind: .notebook, after: [], weight: 1),
                TaskPlan(key: "clean", kind: .notebook, after: [0], weight: 2),
                TaskPlan(key: "join_dimensions", kind: .notebook, after: [1], weight: 4),
                TaskPlan(key: "write_table", kind: .jar, after: [2], weight: 2),
            ]
        case .branching:
            [
                TaskPlan(key: "measure_change", kind: .python, after: [], weight: 1),
                TaskPlan(key: "is_full_load_due", kind: .ifElse, after: [0], weight: 0.2),
                TaskPlan(key: "full_load", kind: .notebook, after: [1], weight: 5),
                TaskPlan(key: "incremental_load", kind: .notebook, after: [1], weight: 3),
                TaskPlan(key: "publish", kind: .job, after: [2, 3], weight: 1),
            ]
        case .build:
            [
                TaskPlan(key: "dbt_deps", kind: .python, after: [], weight: 0.5),
                TaskPlan(key: "dbt_run", kind: .python, after: [0], weight: 5),
                TaskPlan(key: "dbt_test", kind: .python, after: [1], weight: 2),
            ]
        case .training:
            [
                TaskPlan(key: "snapshot_features", kind: .notebook, after: [], weight: 2),
                TaskPlan(key: "train_model", kind: .python, after: [0], weight: 6),
                TaskPlan(key: "train_baseline", kind: .python, after: [0], weight: 2),
                TaskPlan(key: "evaluate", kind: .notebook, after: [1, 2], weight: 1),
                TaskPlan(key: "is_better", kind: .ifElse, after: [3], weight: 0.1),
                TaskPlan(key: "register_model", kind: .job, after: [4], weight: 1),
            ]
        }
    }
}
