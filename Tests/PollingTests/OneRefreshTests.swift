import AIDP
import Foundation
import Runs
import Testing

@testable import Polling

@Suite("One refresh")
struct OneRefreshTests {
    @Test("all jobs, in their order, whatever the order the answers came in", arguments: [1, 12, 500, 1500])
    func allJobs(count: Int) async {
        let underWay = Shared((now: 0, most: 0))
        let service = FakeService(
            runs: { request in
                underWay.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                for _ in 0..<(request.jobKeys[0].hashValue & 7) { await Task.yield() }
                underWay.change { $0.now -= 1 }
                return Page(items: request.jobKeys.map { summary("run of \($0)", of: $0) })
            },
            jobs: { _ in Page(items: (0..<count).map { JobSummary(key: "job-\($0)") }) })
        let refresh = await oneRefresh(of: service, settings: PollingSettings(scope: .workspace(nameContains: nil)))
        #expect(refresh.jobs.map(\.key) == jobKeys(count))
        #expect(refresh.runs.map(\.jobKey) == jobKeys(count))
        #expect(refresh.items.map(\.key) == jobKeys(count).map { "run of \($0.rawValue)" })
        #expect(refresh.unanswered.isEmpty && refresh.errors.isEmpty && refresh.notes.isEmpty)
        #expect(refresh.requests == (count + 4) / 5 + 1)
        #expect(underWay.value.most <= 4)
    }

    @Test("a failed chunk is reported with its jobs; the others are there")
    func partialFailure() async {
        let error = serviceError(.server, status: 502)
        let service = FakeService(runs: { request throws(ServiceError) in
            if request.jobKeys.contains("job-7") { throw error }
            return Page(items: request.jobKeys.map { summary($0, of: $0) })
        })
        let keys = jobKeys(20)
        let refresh = await oneRefresh(of: service, settings: PollingSettings(scope: .keys(keys)))
        #expect(refresh.unanswered == Array(keys[5..<10]))
        #expect(refresh.errors == [error])
        #expect(refresh.runs.count == 15)
    }

    @Test("without the list there is nothing but the reason")
    func listFails() async {
        let error = serviceError(.unauthorized, status: 401)
        let service = FakeService(jobs: { _ throws(ServiceError) in throw error })
        let refresh = await oneRefresh(of: service, settings: PollingSettings(scope: .workspace(nameContains: nil)))
        #expect(refresh.errors == [error])
        #expect(refresh.jobs.isEmpty && refresh.requests == 1)
    }

    @Test("a 429 ends the pass, and says how many jobs were not asked for")
    func rateLimited() async {
        let service = FakeService(runs: { _ throws(ServiceError) in throw serviceError(.rateLimited) })
        let refresh = await oneRefresh(of: service, settings: PollingSettings(scope: .keys(jobKeys(100))))
        #expect(refresh.requests == 1)
        #expect(refresh.unanswered == jobKeys(100))
        #expect(refresh.notes == ["95 jobs not asked for this time: the service asks for fewer requests"])
    }

    @Test("a chunk that is refused is asked for in parts, and only the job at fault is an error")
    func refusedChunk() async {
        let error = serviceError(.badRequest, status: 400)
        let service = FakeService(runs: { request throws(ServiceError) in
            if request.jobKeys.contains("job-1") { throw error }
            return Page(items: request.jobKeys.map { summary($0, of: $0) }, attempts: 2)
        })
        let refresh = await oneRefresh(of: service, settings: PollingSettings(scope: .keys(jobKeys(5))))
        #expect(refresh.errors == [error])
        #expect(refresh.unanswered == [JobKey("job-1")])
        #expect(refresh.runs.map(\.jobKey.rawValue) == ["job-0", "job-2", "job-3", "job-4"])
        #expect(refresh.jobs.map(\.key) == jobKeys(5))
        #expect(
            refresh.notes
                == [3, 5, 2].sorted().reversed().map {
                    "the service refused \($0) jobs in one request; asked for fewer"
                })
        #expect(refresh.requests == 7 && refresh.retries == 3, "each answer took two attempts, each refusal one")
    }

    @Test("a note is given once, however many requests it is about; unreadable items are counted")
    func flawsAndNotes() async {
        let service = FakeService(runs: { request in
            Page(
                items: request.jobKeys.map { summary($0, of: $0) },
                flaws: [ItemFlaw(index: 0, reason: "items[0].startTime is a list")], nextPage: "again")
        })
        let refresh = await oneRefresh(of: service, settings: PollingSettings(scope: .keys(jobKeys(20))))
        #expect(refresh.flaws == 8, "two pages of four chunks")
        #expect(refresh.notes.count == 1)
        #expect(refresh.unanswered.isEmpty)
    }
}
