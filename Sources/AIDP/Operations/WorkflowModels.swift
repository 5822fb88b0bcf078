import Foundation
import JSON

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
    public var json: JSONValue?

    public init(key: String) { self.key = key }
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
    public var tasks: [Task] = []

    /// A node of the job's graph.
    public struct Task: Sendable, Equatable {
        public var taskKey: String?
        /// `NOTEBOOK_TASK` and the like, as it came.
        public var type: String?
        /// The tasks it waits for.
        public var dependsOn: [String] = []
        public var maxRetries: Int64?
    }
}

/// A name and a value handed to a run.
public struct Parameter: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
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
    public var json: JSONValue?

    /// One piece of the output.
    public struct Piece: Sendable, Equatable {
        /// A media type.
        public var type: String?
        public var value: String?
        /// Whether `value` is base64.
        public var isBase64: Bool?
    }
}

/// One object, and what came with it.
public struct Fetched<Item: Sendable>: Sendable {
    public var item: Item
    /// The fields that could not be read.
    public var flaws: [ItemFlaw]
    /// The object's version, to be sent back as `if-match`.
    public var etag: String?
    /// The service's `opc-request-id`, for a ticket.
    public var opcRequestID: String?
    public var attempts: Int
}
