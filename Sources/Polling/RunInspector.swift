import AIDP
import Foundation
import Runs

/// A request for details of a single run, task or job.
package enum Inspection: Sendable, Hashable {
    /// The details of a run, without its tasks.
    case run(RunID)
    /// The tasks of a job, with their dependencies.
    case graph(of: JobID)
    /// What a task printed: in its newest try, or in one of those before, counted from the oldest, 0.
    case output(of: TaskRunID, earlierTry: Int? = nil)
    /// A run of which only the key is known, because another run names it.
    case named(key: String, by: RunID)
}

/// The result of an ``Inspection``.
package enum InspectionResult: Sendable, Equatable {
    case run(RunDetails)
    case graph([TaskNode])
    case output(TaskOutput)
    case failed(RequestFailure)
}

/// Requests single runs, tasks and jobs from the service, and converts the results.
package struct RunInspector: Sendable {
    private let service: any SingleObjectService
    private let place: Place

    package init(service: any SingleObjectService, place: Place) { (self.service, self.place) = (service, place) }

    /// The number of requests that an inspection takes.
    static func cost(of inspection: Inspection) -> Int {
        if case .output = inspection { return 2 }
        return 1
    }

    func result(of inspection: Inspection) async -> InspectionResult {
        do throws(ServiceError) {
            switch inspection {
            case .run(let run): return .run(try await details(of: run.key, job: run.job))
            case .named(let key, _): return .run(try await details(of: key, job: nil))
            case .graph(let job):
                let fetched = try await service.job(job.key)
                return .graph(fetched.item.tasks.compactMap(TaskNode.init))
            case .output(let task, let earlierTry): return .output(try await output(of: task, earlierTry))
            }
        } catch {
            return .failed(RequestFailure(error))
        }
    }

    private func details(of key: String, job: JobID?) async throws(ServiceError) -> RunDetails {
        let fetched = try await service.jobRun(key, includingTaskRuns: false)
        guard let run = JobRun(fetched.item.summary, in: place, onlyJob: job) else {
            throw ServiceError(
                operation: "getJobRun", kind: .malformedResponse, message: "the run names no job", attempts: 1)
        }
        return RunDetails(fetched.item, run: run)
    }

    private func output(of task: TaskRunID, _ earlierTry: Int?) async throws(ServiceError) -> TaskOutput {
        let details = try await service.taskRun(task.key).item
        var output = TaskOutput(text: "")
        var (key, state) = (details.outputKey, details.summary.state)
        if let earlierTry {
            guard details.retries.indices.contains(earlierTry) else {
                throw ServiceError(
                    operation: "getTaskRun", kind: .malformedResponse, message: "the task no longer has this try",
                    attempts: 1)
            }
            (key, state) = (details.retries[earlierTry].outputKey, details.retries[earlierTry].state)
        }
        if let key, !key.isEmpty {
            let fetched = try await service.fetchOutput(FetchOutputRequest(taskRunKey: task.key, outputKey: key))
            output = TaskOutput(fetched.item)
        } else {
            output.exists = false
            output.errorTrace = state?.errorTrace
        }
        if earlierTry == nil {
            output.setup = Duration(wireMilliseconds: details.setupDuration)
            output.execution = Duration(wireMilliseconds: details.executionDuration)
            output.cleanup = Duration(wireMilliseconds: details.cleanupDuration)
        }
        output.earlierTries = details.retries.map { retry in
            RunAttempt(
                number: retry.retryNumber, kind: nil, state: retry.state, start: retry.startTime, end: retry.endTime)
        }
        return output
    }
}

extension TaskOutput {
    init(_ wire: TaskRunOutput) {
        self.init(text: wire.data.map(Self.text).joined(separator: "\n"))
        errorTrace = wire.errorTrace
        isTruncated = wire.isTruncated ?? false
    }

    /// The text of a piece of output; for a piece that is not text, its type and size.
    private static func text(of piece: TaskRunOutput.Piece) -> String {
        let value = piece.value ?? ""
        let type = piece.type ?? ""
        let isText = type.isEmpty || type.uppercased().hasPrefix("TEXT") || type.lowercased().contains("json")
        guard piece.isBase64 == true else {
            return isText ? value : "[\(type), \(value.utf8.count) bytes]\n" + value
        }
        guard let data = Data(base64Encoded: value, options: .ignoreUnknownCharacters) else {
            return "[\(type): base64 that cannot be read, \(value.utf8.count) bytes]"
        }
        return isText ? String(decoding: data, as: UTF8.self) : "[\(type), \(data.count) bytes that are no text]"
    }
}

extension RunDetails {
    init(_ details: JobRunDetails, run: JobRun) {
        self.init(run: run)
        setup = Duration(wireMilliseconds: details.setupDuration)
        execution = Duration(wireMilliseconds: details.runDuration)
        cleanup = Duration(wireMilliseconds: details.cleanupDuration)
        parameters = details.parameters.map { RunParameter(name: $0.name, value: $0.value) }
        attempts = details.repairHistory.map { repair in
            RunAttempt(
                number: repair.key, kind: repair.type, state: repair.state, start: repair.startTime,
                end: repair.endTime)
        }
        func otherRun(_ key: String?) -> String? { key.flatMap { $0.isEmpty || $0 == run.id.key ? nil : $0 } }
        parent = otherRun(details.parentJobRunKey)
        root = otherRun(details.rootJobRunKey)
    }
}

extension RunAttempt {
    init(number: Int64?, kind: String?, state: RunState?, start: Int64?, end: Int64?) {
        self.init(status: RunStatus(wireValue: state?.status))
        self.number = number.flatMap { Int(exactly: $0) }
        self.kind = kind
        started = Date(epochMilliseconds: start)
        ended = JobRun.end(end, after: started)
        message = state?.stateMessage
    }
}

extension TaskNode {
    /// `nil` for a task without a key, because nothing can refer to it.
    init?(_ task: JobTask) {
        guard let key = task.taskKey, !key.isEmpty else { return nil }
        self.init(
            key: key, kind: task.type, after: task.dependsOn, mostRetries: task.maxRetries.flatMap { Int(exactly: $0) })
    }
}

extension Duration {
    /// `nil` if the service sent no duration, or a negative one.
    fileprivate init?(wireMilliseconds: Int64?) {
        guard let wireMilliseconds, wireMilliseconds >= 0 else { return nil }
        self = .milliseconds(wireMilliseconds)
    }
}
