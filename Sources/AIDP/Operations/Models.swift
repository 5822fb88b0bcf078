import Foundation
import JSON

// The answers of the operations, every field as the service sends it. Only `key` is required; anything absent, or of a type
// that cannot be read, is `nil`. Enumerations stay text: an unknown value is shown as it came.

/// `JobSummary`, as `GET …/jobs` lists it.
public struct JobSummary: Sendable, Equatable {
    public var key: String
    public var name: String?
    public var path: String?
    public var createdBy: String?
    public var createdByName: String?
    public var updatedBy: String?
    public var updatedByName: String?
    /// Who its runs act as.
    public var runAs: String?
    public var schedule: Schedule?
    /// The keys of the clusters it runs on.
    public var clusters: [String] = []
    public var jobClusters: [JobCluster] = []
    public var timeCreated: Date?
    public var timeUpdated: Date?
    /// The item as the service sent it, where that is kept.
    package var json: SentJSON?

    public init(key: String, name: String? = nil) {
        self.key = key
        self.name = name
    }
}

/// `Job`, as `GET …/jobs/{jobKey}` answers with it: the summary, and what only the single job has.
public struct JobDetails: Sendable, Equatable {
    public var summary: JobSummary
    public var description: String?
    public var maxConcurrentRuns: Int64?
    public var timeoutSeconds: Int64?
    public var parameters: [Parameter] = []
    /// Of a job that always has one run: `PAUSED` or `UNPAUSED`, as it came.
    public var continuousPauseStatus: String?
    public var tasks: [JobTask] = []
}

/// A node of the job's graph.
public struct JobTask: Sendable, Equatable {
    public var taskKey: String?
    /// `NOTEBOOK_TASK` and the like, as it came.
    public var type: String?
    /// The tasks it waits for.
    public var dependsOn: [String] = []
    public var maxRetries: Int64?
}

/// When a job runs by itself.
public struct Schedule: Sendable, Equatable {
    /// In Quartz's dialect: seconds first.
    public var quartzCronExpression: String?
    /// `UTC`, `Europe/Berlin`.
    public var timezoneID: String?
    /// `PAUSED` or `UNPAUSED`, as it came.
    public var pauseStatus: String?
}

/// A cluster that a job describes for its tasks.
public struct JobCluster: Sendable, Equatable {
    public var clusterKey: String?
    public var clusterName: String?
}

/// `JobRunSummary`, as `GET …/recentJobRuns` and `GET …/jobRuns` list it.
public struct JobRunSummary: Sendable, Equatable {
    public var key: String
    public var jobKey: String?
    public var jobName: String?
    public var name: String?
    public var createdBy: String?
    public var createdByName: String?
    /// Who the run acts as; newer than the reference page.
    public var runAs: String?
    /// `SCHEDULED` or `MANUAL`; absent means unknown, whatever the documented default says.
    public var launched: String?
    /// Epoch milliseconds.
    public var startTime: Int64?
    /// Epoch milliseconds: the end, whatever the reference page says.
    public var endTime: Int64?
    /// Milliseconds.
    public var executionDuration: Int64?
    public var timeCreated: Date?
    public var timeUpdated: Date?
    public var state: RunState?
    /// The item as the service sent it, unknown fields and all, where that is kept.
    package var json: SentJSON?

    public init(key: String) { self.key = key }
}

/// `JobRun`, as `GET …/jobRuns/{key}` and the mutations answer with it: the summary, and what only the single run has.
public struct JobRunDetails: Sendable, Equatable {
    public var summary: JobRunSummary
    /// Milliseconds, as are the two that follow.
    public var setupDuration: Int64?
    public var cleanupDuration: Int64?
    public var runDuration: Int64?
    public var timeoutSeconds: Int64?
    public var maxConcurrentRuns: Int64?
    public var parentJobRunKey: String?
    public var rootJobRunKey: String?
    public var parameters: [Parameter] = []
    /// The statuses it has been through, oldest first.
    public var lifecycleStates: [LifecycleState] = []
    public var repairHistory: [Repair] = []
    /// The tasks, where they were asked for.
    public var taskRuns: [TaskRunSummary] = []

    /// One status a run has been in.
    public struct LifecycleState: Sendable, Equatable {
        public var status: String?
        /// Epoch milliseconds.
        public var startTime: Int64?
        /// Epoch milliseconds.
        public var endTime: Int64?
    }

    /// One attempt at a run: the first, or a repair.
    public struct Repair: Sendable, Equatable {
        /// Which attempt: 0 for the first.
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

/// `TaskRunSummary`, as `GET …/taskRuns` lists it.
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
    /// The item as the service sent it, where that is kept.
    package var json: SentJSON?

    public init(key: String) { self.key = key }
}

/// `TaskRun`, as `GET …/taskRuns/{key}` answers with it.
public struct TaskRunDetails: Sendable, Equatable {
    public var summary: TaskRunSummary
    public var jobKey: String?
    /// What ``AIDPClient/fetchOutput(_:)`` is asked for.
    public var outputKey: String?
    /// Milliseconds, as are the two that follow.
    public var setupDuration: Int64?
    public var executionDuration: Int64?
    public var cleanupDuration: Int64?
    /// The tries before this one.
    public var retries: [Retry] = []

    /// A try that was followed by another.
    public struct Retry: Sendable, Equatable {
        /// From 0.
        public var retryNumber: Int64?
        /// Epoch milliseconds.
        public var startTime: Int64?
        /// Epoch milliseconds.
        public var endTime: Int64?
        public var outputKey: String?
        public var state: RunState?
    }
}

/// `TaskRunOutput`: what a task printed, or why it printed nothing.
public struct TaskRunOutput: Sendable, Equatable {
    public var key: String
    public var errorTrace: String?
    public var isTruncated: Bool?
    public var data: [Piece] = []
    /// The item as the service sent it, where that is kept.
    package var json: SentJSON?

    /// One piece of the output.
    public struct Piece: Sendable, Equatable {
        /// A media type.
        public var type: String?
        public var value: String?
        /// Whether `value` is base64.
        public var isBase64: Bool?
    }
}

/// `WorkspaceSummary`, as `GET …/workspaces` lists it.
public struct WorkspaceSummary: Sendable, Equatable {
    public var key: String
    public var displayName: String?
    public var description: String?
    public var type: String?
    /// `ACTIVE` and the like, as it came.
    public var lifecycleState: String?
    public var createdByName: String?
    public var timeCreated: Date?
    public var timeUpdated: Date?
    /// The item as the service sent it, where that is kept.
    package var json: SentJSON?

    public init(key: String) { self.key = key }
}
