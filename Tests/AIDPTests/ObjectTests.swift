import Foundation
import HTTP
import Testing

@testable import AIDP

/// Answers that are one object, with a scripted transport.
@Suite("Objects")
struct ObjectTests {
    @Test("an answer that is not an object or has no usable key is malformed, and the error has its request id")
    func noObject() async throws {
        for (body, reason) in [
            ("{}", "answer.key is missing"), (#"{"key":5}"#, "answer.key is a number, not a string"),
            ("[]", "the answer is an array, not an object"), ("", "the answer is empty"),
        ] {
            let scene = try Scene(.reply(200, body, ["opc-request-id": "A/B"]))
            let error = await #expect(throws: ServiceError.self) { try await scene.client.jobRun("r") }
            #expect(error?.kind == .malformedResponse)
            #expect(error?.message == reason)
            #expect(error?.status == 200)
            #expect(error?.opcRequestID == "A/B")
            #expect(error?.operation == "getJobRun")
        }
    }

    @Test("the result has the version, the request id, the attempts and the flaws of an object")
    func envelope() async throws {
        let scene = try Scene(.fails(.timedOut), .reply(200, #"{"key":"r","runDuration":"x"}"#, ["ETag": "v7"]))
        let run = try await scene.client.jobRun("r/1")
        #expect(run.etag == "v7")
        #expect(run.attempts == 2)
        #expect(run.opcRequestID == String(repeating: "F", count: 32))
        #expect(run.flaws.map(\.reason) == ["answer.runDuration is not an integer of 64 bits: x"])
        #expect(scene.transport.requests.last?.target.hasSuffix("/jobRuns/r%2F1") == true)
        _ = try await scene.client.jobRun("r", includingTaskRuns: true)
        #expect(
            scene.transport.requests.last?.target.hasSuffix("/jobRuns/r?shouldIncludeTaskRunSummaries=true") == true)
    }

    @Test("every field of a run is decoded")
    func run() async throws {
        let run = try await Scene(
            .reply(
                200,
                #"""
                {"key":"r","setupDuration":1,"cleanupDuration":2,"runDuration":3,"timeoutSeconds":4,"maxConcurrentRuns":5,
                "parentJobRunKey":"p","rootJobRunKey":"o","parameters":[{"name":"n","value":"v"}],
                "lifecycleStates":[{"status":"QUEUED","startTime":6,"endTime":7}],
                "repairHistory":[{"key":8,"type":"REPAIR","startTime":9,"endTime":10,"state":{"status":"FAILED"}}],
                "taskRunSummaryMap":{"b":{"key":"tb"},"a":{"key":"ta","taskKey":"a"},"c":{}}}
                """#)
        ).client.jobRun("r").item
        #expect([run.setupDuration, run.cleanupDuration, run.runDuration, run.timeoutSeconds] == [1, 2, 3, 4])
        #expect(run.maxConcurrentRuns == 5)
        #expect(run.parentJobRunKey == "p")
        #expect(run.rootJobRunKey == "o")
        #expect(run.parameters == [Parameter(name: "n", value: "v")])
        #expect(run.lifecycleStates == [.init(status: "QUEUED", startTime: 6, endTime: 7)])
        #expect(
            run.repairHistory
                == [.init(key: 8, type: "REPAIR", startTime: 9, endTime: 10, state: RunState(status: "FAILED"))])
        #expect(run.taskRuns.map(\.key) == ["ta", "tb"])
    }

    @Test("every field of a task run is decoded")
    func taskRun() async throws {
        let task = try await Scene(
            .reply(
                200,
                #"""
                {"key":"t","jobKey":"j","outputKey":"o","setupDuration":1,"executionDuration":2,"cleanupDuration":3,
                "retries":[{"retryNumber":4,"startTime":5,"endTime":6,"outputKey":"p","state":{"status":"FAILED"}}]}
                """#)
        ).client.taskRun("t").item
        #expect(task.jobKey == "j")
        #expect(task.outputKey == "o")
        #expect([task.setupDuration, task.executionDuration, task.cleanupDuration] == [1, 2, 3])
        #expect(
            task.retries
                == [.init(retryNumber: 4, startTime: 5, endTime: 6, outputKey: "p", state: RunState(status: "FAILED"))])
    }

    @Test("every field of a job is decoded")
    func job() async throws {
        let job = try await Scene(
            .reply(
                200,
                #"""
                {"key":"j","description":"d","maxConcurrentRuns":1,"timeoutSeconds":2,"continuous":{"pauseStatus":"PAUSED"},
                "parameters":[{"name":"n"}],
                "tasks":[{"taskKey":"k","type":"NOTEBOOK_TASK","dependsOn":[{"taskKey":"a"}],"maxRetries":3}]}
                """#)
        ).client.job("j").item
        #expect(job.description == "d")
        #expect(job.maxConcurrentRuns == 1)
        #expect(job.timeoutSeconds == 2)
        #expect(job.continuousPauseStatus == "PAUSED")
        #expect(job.parameters == [Parameter(name: "n", value: "")])
        #expect(job.tasks == [.init(taskKey: "k", type: "NOTEBOOK_TASK", dependsOn: ["a"], maxRetries: 3)])
    }

    @Test("every field of a workspace is decoded")
    func workspace() async throws {
        let workspace = try await Scene(
            .reply(
                200,
                #"""
                {"items":[{"key":"w","displayName":"dn","description":"d","type":"t","lifecycleState":"ACTIVE",
                "createdByName":"c","timeCreated":"1970-01-01T00:00:01Z","timeUpdated":"1970-01-01T00:00:02Z"}]}
                """#)
        ).client.listWorkspaces().items[0]
        #expect(workspace.displayName == "dn")
        #expect(workspace.description == "d")
        #expect(workspace.type == "t")
        #expect(workspace.lifecycleState == "ACTIVE")
        #expect(workspace.createdByName == "c")
        #expect(workspace.timeCreated?.timeIntervalSince1970 == 1)
        #expect(workspace.timeUpdated?.timeIntervalSince1970 == 2)
    }

    @Test("every field of a task's output is decoded")
    func output() async throws {
        let output = try await Scene(
            .reply(
                200,
                #"{"key":"o","errorTrace":"e","isTruncated":true,"data":[{"type":"t","value":"v","isBase64":true}]}"#)
        ).client.fetchOutput(FetchOutputRequest(taskRunKey: "t", outputKey: "o")).item
        #expect(output.errorTrace == "e")
        #expect(output.isTruncated == true)
        #expect(output.data == [.init(type: "t", value: "v", isBase64: true)])
    }
}
