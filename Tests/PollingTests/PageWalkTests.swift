import AIDPClient
import Foundation
import Runs
import Testing

@testable import Polling

@Suite("Walking pages")
struct PageWalkTests {
    private let settings = PollingSettings(scope: .keys([]))

    @Test("pages are followed with the very parameters of the first, to the end")
    func followsPages() async throws {
        let asked = Shared<[RecentJobRunsRequest]>([])
        let service = FakeService(runs: { request in
            asked.change { $0.append(request) }
            let next = ["": "one", "one": "two", "two": ""][request.page ?? ""]
            return Page(items: [summary(request.page ?? "first", of: "a")], nextPage: next)
        })
        let answer = await Fetcher(service: service, settings: settings).runs(of: [JobKey("a"), JobKey("b")])
        #expect(try answer.result.get().runs.map(\.key.rawValue) == ["first", "one", "two"])
        #expect(answer.note == nil)
        #expect(answer.cost.requests == 3)
        #expect(asked.value.map(\.page) == [nil, "one", "two"])
        #expect(asked.value.allSatisfy { $0.jobKeys == ["a", "b"] && $0.recordCount == 5 && $0.limit == 25 })
    }

    @Test("a token that comes again ends the walk, and is said")
    func repeatedToken() async throws {
        let service = FakeService(jobs: { request in
            Page(items: [JobSummary(key: request.page ?? "first")], nextPage: request.page == "a" ? "b" : "a")
        })
        let answer = await Fetcher(service: service, settings: settings).jobs()
        #expect(try answer.result.get().map(\.key.rawValue) == ["first", "a", "b"])
        #expect(
            answer.note == "listJobs: the service sent the same page token again, so the rest of the list is unknown")
        #expect(answer.gap == answer.note)
    }

    @Test("a list without end is left at the cap")
    func cap() async {
        let service = FakeService(tasks: { request in
            Page(items: [TaskRunSummary(key: request.page ?? "0")], nextPage: "\((Int(request.page ?? "0") ?? 0) + 1)")
        })
        let answer = await Fetcher(service: service, settings: settings).tasks(of: RunKey("r"))
        #expect(answer.cost.requests == Fetcher.taskPages)
        #expect(answer.note == "listTaskRuns: stopped after 20 pages, so the rest of the list is unknown")
    }

    @Test("a page that fails fails the list: half of one is none")
    func halfAList() async {
        let error = serviceError(.timedOut)
        let service = FakeService(runs: { request throws(ServiceError) in
            if request.page != nil { throw error }
            return Page(items: [summary("a", of: "a")], nextPage: "next")
        })
        let answer = await Fetcher(service: service, settings: settings).runs(of: [JobKey("a")])
        #expect(throws: error) { try answer.result.get() }
        #expect(answer.cost == RequestCost(requests: 2, attempts: 2))
    }

    @Test("a page on which nothing can be read is a failure, not an empty answer")
    func nothingReadable() async {
        let service = FakeService(runs: { _ in
            Page(items: [], flaws: [ItemFlaw(index: 0, reason: "items[0].key is missing")])
        })
        let answer = await Fetcher(service: service, settings: settings).runs(of: [JobKey("a")])
        guard case .failure(let error) = answer.result else {
            Issue.record("\(answer.result)")
            return
        }
        #expect(error.kind == .malformedResponse)
        #expect(error.message == "items[0].key is missing")
        #expect(answer.flaws.count == 1)
    }

    @Test("a run without a job belongs to the only job asked for; among several it is a flaw, like a stranger's")
    func jobOfARun() async throws {
        let service = FakeService(runs: { _ in
            Page(items: [summary("1", of: nil), summary("2", of: "a"), summary("3", of: "zzz"), summary("4", of: "")])
        })
        let fetcher = Fetcher(service: service, settings: settings)
        let alone = await fetcher.runs(of: [JobKey("a")])
        #expect(try alone.result.get().runs.map(\.key.rawValue) == ["1", "2", "4"])
        #expect(alone.flaws.count == 1)
        let together = await fetcher.runs(of: [JobKey("a"), JobKey("b")])
        #expect(try together.result.get().runs.map(\.key.rawValue) == ["2"])
        #expect(together.flaws.count == 3)
        #expect(try together.result.get().items.count == 4, "what the service sent stays whole")
    }
}
