import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

@Suite("Fetching")
struct FetcherTests {
    private func answer(
        to request: PollRequest, of service: FakeService, keepsItems: Bool = false
    ) async -> Answer {
        let settings = PollingSettings(scope: .jobs([]))
        return await Fetcher(service: service, place: .test, settings: settings, keepsItems: keepsItems)
            .answer(to: request)
    }

    @Test("requests all pages with the parameters of the first")
    func followsPages() async throws {
        let asked = Shared<[RecentJobRunsRequest]>([])
        let service = FakeService(runs: { request in
            asked.change { $0.append(request) }
            let next = ["": "one", "one": "two", "two": ""][request.page ?? ""]
            return Page(items: [summary(request.page ?? "first", of: "a")], nextPage: next)
        })
        let answer = await answer(to: .runs(of: [JobID("a"), JobID("b")]), of: service)
        #expect(try answer.runs.map(\.id.key) == ["first", "one", "two"])
        #expect(answer.note == nil)
        #expect(answer.cost.requests == 3)
        #expect(asked.value.map(\.page) == [nil, "one", "two"])
        #expect(asked.value.allSatisfy { $0.jobKeys == ["a", "b"] })
        #expect(asked.value.allSatisfy { $0.recordCount == 5 })
        #expect(asked.value.allSatisfy { $0.limit == 25 })
    }

    @Test("stops at a repeated page token, and notes the reason")
    func repeatedToken() async throws {
        let service = FakeService(jobs: { request in
            Page(items: [JobSummary(key: request.page ?? "first")], nextPage: request.page == "a" ? "b" : "a")
        })
        let answer = await answer(to: .jobs, of: service)
        #expect(try answer.jobs.map(\.id.key) == ["first", "a", "b"])
        #expect(
            answer.note == "listJobs: the service sent the same page token again, so the rest of the list is unknown")
        #expect(answer.gap == answer.note)
    }

    @Test("limits the pages of an endless list")
    func cap() async {
        let service = FakeService(tasks: { request in
            Page(items: [TaskRunSummary(key: request.page ?? "0")], nextPage: "\((Int(request.page ?? "0") ?? 0) + 1)")
        })
        let answer = await answer(to: .tasks(of: RunID("r")), of: service)
        #expect(answer.cost.requests == Fetcher.taskPages)
        #expect(answer.note == "listTaskRuns: stopped after 20 pages, so the rest of the list is unknown")
    }

    @Test("one failed page makes the whole list fail")
    func halfAList() async {
        let error = serviceError(.timedOut)
        let service = FakeService(runs: { request throws(ServiceError) in
            if request.page != nil { throw error }
            return Page(items: [summary("a", of: "a")], nextPage: "next")
        })
        let answer = await answer(to: .runs(of: [JobID("a")]), of: service)
        #expect(throws: error) { try answer.runs }
        #expect(answer.cost == RequestCost(requests: 2, attempts: 2))
    }

    @Test("a page without a readable item is a failure, not an empty answer")
    func nothingReadable() async {
        let service = FakeService(runs: { _ in
            Page(items: [], flaws: [ItemFlaw(index: 0, reason: "items[0].key is missing")])
        })
        let answer = await answer(to: .runs(of: [JobID("a")]), of: service)
        guard case .failed(_, let error) = answer.content else {
            Issue.record("\(answer.content)")
            return
        }
        #expect(error.kind == .malformedResponse)
        #expect(error.message == "items[0].key is missing")
        #expect(answer.flaws.count == 1)
    }

    @Test("assigns a run without a job to the only job requested; among several it is a flaw, as is a foreign run")
    func jobOfARun() async throws {
        let service = FakeService(runs: { _ in
            Page(items: [summary("1", of: nil), summary("2", of: "a"), summary("3", of: "zzz"), summary("4", of: "")])
        })
        let alone = await answer(to: .runs(of: [JobID("a")]), of: service)
        #expect(try alone.runs.map(\.id.key) == ["1", "2", "4"])
        #expect(alone.flaws.count == 1)
        let together = await answer(to: .runs(of: [JobID("a"), JobID("b")]), of: service)
        #expect(try together.runs.map(\.id.key) == ["2"])
        #expect(together.flaws.count == 3)
        #expect(try together.chunk.items.isEmpty)
        let kept = await answer(to: .runs(of: [JobID("a"), JobID("b")]), of: service, keepsItems: true)
        #expect(try kept.chunk.items.count == 4, "all that the service sent")
    }

    @Test("each list has a limit: 100 pages of jobs, 20 of runs and of tasks")
    func caps() async {
        @Sendable func next(_ page: String?) -> String { "\((Int(page ?? "0") ?? 0) + 1)" }
        let service = FakeService(
            runs: { Page(items: [summary($0.page ?? "0", of: "a")], nextPage: next($0.page)) },
            jobs: { Page(items: [JobSummary(key: $0.page ?? "0")], nextPage: next($0.page)) },
            tasks: { Page(items: [TaskRunSummary(key: $0.page ?? "0")], nextPage: next($0.page)) })
        #expect(await answer(to: .jobs, of: service).cost.requests == 100)
        #expect(await answer(to: .runs(of: [JobID("a")]), of: service).cost.requests == 20)
        #expect(await answer(to: .tasks(of: RunID("r")), of: service).cost.requests == 20)
    }

    @Test("requests the list with the given name, and counts a job listed twice once")
    func listParameters() async throws {
        let asked = Shared<[ListJobsRequest]>([])
        let service = FakeService(jobs: { request in
            asked.change { $0.append(request) }
            return Page(
                items: [
                    JobSummary(key: "a", name: "first"), JobSummary(key: "a", name: "second"), JobSummary(key: "b"),
                ],
                nextPage: request.page == nil ? "more" : nil)
        })
        for name in ["etl", nil] {
            let settings = PollingSettings(scope: .workspace(nameContains: name))
            let fetcher = Fetcher(service: service, place: .test, settings: settings)
            let jobs = try await fetcher.answer(to: .jobs).jobs
            #expect(jobs.map(\.id.key) == ["a", "b"])
            #expect(jobs.first?.name == "first")
        }
        #expect(asked.value.map(\.displayNameContains) == ["etl", "etl", nil, nil])
        #expect(asked.value.map(\.page) == [nil, "more", nil, "more"])
    }

    @Test("requests new, active and past runs with 1,000 per page, oldest first, on all pages")
    func listParametersOfRuns() async throws {
        let asked = Shared<[ListJobRunsRequest]>([])
        let service = FakeService(lists: { request in
            asked.change { $0.append(request) }
            return Page(
                items: [summary(request.page ?? "first", of: "a")], nextPage: request.page == nil ? "more" : nil,
                serverDate: Date(timeIntervalSince1970: request.page == nil ? 500 : 900))
        })
        let (since, until) = (Date(timeIntervalSince1970: 100), Date(timeIntervalSince1970: 200))
        let requests: [PollRequest] = [
            .newRuns(since: since), .activeRuns, .pastRuns(PastWindow(since: since, until: until)),
        ]
        for request in requests {
            let answer = await answer(to: request, of: service)
            guard case .listed(let runs, request) = answer.content else {
                Issue.record("\(answer.content)")
                return
            }
            #expect(runs.map(\.id) == [RunID("first", of: JobID("a")), RunID("more", of: JobID("a"))])
            #expect(answer.cost.requests == 2)
            #expect(answer.serviceDate == Date(timeIntervalSince1970: 500), "of the first page")
        }
        #expect(asked.value.map(\.createdSince) == [since, since, nil, nil, since, since])
        #expect(asked.value.map(\.createdUntil) == [nil, nil, nil, nil, until, until])
        #expect(asked.value.map(\.statuses.count) == [0, 0, 4, 4, 0, 0])
        #expect(asked.value.map(\.page) == [nil, "more", nil, "more", nil, "more"])
        #expect(asked.value.allSatisfy { $0.limit == 1_000 && $0.sortBy == .timeCreated && $0.sortOrder == .ascending })
        #expect(asked.value.allSatisfy { $0.jobKeys.isEmpty })
    }

    @Test("a list of runs is incomplete after ten pages, or with a run without a job")
    func incompleteLists() async throws {
        let endless = FakeService(lists: { request in
            Page(items: [summary("r", of: "a")], nextPage: "\((Int(request.page ?? "0") ?? 0) + 1)")
        })
        let cut = await answer(to: .activeRuns, of: endless)
        #expect(cut.cost.requests == 10)
        #expect(cut.gap == "listJobRuns: stopped after 10 pages, so the rest of the list is unknown")
        let nameless = FakeService(lists: { _ in Page(items: [summary("1", of: nil), summary("2", of: "a")]) })
        let stray = await answer(to: .activeRuns, of: nameless)
        #expect(stray.gap == "listJobRuns: some runs have no job key")
        #expect(stray.flaws.count == 1)
    }

    @Test("requests all pages of the tasks of a run")
    func taskParameters() async throws {
        let asked = Shared<[ListTaskRunsRequest]>([])
        let service = FakeService(tasks: { request in
            asked.change { $0.append(request) }
            return Page(items: [TaskRunSummary(key: request.page ?? "first")], nextPage: request.page == nil ? "x" : "")
        })
        let tasks = try await answer(to: .tasks(of: RunID("r9")), of: service).tasks
        #expect(tasks.map(\.key) == ["first", "x"])
        #expect(asked.value.map(\.jobRunKey) == ["r9", "r9"])
    }

    @Test("counts the attempts of all pages, including a failed one")
    func attempts() async {
        var error = serviceError(.server, status: 500)
        error.attempts = 3
        let failure = error
        let service = FakeService(jobs: { request throws(ServiceError) in
            if request.page != nil { throw failure }
            return Page(items: [JobSummary(key: "a")], nextPage: "x", attempts: 2)
        })
        #expect(await answer(to: .jobs, of: service).cost == RequestCost(requests: 2, attempts: 5))
    }
}

/// The content of an answer that did not fail.
extension Answer {
    fileprivate var jobs: [Job] {
        get throws { if case .jobs(let jobs) = try successful { jobs } else { throw Missed(events: []) } }
    }

    fileprivate var chunk: ChunkRuns {
        get throws { if case .runs(let found) = try successful { found } else { throw Missed(events: []) } }
    }

    fileprivate var runs: [JobRun] { get throws { try chunk.runs } }

    fileprivate var tasks: [TaskRun] {
        get throws { if case .tasks(let tasks, _) = try successful { tasks } else { throw Missed(events: []) } }
    }

    private var successful: Content {
        get throws {
            if case .failed(_, let error) = content { throw error }
            return content
        }
    }
}
