import AIDPSimulator
import Foundation
import HTTP
import HTTPTestSupport
import NIOCore
import Testing

@testable import AIDP
@testable import OCIAuth

/// The whole workflow API against the simulator, over real HTTP.
@Suite("The workflow API")
struct WorkflowTests {
    private func withClient(_ story: @Sendable (AIDPClient, Tenancy) async throws -> Void) async throws {
        try await Tenancy.run { tenancy in
            let client = try tenancy.client(try await tenancy.credentials())
            do {
                try await story(client, tenancy)
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        }
    }

    private func runs(
        _ client: AIDPClient, _ statuses: ListJobRunsRequest.FilterableStatus...
    ) async throws -> [JobRunSummary] {
        try await client.listJobRuns(ListJobRunsRequest(statuses: statuses, limit: 50)).items
    }

    @Test("workspaces, and one job with its graph")
    func workspacesAndJob() async throws {
        try await withClient { client, tenancy in
            let workspaces = try await client.listWorkspaces()
            #expect(workspaces.items.map(\.key) == [tenancy.settings.workspaceKey])
            #expect(workspaces.items[0].displayName == "retail-production")
            let jobs = try await client.listJobs(ListJobsRequest()).items
            let details = try await client.job(try #require(jobs.first).key)
            #expect(details.item.summary.key == jobs[0].key && details.flaws.isEmpty)
            #expect(!details.item.tasks.isEmpty && details.item.maxConcurrentRuns == 1)
            #expect(details.item.tasks.dropFirst().allSatisfy { !$0.dependsOn.isEmpty })
        }
    }

    @Test("the latest runs of several jobs, page by page")
    func recentRuns() async throws {
        try await withClient { client, _ in
            let keys = try await client.listJobs(ListJobsRequest()).items.prefix(4).map(\.key)
            var found: [JobRunSummary] = []
            var request = RecentJobRunsRequest(jobKeys: keys, recordCount: 3, limit: 5)
            repeat {
                let page = try await client.recentJobRuns(request)
                #expect(page.items.count <= 5 && page.flaws.isEmpty)
                found += page.items
                request.page = page.nextPage
            } while request.page != nil
            #expect(found.count == 12 && Set(found.map(\.key)).count == 12)
            #expect(Set(found.compactMap(\.jobKey)) == Set(keys))
        }
    }

    @Test("jobs by each filter, in any order, with all their fields")
    func filteredJobs() async throws {
        try await withClient { client, _ in
            let all = try await client.listJobs(ListJobsRequest()).items
            let job = all[3]
            #expect(job.schedule?.quartzCronExpression != nil && job.clusters == job.jobClusters.map(\.clusterKey))
            #expect(job.runAs == job.createdBy && job.updatedByName == job.createdByName && job.updatedBy != nil)
            for request in [
                ListJobsRequest(displayName: job.name), ListJobsRequest(path: job.path),
                ListJobsRequest(displayNameContains: job.name),
            ] {
                #expect(try await client.listJobs(request).items.map(\.key) == [job.key])
            }
            let theirs = try await client.listJobs(ListJobsRequest(createdBy: job.createdBy)).items
            #expect(theirs.map(\.key) == all.filter { $0.createdBy == job.createdBy }.map(\.key))
            #expect(theirs.count < all.count)
            let names = try await client.listJobs(ListJobsRequest(sortBy: .displayName, sortOrder: .descending)).items
                .compactMap(\.name)
            #expect(names == all.compactMap(\.name).sorted(by: >))
        }
    }

    @Test("runs within a window of time, of some jobs, in some statuses")
    func listRuns() async throws {
        try await withClient { client, tenancy in
            let (since, until) = (tenancy.clock.now - 600, tenancy.clock.now - 60)
            let found = try await client.listJobRuns(
                ListJobRunsRequest(createdSince: since, createdUntil: until, limit: 1_000))
            #expect(!found.items.isEmpty)
            #expect(found.items.allSatisfy { run in run.timeCreated.map { (since...until).contains($0) } ?? false })
            let job = try #require(try await runs(client, .failed).first?.jobKey)
            let all = try await client.listJobRuns(ListJobRunsRequest(jobKeys: [job], limit: 1_000)).items
            let failed = try await client.listJobRuns(
                ListJobRunsRequest(jobKeys: [job], statuses: [.failed], limit: 1_000)
            ).items
            #expect(all.allSatisfy { $0.jobKey == job } && !failed.isEmpty && failed.count < all.count)
            #expect(failed.map(\.key) == all.filter { $0.state?.status == "FAILED" }.map(\.key))
        }
    }

    @Test("one run with its tasks, one task run, and what it printed")
    func details() async throws {
        try await withClient { client, _ in
            let failed = try #require(try await runs(client, .failed).first)
            let run = try await client.jobRun(failed.key, includingTaskRuns: true)
            #expect(run.item.summary.state?.status == "FAILED" && run.etag != nil && run.flaws.isEmpty)
            #expect(run.item.lifecycleStates.last?.status == "FAILED")
            let listed = try await client.listTaskRuns(ListTaskRunsRequest(jobRunKey: failed.key)).items
            #expect(Set(run.item.taskRuns.map(\.key)) == Set(listed.map(\.key)))
            let culprit = try #require(listed.first { $0.state?.status == "FAILED" })
            let task = try await client.taskRun(culprit.key)
            #expect(task.item.jobKey == failed.jobKey && task.item.executionDuration != nil)
            #expect(Int64(task.item.retries.count) == task.item.summary.retryAttempt)
            let outputKey = try #require(task.item.outputKey)
            let output = try await client.fetchOutput(
                FetchOutputRequest(taskRunKey: culprit.key, outputKey: outputKey))
            #expect(output.item.errorTrace?.isEmpty == false && output.item.isTruncated == false)
            #expect(output.item.data.first?.value?.contains("started") == true)
        }
    }

    @Test("a run is started once per retry token, cancelled by its version, and repaired")
    func mutations() async throws {
        try await withClient { client, _ in
            let jobs = try await client.listJobs(ListJobsRequest()).items
            var started: Fetched<JobRunDetails>?
            for job in jobs {
                let run = try await client.runJob(
                    job.key, parameters: [Parameter(name: "day", value: "today")], MutationOptions(retryToken: job.key))
                if run.item.summary.state?.status == "QUEUED" {
                    started = run
                    break
                }
            }
            let run = try #require(started)
            let jobKey = try #require(run.item.summary.jobKey)
            let again = try await client.runJob(
                jobKey, parameters: [Parameter(name: "day", value: "today")], MutationOptions(retryToken: jobKey))
            #expect(again.item.summary.key == run.item.summary.key)
            #expect(run.item.parameters == [Parameter(name: "day", value: "today")])

            let key = run.item.summary.key
            let stale = await #expect(throws: ServiceError.self) {
                try await client.cancelJobRun(key, MutationOptions(ifMatch: "another"))
            }
            #expect(stale?.status == 412)
            let canceled = try await client.cancelJobRun(key, MutationOptions(ifMatch: run.etag))
            #expect(canceled.item.summary.state?.status == "CANCELED")
            let repaired = try await client.repairJobRun(RepairJobRunRequest(jobRunKey: key, mode: .rerun))
            #expect(repaired.item.summary.state?.status == "QUEUED")
            #expect(repaired.item.repairHistory.map(\.type) == ["ORIGINAL", "REPAIR"])
            let active = await #expect(throws: ServiceError.self) {
                try await client.repairJobRun(RepairJobRunRequest(jobRunKey: key))
            }
            #expect(active?.status == 409 && active?.code == "IncorrectState" && active?.attempts == 1)
        }
    }

    /// Whether this machine has IPv6 at all.
    private static let hasIPv6 = (try? SocketAddress(ipAddress: "::1", port: 0)).map { address in
        let socket = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        return address.withSockAddr { bind(socket, $0, socklen_t($1)) } == 0
    }

    @Test("an IPv6 address is reached, and named in brackets", .enabled(if: hasIPv6 == true, "no IPv6 here"))
    func ipv6() async throws {
        try await FaultServer.run(.response("200 OK"), host: "::1") { server in
            let endpoint = try Endpoint(baseURL: "http://[::1]:\(server.port)", instanceID: "i", workspaceKey: "w")
            let client = AIDPClient(
                endpoint: endpoint, authenticator: .standIn(), settings: .patient, dependencies: .live)
            _ = try await client.listJobs(ListJobsRequest())
            await client.shutdown()
            #expect(server.requests.first?.contains("host: [::1]:\(server.port)\r\n") == true)
        }
    }
}

/// Operations that change something, on a script.
@Suite("Mutations")
struct MutationTests {
    private let run = #"{"key":"r"}"#

    private func header(_ name: String, _ request: HTTPRequest) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    @Test("carry a token of their own when none is given, the same in every attempt")
    func token() async throws {
        let scene = try Scene(.error(503, "Busy", "later"), .reply(200, run))
        _ = try await scene.client.cancelJobRun("r", MutationOptions(ifMatch: "v1"))
        let requests = scene.transport.requests
        #expect(requests.count == 2 && requests.allSatisfy { $0.method == "POST" })
        #expect(requests.allSatisfy { header("if-match", $0) == "v1" })
        let tokens = requests.compactMap { header("opc-retry-token", $0) }
        #expect(tokens.count == 2 && Set(tokens).count == 1 && !tokens[0].isEmpty)
        #expect(requests[0].target.hasSuffix("/jobRuns/r/actions/cancel"))
    }

    @Test("are not retried after a 409")
    func conflict() async throws {
        let scene = try Scene(.error(409, "IncorrectState", "it has ended"))
        let error = await #expect(throws: ServiceError.self) { try await scene.client.cancelJobRun("r") }
        #expect(error?.attempts == 1 && error?.code == "IncorrectState")
    }

    @Test(
        "say that they may have been carried out when nobody knows, and only then",
        arguments: [
            (.fails(.timedOut), true), (.fails(.connectionLost), true), (.fails(.responseTooLarge), true),
            (.fails(.malformedResponse), true), (.fails(.connectionRefused), false), (.fails(.nameResolution), false),
            (.error(400, "C", "m"), false), (.error(404, "C", "m"), false),
        ] as [(ScriptedTransport.Line, Bool)])
    func outcomes(_ line: ScriptedTransport.Line, isUnknown: Bool) async throws {
        let scene = try Scene(line)
        let error = await #expect(throws: ServiceError.self) { try await scene.client.runJob("j") }
        #expect(error?.advice.contains("may have been carried out") == isUnknown)
        let read = await #expect(throws: ServiceError.self) { try await scene.client.jobRun("r") }
        #expect(read?.advice.contains("may have been carried out") == false, "it changes nothing")
    }

    @Test("an object without a usable key, or that is none, is malformed, with its request id")
    func noObject() async throws {
        for (body, reason) in [
            ("{}", "answer.key is missing"), (#"{"key":5}"#, "answer.key is a number, not a string"),
            ("[]", "the answer is an array, not an object"), ("", "the answer is empty"),
        ] {
            let scene = try Scene(.reply(200, body, ["opc-request-id": "A/B"]))
            let error = await #expect(throws: ServiceError.self) { try await scene.client.jobRun("r") }
            #expect(error?.kind == .malformedResponse && error?.message == reason && error?.status == 200)
            #expect(error?.opcRequestID == "A/B" && error?.operation == "getJobRun")
        }
    }

    @Test("what comes with an object is kept: its version, its request id, the attempts, and its flaws")
    func envelope() async throws {
        let scene = try Scene(.fails(.timedOut), .reply(200, #"{"key":"r","runDuration":"x"}"#, ["ETag": "v7"]))
        let run = try await scene.client.jobRun("r/1")
        #expect(run.etag == "v7" && run.attempts == 2)
        #expect(run.opcRequestID == String(repeating: "F", count: 32))
        #expect(run.flaws.map(\.reason) == ["answer.runDuration is not an integer of 64 bits: x"])
        #expect(scene.transport.requests.last?.target.hasSuffix("/jobRuns/r%2F1") == true)
        _ = try await scene.client.jobRun("r", includingTaskRuns: true)
        #expect(
            scene.transport.requests.last?.target.hasSuffix("/jobRuns/r?shouldIncludeTaskRunSummaries=true") == true)
    }

    @Test("every field of a run, a task run, a job, a workspace and an output is read")
    func fields() async throws {
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
        #expect(run.maxConcurrentRuns == 5 && run.parentJobRunKey == "p" && run.rootJobRunKey == "o")
        #expect(run.parameters == [Parameter(name: "n", value: "v")])
        #expect(run.lifecycleStates == [.init(status: "QUEUED", startTime: 6, endTime: 7)])
        #expect(
            run.repairHistory
                == [.init(key: 8, type: "REPAIR", startTime: 9, endTime: 10, state: RunState(status: "FAILED"))])
        #expect(run.taskRuns.map(\.key) == ["ta", "tb"])
        let task = try await Scene(
            .reply(
                200,
                #"""
                {"key":"t","jobKey":"j","outputKey":"o","setupDuration":1,"executionDuration":2,"cleanupDuration":3,
                "retries":[{"retryNumber":4,"startTime":5,"endTime":6,"outputKey":"p","state":{"status":"FAILED"}}]}
                """#)
        ).client.taskRun("t").item
        #expect(task.jobKey == "j" && task.outputKey == "o")
        #expect([task.setupDuration, task.executionDuration, task.cleanupDuration] == [1, 2, 3])
        #expect(
            task.retries
                == [.init(retryNumber: 4, startTime: 5, endTime: 6, outputKey: "p", state: RunState(status: "FAILED"))])
        let job = try await Scene(
            .reply(
                200,
                #"""
                {"key":"j","description":"d","maxConcurrentRuns":1,"timeoutSeconds":2,"continuous":{"pauseStatus":"PAUSED"},
                "parameters":[{"name":"n"}],
                "tasks":[{"taskKey":"k","type":"NOTEBOOK_TASK","dependsOn":[{"taskKey":"a"}],"maxRetries":3}]}
                """#)
        ).client.job("j").item
        #expect(job.description == "d" && job.maxConcurrentRuns == 1 && job.timeoutSeconds == 2)
        #expect(job.continuousPauseStatus == "PAUSED" && job.parameters == [Parameter(name: "n", value: "")])
        #expect(job.tasks == [.init(taskKey: "k", type: "NOTEBOOK_TASK", dependsOn: ["a"], maxRetries: 3)])
        let workspace = try await Scene(
            .reply(
                200,
                #"""
                {"items":[{"key":"w","displayName":"dn","description":"d","type":"t","lifecycleState":"ACTIVE",
                "createdByName":"c","timeCreated":"1970-01-01T00:00:01Z","timeUpdated":"1970-01-01T00:00:02Z"}]}
                """#)
        ).client.listWorkspaces().items[0]
        #expect(workspace.displayName == "dn" && workspace.description == "d" && workspace.type == "t")
        #expect(workspace.lifecycleState == "ACTIVE" && workspace.createdByName == "c")
        #expect(workspace.timeCreated?.timeIntervalSince1970 == 1 && workspace.timeUpdated?.timeIntervalSince1970 == 2)
        let output = try await Scene(
            .reply(
                200,
                #"{"key":"o","errorTrace":"e","isTruncated":true,"data":[{"type":"t","value":"v","isBase64":true}]}"#)
        ).client.fetchOutput(FetchOutputRequest(taskRunKey: "t", outputKey: "o")).item
        #expect(output.errorTrace == "e" && output.isTruncated == true)
        #expect(output.data == [.init(type: "t", value: "v", isBase64: true)])
    }

    @Test("that may have been carried out say so")
    func unknownOutcome() async throws {
        let scene = try Scene(.fails(.connectionLost))
        let error = await #expect(throws: ServiceError.self) { try await scene.client.runJob("j") }
        #expect(error?.advice.contains("may have been carried out") == true)
        #expect(Set(scene.transport.requests.compactMap { header("opc-retry-token", $0) }).count == 1)
    }

    @Test("send what they were given, and no more")
    func bodies() async throws {
        let scene = try Scene(.reply(200, run))
        _ = try await scene.client.runJob("a/b", parameters: [Parameter(name: "n", value: "v\"")])
        _ = try await scene.client.repairJobRun(RepairJobRunRequest(jobRunKey: "r", taskKeys: ["t"], mode: .rerun))
        _ = try await scene.client.repairJobRun(RepairJobRunRequest(jobRunKey: "r"))
        _ = try await scene.client.fetchOutput(FetchOutputRequest(taskRunKey: "t", outputKey: "o"))
        let bodies = scene.transport.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }
        #expect(
            bodies == [
                #"{"jobKey":"a/b","parameters":[{"name":"n","value":"v\""}]}"#,
                #"{"repairMode":"RERUN","taskKeys":["t"]}"#, #"{"repairMode":"RESUME"}"#, #"{"outputKey":"o"}"#,
            ])
    }

    @Test("with a key or a token that cannot be sent are refused here", arguments: ["", ".", ".."])
    func badKeys(key: String) async throws {
        let scene = try Scene(.reply(200, run))
        for call in [
            { try await scene.client.cancelJobRun(key) }, { try await scene.client.jobRun(key) },
            { try await scene.client.cancelJobRun("r", MutationOptions(retryToken: "a\r\nb")) },
        ] as [@Sendable () async throws -> Fetched<JobRunDetails>] {
            let error = await #expect(throws: ServiceError.self) { try await call() }
            #expect(error?.kind == .invalidRequest)
        }
        #expect(scene.transport.requests.isEmpty)
    }
}
