import Foundation
import Runs
import Testing

@testable import AIDP
@testable import Polling

/// A service of single objects, each test writes the answers it is about.
private struct FakeObjects: SingleObjectService {
    var jobs: [String: JobDetails] = [:]
    var runs: [String: JobRunDetails] = [:]
    var tasks: [String: TaskRunDetails] = [:]
    var outputs: [FetchOutputRequest: TaskRunOutput] = [:]

    func job(_ key: String) async throws(ServiceError) -> Fetched<JobDetails> { try answer(jobs[key]) }

    func jobRun(_ key: String, includingTaskRuns: Bool) async throws(ServiceError) -> Fetched<JobRunDetails> {
        try answer(runs[key])
    }

    func taskRun(_ key: String) async throws(ServiceError) -> Fetched<TaskRunDetails> { try answer(tasks[key]) }

    func fetchOutput(_ request: FetchOutputRequest) async throws(ServiceError) -> Fetched<TaskRunOutput> {
        try answer(outputs[request])
    }

    private func answer<Item>(_ item: Item?) throws(ServiceError) -> Fetched<Item> {
        guard let item else {
            throw ServiceError(operation: "get", kind: .notFound, message: "there is none", attempts: 1)
        }
        return Fetched(item: item, flaws: [], attempts: 1)
    }
}

extension FetchOutputRequest: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(taskRunKey + outputKey) }
}

@Suite("Inspections of single runs, tasks and jobs")
struct RunInspectorTests {
    private let place = Place(instanceID: "i", workspaceKey: "w")
    private var run: RunID { RunID(job: JobID(place: place, key: "j"), key: "r") }

    private func result(_ inspection: Inspection, of service: FakeObjects) async -> InspectionResult {
        await RunInspector(service: service, place: place).result(of: inspection)
    }

    private var details: JobRunDetails {
        var details = JobRunDetails(summary: JobRunSummary(key: "r"))
        details.summary.jobKey = "j"
        (details.setupDuration, details.runDuration, details.cleanupDuration) = (1_000, 2_000, -3)
        (details.parentJobRunKey, details.rootJobRunKey) = ("p", "r")
        details.parameters = [Parameter(name: "a", value: "b")]
        details.repairHistory = [
            JobRunDetails.Repair(
                key: 1, type: "REPAIR", startTime: 5_000, endTime: 4_000, state: RunState(status: "FAILED"))
        ]
        return details
    }

    @Test("a run's times, parameters, attempts and related runs; it is not its own root")
    func runDetails() async throws {
        guard case .run(let found) = await result(.run(run), of: FakeObjects(runs: ["r": details])) else {
            throw NotThere()
        }
        #expect(found.run.id == run)
        #expect(found.setup == .seconds(1))
        #expect(found.execution == .seconds(2))
        #expect(found.cleanup == nil, "a negative duration is none")
        #expect(found.parameters == [RunParameter(name: "a", value: "b")])
        #expect(found.parent == "p")
        #expect(found.root == nil)
        #expect(found.attempts.map(\.number) == [1])
        #expect(found.attempts.map(\.kind) == ["REPAIR"])
        #expect(found.attempts.map(\.status) == [.failed])
        #expect(found.attempts.map(\.ended) == [nil], "an end before the start is none")
    }

    @Test("a run known only by its key must name its job")
    func namedRun() async {
        var details = details
        #expect(
            await result(.named(key: "r", by: run), of: FakeObjects(runs: ["r": details]))
                == result(.run(run), of: FakeObjects(runs: ["r": details])))
        details.summary.jobKey = nil
        let nameless = await result(.named(key: "r", by: run), of: FakeObjects(runs: ["r": details]))
        guard case .failed(let failure) = nameless else { return #expect(Bool(false), "it fails") }
        #expect(failure.summary.contains("the run names no job"))
    }

    @Test("the tasks of a job, except those without a key")
    func graph() async {
        var job = JobDetails(summary: JobSummary(key: "j"))
        job.tasks = [
            JobTask(taskKey: "a", type: "JAR_TASK", maxRetries: 2), JobTask(taskKey: "b", dependsOn: ["a"]), JobTask(),
        ]
        let nodes = [
            TaskNode(key: "a", kind: "JAR_TASK", mostRetries: 2), TaskNode(key: "b", after: ["a"]),
        ]
        #expect(await result(.graph(of: run.job), of: FakeObjects(jobs: ["j": job])) == .graph(nodes))
    }

    @Test("a task's output: text unchanged, base64 decoded, other content named, and earlier attempts")
    func output() async throws {
        var task = TaskRunDetails(summary: TaskRunSummary(key: "t"))
        (task.outputKey, task.setupDuration, task.executionDuration) = ("o", 10, 20)
        task.retries = [
            TaskRunDetails.Retry(retryNumber: 0, startTime: 1, endTime: 2, state: RunState(status: "FAILED"))
        ]
        var output = TaskRunOutput(key: "o")
        output.errorTrace = "KeyError"
        output.isTruncated = true
        output.data = [
            TaskRunOutput.Piece(type: "TEXT_PLAIN", value: "a\n"),
            TaskRunOutput.Piece(type: "TEXT_HTML", value: "Yg==", isBase64: true),
            TaskRunOutput.Piece(type: "IMAGE_PNG", value: "AAEC", isBase64: true),
            TaskRunOutput.Piece(type: "IMAGE_PNG", value: "%", isBase64: true),
        ]
        let service = FakeObjects(
            tasks: ["t": task], outputs: [FetchOutputRequest(taskRunKey: "t", outputKey: "o"): output])
        guard case .output(let found) = await result(.output(of: TaskRunID(run: run, key: "t")), of: service) else {
            throw NotThere()
        }
        #expect(
            found.text
                == "a\n\nb\n[IMAGE_PNG, 3 bytes that are no text]\n[IMAGE_PNG: base64 that cannot be read, 1 bytes]")
        #expect(found.errorTrace == "KeyError")
        #expect(found.isTruncated)
        #expect(found.exists)
        #expect(found.setup == .milliseconds(10))
        #expect(found.earlierTries.map(\.status) == [.failed])
    }

    @Test("the output of an earlier try is that of its own key, without the times of the newest")
    func earlierTry() async throws {
        var task = TaskRunDetails(summary: TaskRunSummary(key: "t"))
        (task.outputKey, task.executionDuration) = ("newest", 20)
        task.retries = [
            TaskRunDetails.Retry(retryNumber: 0, outputKey: "first", state: RunState(status: "FAILED")),
            TaskRunDetails.Retry(retryNumber: 1, state: RunState(status: "FAILED", errorTrace: "of the second")),
        ]
        var printed = TaskRunOutput(key: "first")
        printed.data = [TaskRunOutput.Piece(type: "TEXT_PLAIN", value: "a\n")]
        let service = FakeObjects(
            tasks: ["t": task], outputs: [FetchOutputRequest(taskRunKey: "t", outputKey: "first"): printed])
        let id = TaskRunID(run: run, key: "t")
        guard case .output(let first) = await result(.output(of: id, earlierTry: 0), of: service),
            case .output(let second) = await result(.output(of: id, earlierTry: 1), of: service),
            case .failed(let failure) = await result(.output(of: id, earlierTry: 2), of: service)
        else { throw NotThere() }
        #expect(first.text == "a\n")
        #expect(first.execution == nil)
        #expect(first.earlierTries.count == 2)
        #expect(!second.exists)
        #expect(second.errorTrace == "of the second")
        #expect(failure.summary.contains("no longer has this try"))
    }

    @Test("a task without an output key has none, and its error trace is its own")
    func noOutput() async throws {
        var task = TaskRunDetails(summary: TaskRunSummary(key: "t"))
        task.summary.state = RunState(status: "FAILED", errorTrace: "x")
        let inspection = Inspection.output(of: TaskRunID(run: run, key: "t"))
        guard case .output(let found) = await result(inspection, of: FakeObjects(tasks: ["t": task])) else {
            throw NotThere()
        }
        #expect(!found.exists)
        #expect(found.errorTrace == "x")
    }

    @Test("a missing object is a failure with its reason")
    func failure() async {
        for inspection in [Inspection.run(run), .graph(of: run.job), .output(of: TaskRunID(run: run, key: "t"))] {
            guard case .failed(let failure) = await result(inspection, of: FakeObjects()) else {
                #expect(Bool(false), "\(inspection)")
                continue
            }
            #expect(failure.summary.contains("there is none"))
        }
    }

    private struct NotThere: Error {}
}
