import JSON

/// Options of an operation that changes something.
public struct MutationOptions: Sendable, Equatable {
    /// The `opc-retry-token`: the service carries out requests with the same token once. `nil`: the client creates one.
    public var retryToken: String?
    /// The expected version, from ``Fetched/etag``. The service rejects the change if the object has a newer version.
    public var ifMatch: String?

    public init(retryToken: String? = nil, ifMatch: String? = nil) {
        self.retryToken = retryToken
        self.ifMatch = ifMatch
    }
}

/// A name and a value that are passed to a run.
public struct Parameter: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// `POST …/jobRuns/{key}/actions/repair`: runs all or some tasks of a finished run again.
public struct RepairJobRunRequest: Sendable, Equatable {
    public var jobRunKey: String
    /// The tasks to run again. If empty, the mode selects them.
    public var taskKeys: [String]
    public var mode: Mode
    public var parameters: [Parameter]

    /// `repairMode`.
    public enum Mode: String, Sendable, CaseIterable {
        /// Runs only the tasks that did not succeed.
        case resume = "RESUME"
        /// Runs all tasks.
        case rerun = "RERUN"
    }

    public init(jobRunKey: String, taskKeys: [String] = [], mode: Mode = .resume, parameters: [Parameter] = []) {
        self.jobRunKey = jobRunKey
        self.taskKeys = taskKeys
        self.mode = mode
        self.parameters = parameters
    }

    var json: JSONValue {
        var members = [JSONValue.Member("repairMode", .string(mode.rawValue))]
        if !taskKeys.isEmpty { members.append(.init("taskKeys", .array(taskKeys.map(JSONValue.string)))) }
        return .object(members + parameters.members)
    }
}

/// `POST …/taskRuns/{key}/actions/fetchOutput`.
public struct FetchOutputRequest: Sendable, Equatable {
    public var taskRunKey: String
    /// The task run's ``TaskRunDetails/outputKey``.
    public var outputKey: String

    public init(taskRunKey: String, outputKey: String) {
        self.taskRunKey = taskRunKey
        self.outputKey = outputKey
    }

    var json: JSONValue { .object([.init("outputKey", .string(outputKey))]) }
}

extension [Parameter] {
    /// The member `parameters`; nothing if there are no parameters.
    var members: [JSONValue.Member] {
        guard !isEmpty else { return [] }
        let objects = map { parameter in
            JSONValue.object([
                .init("name", .string(parameter.name)), .init("value", .string(parameter.value)),
            ])
        }
        return [.init("parameters", .array(objects))]
    }
}
