import Foundation
import HTTP
import Testing

@testable import AIDP

@Suite struct RequestParametersTests {
    /// `/path?a=b` → `?a=b`
    private func query(_ target: String?) -> String? {
        target.flatMap { target in target.firstIndex(of: "?").map { String(target[$0...]) } }
    }

    @Test("recentJobRuns sends every key, both counts, the page and the order")
    func recentJobRuns() async throws {
        let scene = try Scene(.reply(200))
        _ = try await scene.client.recentJobRuns(
            RecentJobRunsRequest(
                jobKeys: ["a/1", "b"], recordCount: 10, limit: 25, page: "x+/=", sortBy: .status, sortOrder: .ascending)
        )
        #expect(
            query(scene.transport.requests.first?.target)
                == "?jobKey=a%2F1&jobKey=b&recordCount=10&limit=25&page=x%2B%2F%3D&sortBy=status&sortOrder=ASC")
    }

    @Test("the lists send their filter, their limit and a fixed order")
    func lists() async throws {
        let scene = try Scene(.reply(200))
        _ = try await scene.client.listJobs(ListJobsRequest(displayNameContains: "daily load", limit: 7))
        _ = try await scene.client.listJobs(ListJobsRequest(displayNameContains: ""))
        _ = try await scene.client.listTaskRuns(ListTaskRunsRequest(jobRunKey: "r:1", page: "p"))
        #expect(
            scene.transport.requests.map { query($0.target) } == [
                "?displayNameContains=daily%20load&limit=7&sortBy=timeCreated&sortOrder=ASC",
                "?limit=1000&sortBy=timeCreated&sortOrder=ASC",
                "?jobRunKey=r%3A1&limit=1000&page=p&sortBy=timeCreated&sortOrder=ASC",
            ])
        #expect(scene.transport.requests.map { $0.target.contains("/taskRuns?") } == [false, false, true])
    }

    @Test(
        "a parameter outside its documented range is rejected and nothing is sent",
        arguments: [
            (RecentJobRunsRequest(jobKeys: []), "jobKey is required: the list of job keys is empty"),
            (RecentJobRunsRequest(jobKeys: ["a", ""]), "jobKey must not be empty"),
            (RecentJobRunsRequest(jobKeys: ["a"], recordCount: 0), "recordCount is 0; it must be from 1 to 10"),
            (RecentJobRunsRequest(jobKeys: ["a"], recordCount: 11), "recordCount is 11; it must be from 1 to 10"),
            (RecentJobRunsRequest(jobKeys: ["a"], limit: 26), "limit is 26; it must be from 1 to 25"),
            (RecentJobRunsRequest(jobKeys: ["a"], limit: .min), "limit is \(Int.min); it must be from 1 to 25"),
            (RecentJobRunsRequest(jobKeys: ["a"], page: ""), "page is 0 bytes; it must be from 1 to 4096"),
            (
                RecentJobRunsRequest(jobKeys: ["a"], page: String(repeating: "é", count: 2049)),
                "page is 4098 bytes; it must be from 1 to 4096"
            ),
        ])
    func refused(_ request: RecentJobRunsRequest, _ message: String) async throws {
        let scene = try Scene(.reply(200))
        let error = await #expect(throws: ServiceError.self) { try await scene.client.recentJobRuns(request) }
        #expect(error == ServiceError(operation: "recentJobRuns", kind: .invalidRequest, message: message))
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("each filter of the jobs is sent alone, and an empty one is not sent")
    func jobFilters() async throws {
        let scene = try Scene(.reply(200))
        for request in [
            ListJobsRequest(displayName: "n"), ListJobsRequest(path: "/p"), ListJobsRequest(displayNameContains: "c"),
            ListJobsRequest(createdBy: "u"), ListJobsRequest(displayName: "", path: "", createdBy: ""),
            ListJobsRequest(page: "2", sortBy: .displayName, sortOrder: .descending),
        ] { _ = try await scene.client.listJobs(request) }
        let rest = "limit=1000&sortBy=timeCreated&sortOrder=ASC"
        #expect(
            scene.transport.requests.map { query($0.target) } == [
                "?displayName=n&\(rest)", "?path=%2Fp&\(rest)", "?displayNameContains=c&\(rest)",
                "?createdBy=u&\(rest)", "?\(rest)", "?limit=1000&page=2&sortBy=displayName&sortOrder=DESC",
            ])
    }

    @Test("the list of runs sends its jobs, its statuses and its time window, to the millisecond")
    func jobRuns() async throws {
        let scene = try Scene(.reply(200))
        let (since, until) = (Date(timeIntervalSince1970: 1_777_639_000), Date(timeIntervalSince1970: 1_777_639_000.75))
        for request in [
            ListJobRunsRequest(
                jobKeys: ["a/1", "b"], statuses: [.failed, .success], createdSince: since, createdUntil: until,
                limit: 5,
                page: "x+"),
            ListJobRunsRequest(createdSince: since, createdUntil: since),
        ] { _ = try await scene.client.listJobRuns(request) }
        #expect(
            scene.transport.requests.first?.target.hasSuffix(
                "/jobRuns?jobKey=a%2F1&jobKey=b&status=FAILED&status=SUCCESS"
                    + "&timeCreatedGreaterThanOrEqualTo=2026-05-01T12%3A36%3A40.000Z"
                    + "&timeCreatedLessThanOrEqualTo=2026-05-01T12%3A36%3A40.750Z&limit=5&page=x%2B"
                    + "&sortBy=timeCreated&sortOrder=DESC") == true, "\(scene.transport.requests.map(\.target))")
        #expect(scene.transport.requests.count == 2, "a window of one moment is a window")
        let error = await #expect(throws: ServiceError.self) {
            try await scene.client.listJobRuns(ListJobRunsRequest(createdSince: until, createdUntil: since))
        }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message == "the window of time ends before it begins")
        #expect(scene.transport.requests.count == 2)
    }

    @Test("the ends of each documented range are allowed")
    func allowed() async throws {
        let scene = try Scene(.reply(200))
        for (count, limit) in [(1, 1), (10, 25)] {
            _ = try await scene.client.recentJobRuns(
                RecentJobRunsRequest(jobKeys: ["a"], recordCount: count, limit: limit))
        }
        for limit in [1, 1_000] {
            _ = try await scene.client.listJobs(ListJobsRequest(limit: limit))
            _ = try await scene.client.listTaskRuns(ListTaskRunsRequest(jobRunKey: "r", limit: limit))
            _ = try await scene.client.listJobRuns(ListJobRunsRequest(limit: limit))
            _ = try await scene.client.listWorkspaces(ListWorkspacesRequest(limit: limit))
        }
        _ = try await scene.client.listJobs(ListJobsRequest(page: String(repeating: "x", count: 4_096)))
        #expect(scene.transport.requests.count == 11)
    }

    @Test("every other list rejects a parameter outside its range")
    func refusedElsewhere() async throws {
        let scene = try Scene(.reply(200))
        let client = scene.client
        await #expect(throws: ServiceError.self) { try await client.listJobs(ListJobsRequest(limit: 1001)) }
        await #expect(throws: ServiceError.self) { try await client.listTaskRuns(ListTaskRunsRequest(jobRunKey: "")) }
        await #expect(throws: ServiceError.self) {
            try await client.listTaskRuns(ListTaskRunsRequest(jobRunKey: "r", limit: 0))
        }
        await #expect(throws: ServiceError.self) { try await client.listJobRuns(ListJobRunsRequest(limit: 1_001)) }
        await #expect(throws: ServiceError.self) { try await client.listJobRuns(ListJobRunsRequest(jobKeys: [""])) }
        await #expect(throws: ServiceError.self) { try await client.listWorkspaces(ListWorkspacesRequest(limit: 0)) }
        #expect(scene.transport.requests.isEmpty)
    }
}
