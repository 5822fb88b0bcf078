/// One task of a job's graph.
struct TaskPlan: Sendable {
    let key: String
    let kind: TaskKind
    /// The tasks it waits for, by their place in the job's list; always earlier places.
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
