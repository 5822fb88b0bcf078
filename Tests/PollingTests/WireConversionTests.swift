import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

@Suite("Conversion of the service's values")
struct WireConversionTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func run(_ change: (inout JobRunSummary) -> Void) throws -> JobRun {
        var summary = summary("r", of: "j")
        change(&summary)
        return try #require(JobRun(summary, in: .test, onlyJob: nil))
    }

    @Test("every field is converted")
    func everyField() throws {
        let run = try run { summary in
            summary.jobName = "Job"
            summary.name = "Run"
            summary.createdBy = "ocid1.user"
            summary.createdByName = "ada"
            summary.runAs = "etl"
            summary.launched = "SCHEDULED"
            summary.startTime = 1_800_000_000_500
            summary.endTime = 1_800_000_060_500
            summary.executionDuration = 59_000
            summary.timeCreated = now
            summary.timeUpdated = now.addingTimeInterval(61)
            summary.state = RunState(
                status: "TIMED_OUT", stateMessage: "too long", errorTrace: "at line 1", isUserCanceledOrTimedOut: true)
        }
        #expect(run.id == RunID("r", of: JobID("j")))
        #expect(run.jobName == "Job")
        #expect(run.name == "Run")
        #expect(run.createdBy == "ocid1.user")
        #expect(run.createdByName == "ada")
        #expect(run.runAs == "etl")
        #expect(run.launch == .scheduled)
        #expect(run.started == Date(timeIntervalSince1970: 1_800_000_000.5))
        #expect(run.ended == Date(timeIntervalSince1970: 1_800_000_060.5))
        #expect(run.executionDuration == .seconds(59))
        #expect(run.created == now)
        #expect(run.updated == now.addingTimeInterval(61))
        #expect(run.status == .timedOut)
        #expect(run.stateMessage == "too long")
        #expect(run.errorTrace == "at line 1")
        #expect(run.isUserCanceledOrTimedOut == true)
    }

    @Test(
        "ignores an end that is absent, 0, or before the start",
        arguments: [nil, 0, -1, 999, Int64.min, Int64.max] as [Int64?])
    func noEnd(end: Int64?) throws {
        let run = try run {
            $0.startTime = 1000
            $0.endTime = end
        }
        #expect(run.started == Date(timeIntervalSince1970: 1))
        #expect(run.ended == nil)
    }

    @Test("accepts an end equal to the start")
    func immediateEnd() throws {
        let run = try run {
            $0.startTime = 1000
            $0.endTime = 1000
        }
        #expect(run.duration(at: now) == .zero)
    }

    @Test(
        "ignores dates outside 1970…9999",
        // As seconds: the description of a Date that is no number traps.
        arguments: [-1e300, -63_114_076_800, -1, 253_402_300_800, 1e300, .infinity, -.infinity, .nan])
    func implausibleDates(seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let run = try run {
            $0.timeCreated = date
            $0.timeUpdated = date
        }
        #expect(run.created == nil)
        #expect(run.updated == nil)
    }

    @Test("accepts the last second of 9999")
    func lastMoment() {
        #expect(Date(epochMilliseconds: 253_402_300_799_999) != nil)
        #expect(Date(epochMilliseconds: 253_402_300_800_000) == nil)
    }

    @Test("uses the service's own duration only if it is above zero", arguments: [nil, 0, -5, Int64.min] as [Int64?])
    func noDuration(milliseconds: Int64?) throws {
        #expect(try run { $0.executionDuration = milliseconds }.executionDuration == nil)
    }

    @Test("the largest duration does not trap")
    func largestDuration() throws {
        let run = try run { $0.executionDuration = .max }
        #expect(run.duration(at: now) == .milliseconds(Int64.max))
    }

    @Test("without a state there is no status; an unknown status keeps its text")
    func statuses() throws {
        #expect(try run { $0.state = nil }.status == .missing)
        #expect(try run { $0.state?.status = "MELTED" }.status == .unknown("MELTED"))
        #expect(try run { $0.launched = nil }.launch == nil)
    }

    @Test("tasks: times and attempts, including hostile ones")
    func tasks() {
        var summary = TaskRunSummary(key: "t")
        summary.startTime = 5000
        summary.endTime = 4000
        summary.retryAttempt = -1
        var task = TaskRun(summary)
        #expect(task.ended == nil)
        #expect(task.retryAttempt == nil)
        #expect(task.status == .missing)
        summary.endTime = 9000
        summary.retryAttempt = .max
        task = TaskRun(summary)
        #expect(task.duration(at: now) == .seconds(4))
        #expect(task.retryAttempt == .max)
    }

    @Test("every field of a task and of a job is converted")
    func taskAndJobFields() {
        var summary = TaskRunSummary(key: "t")
        summary.name = "extract"
        summary.taskKey = "task-1"
        summary.jobRunKey = "run-1"
        summary.startTime = 5000
        summary.endTime = 9000
        summary.retryAttempt = 0
        summary.state = RunState(status: "FAILED", stateMessage: "boom", errorTrace: "at line 1")
        let task = TaskRun(summary)
        #expect(task.key == "t")
        #expect(task.name == "extract")
        #expect(task.taskKey == "task-1")
        #expect(task.started == Date(timeIntervalSince1970: 5))
        #expect(task.ended == Date(timeIntervalSince1970: 9))
        #expect(task.retryAttempt == 0)
        #expect(task.status == .failed)
        #expect(task.stateMessage == "boom")
        #expect(task.errorTrace == "at line 1")
        var job = JobSummary(key: "j", name: "Job")
        job.path = "/Workspace/etl"
        #expect(Job(job, in: .test) == Job(id: JobID("j"), name: "Job", path: "/Workspace/etl"))
    }

    @Test("accepts the start of 1970 as a date, not as milliseconds")
    func firstMoment() throws {
        let epoch = Date(timeIntervalSince1970: 0)
        #expect(try run { $0.timeCreated = epoch }.created == epoch)
        #expect(Date(epochMilliseconds: 0) == nil)
        #expect(Date(epochMilliseconds: 1) == Date(timeIntervalSince1970: 0.001))
        #expect(Date(epochMilliseconds: nil) == nil)
        #expect(try run { $0.executionDuration = 1 }.executionDuration == .milliseconds(1))
    }

    @Test("a failed call gives a sentence, a short text, the advice and the id for the screen")
    func failure() {
        let refused = RequestFailure(
            ServiceError(
                operation: "recentJobRuns", kind: .notFound, status: 404, code: "NotAuthorizedOrNotFound",
                message: "Authorization failed.", opcRequestID: "ID1", attempts: 1, advice: "Look."))
        #expect(
            refused
                == RequestFailure(
                    summary: "recentJobRuns: 404 NotAuthorizedOrNotFound: Authorization failed.",
                    short: "404 NotAuthorizedOrNotFound", advice: "Look.", opcRequestID: "ID1"))
    }

    @Test(
        "the short text of a failure has the status with the code, else the message, else the whole sentence",
        arguments: [
            (404, "NotFound", "It is gone.", "404 NotFound"), (404, nil, "It is gone.", "404 It is gone."),
            (nil, nil, "no answer", "no answer"), (nil, nil, nil, "listJobs: the service failed"),
        ] as [(Int?, String?, String?, String)])
    func shortFailure(status: Int?, code: String?, message: String?, words: String) {
        let error = ServiceError(operation: "listJobs", kind: .server, status: status, code: code, message: message)
        #expect(RequestFailure(error).short == words)
    }
}

@Suite struct TextPoolTests {
    @Test("stores equal long texts once, without changing a run")
    func shared() throws {
        var pool = TextPool(["a key of a job that is long"])
        let texts = ["a key of a job that is long", "Ada Lovelace, who is long too", "é日本 and more text than fits", ""]
        for text in texts { #expect(pool.shared(String(decoding: Array(text.utf8), as: UTF8.self)) == text) }
        var summary = JobRunSummary(key: "run")
        summary.jobKey = texts[0]
        (summary.jobName, summary.createdBy, summary.createdByName, summary.runAs) = (texts[1], texts[1], texts[2], "")
        let place = Place(instanceID: "instance", workspaceKey: "workspace")
        let pooled = try #require(JobRun(summary, in: place, onlyJob: nil, sharing: &pool))
        #expect(pooled == JobRun(summary, in: place, onlyJob: nil))
        #expect(pooled.job.key == texts[0] && pooled.createdBy == texts[1] && pooled.runAs == "")
    }
}
