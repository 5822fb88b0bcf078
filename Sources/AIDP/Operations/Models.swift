import Foundation
import JSON

/// `JobRunSummary`, every field as the service sends it. Only `key` is required; anything absent, or of a type that
/// cannot be read, is `nil`. Enumerations stay text: an unknown value is shown as it came.
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
    /// The item as the service sent it, unknown fields and all; kept only when ``ClientSettings/keepsItemJSON`` says so.
    public var json: JSONValue?

    public init(key: String) { self.key = key }
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
    public var json: JSONValue?

    public init(key: String, name: String? = nil) {
        self.key = key
        self.name = name
    }
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
    public var json: JSONValue?

    public init(key: String) { self.key = key }
}
