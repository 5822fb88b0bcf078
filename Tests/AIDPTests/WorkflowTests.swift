import AIDP
import AIDPSimulator
import Foundation
import Testing

/// The whole workflow API against the simulator, over real HTTP, with the public interface only.
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
            #expect(details.item.summary.key == jobs[0].key)
            #expect(details.flaws.isEmpty)
            #expect(!details.item.tasks.isEmpty)
            #expect(details.item.maxConcurrentRuns == 1)
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
                #expect(page.items.count <= 5)
                #expect(page.flaws.isEmpty)
                found += page.items
                request.page = page.nextPage
            } while request.page != nil
            #expect(found.count == 12)
            #expect(Set(found.map(\.key)).count == 12)
            #expect(Set(found.compactMap(\.jobKey)) == Set(keys))
        }
    }

    @Test("jobs with each filter, in any order, with all their fields")
    func filteredJobs() async throws {
        try await withClient { client, _ in
            let all = try await client.listJobs(ListJobsRequest()).items
            let job = try #require(all.first { $0.schedule != nil })
            #expect(job.schedule?.quartzCronExpression != nil)
            #expect(job.clusters == job.jobClusters.map(\.clusterKey))
            #expect(job.runAs == job.createdBy)
            #expect(job.updatedByName == job.createdByName)
            #expect(job.updatedBy != nil)
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

    @Test("runs of some jobs within a time window, with some statuses")
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
            #expect(all.allSatisfy { $0.jobKey == job })
            #expect(!failed.isEmpty)
            #expect(failed.count < all.count)
            #expect(failed.map(\.key) == all.filter { $0.state?.status == "FAILED" }.map(\.key))
        }
    }

    @Test("one run with its tasks, one task run, and its output")
    func details() async throws {
        try await withClient { client, _ in
            let failed = try #require(try await runs(client, .failed).first)
            let run = try await client.jobRun(failed.key, includingTaskRuns: true)
            #expect(run.item.summary.state?.status == "FAILED")
            #expect(run.etag != nil)
            #expect(run.flaws.isEmpty)
            #expect(run.item.lifecycleStates.last?.status == "FAILED")
            let listed = try await client.listTaskRuns(ListTaskRunsRequest(jobRunKey: failed.key)).items
            #expect(Set(run.item.taskRuns.map(\.key)) == Set(listed.map(\.key)))
            let culprit = try #require(listed.first { $0.state?.status == "FAILED" })
            let task = try await client.taskRun(culprit.key)
            #expect(task.item.jobKey == failed.jobKey)
            #expect(task.item.executionDuration != nil)
            #expect(Int64(task.item.retries.count) == task.item.summary.retryAttempt)
            let outputKey = try #require(task.item.outputKey)
            let output = try await client.fetchOutput(
                FetchOutputRequest(taskRunKey: culprit.key, outputKey: outputKey))
            #expect(output.item.errorTrace?.isEmpty == false)
            let printed = try #require(output.item.data.first?.value)
            #expect(printed.contains("started"))
            #expect(output.item.isTruncated == (printed.count == 10_000), "the service keeps so many characters")
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
            #expect(active?.status == 409)
            #expect(active?.code == "IncorrectState")
            #expect(active?.attempts == 1)
        }
    }
}
