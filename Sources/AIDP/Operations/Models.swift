import Foundation
import JSON

// The answers of the operations, with every field as the service sends it. Only `key` is required; a field that is
// absent or has the wrong type is `nil`. Enumerations are text, so that unknown values are preserved.

/// `JobSummary`, an item of `GET …/jobs`.
public struct JobSummary: Sendable, Equatable {
    public var key: String
    public var name: String?
    public var path: String?
    public var createdBy: String?
    public var createdByName: String?
    public var updatedBy: String?
    public var updatedByName: String?
    /// The user that the runs of the job act as.
    public var runAs: String?
    public var schedule: Schedule?
    /// The keys of the clusters that the job runs on.
    public var clusters: [String] = []
    public var jobClusters: [JobCluster] = []
    public var timeCreated: Date?
    public var timeUpdated: Date?
    /// The JSON of the item as the service sent it, if the settings keep it.
    package var json: SentJSON?

    public init(key: String, name: String? = nil) {
        self.key = key
        self.name = name
    }
}

/// `Job`, the answer of `GET …/jobs/{jobKey}`: the summary, and the fields that the list omits.
public struct JobDetails: Sendable, Equatable {
    public var summary: JobSummary
    public var description: String?
    public var maxConcurrentRuns: Int64?
    public var timeoutSeconds: Int64?
    public var parameters: [Parameter] = []
    /// For a job that runs continuously: `PAUSED` or `UNPAUSED`, as text.
    public var continuousPauseStatus: String?
    public var tasks: [JobTask] = []
}

/// A node of the job's graph.
public struct JobTask: Sendable, Equatable {
    public var taskKey: String?
    /// `NOTEBOOK_TASK` and other types, as text.
    public var type: String?
    /// The keys of the tasks that must finish before this one.
    public var dependsOn: [String] = []
    public var maxRetries: Int64?
}

/// When the service starts a job automatically.
public struct Schedule: Sendable, Equatable {
    /// A Quartz cron expression, which begins with the seconds.
    public var quartzCronExpression: String?
    /// A name of the time zone database, e.g. `UTC` or `Europe/Berlin`.
    public var timezoneID: String?
    /// `PAUSED` or `UNPAUSED`, as text.
    public var pauseStatus: String?
}

/// A cluster that the job defines for its tasks.
public struct JobCluster: Sendable, Equatable {
    public var clusterKey: String?
    public var clusterName: String?
}

/// `JobRunSummary`, an item of `GET …/recentJobRuns` and `GET …/jobRuns`.
public struct JobRunSummary: Sendable, Equatable {
    public var key: String
    public var jobKey: String?
    public var jobName: String?
    public var name: String?
    public var createdBy: String?
    public var createdByName: String?
    /// The user that the run acts as. The service sends this field, but the reference page does not list it.
    public var runAs: String?
    /// `SCHEDULED` or `MANUAL`. If absent, the value is unknown; the documented default is not used.
    public var launched: String?
    /// Epoch milliseconds.
    public var startTime: Int64?
    /// Epoch milliseconds. This is the end of the run, although the reference page describes it differently.
    public var endTime: Int64?
    /// Milliseconds.
    public var executionDuration: Int64?
    public var timeCreated: Date?
    public var timeUpdated: Date?
    public var state: RunState?
    /// The JSON of the item as the service sent it, including unknown fields, if the settings keep it.
    package var json: SentJSON?

    public init(key: String) { self.key = key }
}

/// `JobRun`, the answer of `GET …/jobRuns/{key}` and of the mutations: the summary, and the fields that lists omit.
public struct JobRunDetails: Sendable, Equatable {
    public var summary: JobRunSummary
    /// Milliseconds, as the next two durations.
    public var setupDuration: Int64?
    public var cleanupDuration: Int64?
    public var runDuration: Int64?
    public var timeoutSeconds: Int64?
    public var maxConcurrentRuns: Int64?
    public var parentJobRunKey: String?
    public var rootJobRunKey: String?
    public var parameters: [Parameter] = []
    /// The statuses that the run has had, oldest first.
    public var lifecycleStates: [LifecycleState] = []
    public var repairHistory: [Repair] = []
    /// The task runs, if they were requested.
    public var taskRuns: [TaskRunSummary] = []

    /// A status that the run had, and when.
    public struct LifecycleState: Sendable, Equatable {
        public var status: String?
        /// Epoch milliseconds.
        public var startTime: Int64?
        /// Epoch milliseconds.
        public var endTime: Int64?
    }

    /// One attempt of a run: the first, or a repair.
    public struct Repair: Sendable, Equatable {
        /// The number of the attempt, from 0.
        public var key: Int64?
        public var type: String?
        public var startTime: Int64?
        public var endTime: Int64?
        public var state: RunState?
    }
}

/// `State` of a job run or a task run.
public struct RunState: Sendable, Equatable {
    public var status: String?
    public var stateMessage: String?
    public var errorTrace: String?
    public var isUserCanceledOrTimedOut: Bool?

    public init(
        status: String? = nil, stateMessage: String? = nil, errorTrace: String? = nil,
        isUserCanceledOrTimedOut: Bool? = nil
    ) {
        self.status = status
        self.stateMessage = stateMessage
        self.errorTrace = errorTrace
        self.isUserCanceledOrTimedOut = isUserCanceledOrTimedOut
    }
}

/// `TaskRunSummary`, an item of `GET …/taskRuns`.
public struct TaskRunSummary: Sendable, Equatable {
    public var key: String
    public var name: String?
    public var taskKey: String?
    public var jobRunKey: String?
    /// Epoch milliseconds.
    public var startTime: Int64?
    /// Epoch milliseconds.
    public var endTime: Int64?
    public var state: RunState?
    public var retryAttempt: Int64?
    /// The JSON of the item as the service sent it, if the settings keep it.
    package var json: SentJSON?

    public init(key: String) { self.key = key }
}

/// `TaskRun`, the answer of `GET …/taskRuns/{key}`.
public struct TaskRunDetails: Sendable, Equatable {
    public var summary: TaskRunSummary
    public var jobKey: String?
    /// The key of the output, which ``AIDPClient/fetchOutput(_:)`` needs.
    public var outputKey: String?
    /// Milliseconds, as the next two durations.
    public var setupDuration: Int64?
    public var executionDuration: Int64?
    public var cleanupDuration: Int64?
    /// The earlier tries of the task.
    public var retries: [Retry] = []

    /// A try that was followed by another one.
    public struct Retry: Sendable, Equatable {
        public var retryNumber: Int64?
        /// Epoch milliseconds.
        public var startTime: Int64?
        /// Epoch milliseconds.
        public var endTime: Int64?
        public var outputKey: String?
        public var state: RunState?
    }
}

/// `TaskRunOutput`: the output of a task, or the reason why there is none.
public struct TaskRunOutput: Sendable, Equatable {
    public var key: String
    public var errorTrace: String?
    public var isTruncated: Bool?
    public var data: [Piece] = []
    /// The JSON of the item as the service sent it, if the settings keep it.
    package var json: SentJSON?

    public struct Piece: Sendable, Equatable {
        /// A media type.
        public var type: String?
        public var value: String?
        /// Whether `value` is base64.
        public var isBase64: Bool?
    }
}

/// `WorkspaceSummary`, an item of `GET …/workspaces`.
public struct WorkspaceSummary: Sendable, Equatable {
    public var key: String
    public var displayName: String?
    public var description: String?
    public var type: String?
    /// `ACTIVE` and other states, as text.
    public var lifecycleState: String?
    public var createdByName: String?
    public var timeCreated: Date?
    public var timeUpdated: Date?
    /// The JSON of the item as the service sent it, if the settings keep it.
    package var json: SentJSON?

    public init(key: String) { self.key = key }
}
