import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

@Suite("One refresh")
struct OneRefreshTests {
    @Test("returns all jobs in order, independent of the order of the answers", arguments: [1, 12, 500, 1500])
    func allJobs(count: Int) async {
        let underWay = Shared((now: 0, most: 0))
        let calls = Shared(0)
        let service = FakeService(
            runs: { request in
                calls.change { $0 += 1 }
                underWay.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                for _ in 0..<(request.jobKeys[0].hashValue & 7) { await Task.yield() }
                underWay.change { $0.now -= 1 }
                return Page(items: request.jobKeys.map { summary("run of \($0)", of: $0) })
            },
            jobs: { _ in
                calls.change { $0 += 1 }
                return Page(items: (0..<count).map { JobSummary(key: "job-\($0)") })
            })
        let refresh = await oneRefresh(
            of: service, place: .test, settings: PollingSettings(scope: .workspace(nameContains: nil)))
        #expect(refresh.jobs.map(\.id) == jobIDs(count))
        #expect(refresh.runs.map(\.job) == jobIDs(count))
        #expect(refresh.items.map(\.key) == jobIDs(count).map { "run of \($0.key)" })
        #expect(refresh.unanswered.isEmpty)
        #expect(refresh.errors.isEmpty)
        #expect(refresh.notes.isEmpty)
        #expect(calls.value == (count + 4) / 5 + 1)
        #expect(underWay.value.most <= 4)
    }

    @Test("reports a failed chunk with its jobs, and returns the others")
    func partialFailure() async {
        let error = serviceError(.server, status: 502)
        let service = FakeService(runs: { request throws(ServiceError) in
            if request.jobKeys.contains("job-7") { throw error }
            return Page(items: request.jobKeys.map { summary($0, of: $0) })
        })
        let jobs = jobIDs(20)
        let refresh = await oneRefresh(of: service, place: .test, settings: PollingSettings(scope: .jobs(jobs)))
        #expect(refresh.unanswered == Array(jobs[5..<10]))
        #expect(refresh.errors == [error])
        #expect(refresh.runs.count == 15)
    }

    @Test("without the list it returns only the reason")
    func listFails() async {
        let error = serviceError(.unauthorized, status: 401)
        let calls = Shared(0)
        let service = FakeService(jobs: { _ throws(ServiceError) in
            calls.change { $0 += 1 }
            throw error
        })
        let refresh = await oneRefresh(
            of: service, place: .test, settings: PollingSettings(scope: .workspace(nameContains: nil)))
        #expect(refresh.errors == [error])
        #expect(refresh.jobs.isEmpty)
        #expect(calls.value == 1)
    }

    @Test("a 429 ends the pass, and reports the number of jobs not requested")
    func rateLimited() async {
        let calls = Shared(0)
        let service = FakeService(runs: { _ throws(ServiceError) in
            calls.change { $0 += 1 }
            throw tooManyRequests()
        })
        let refresh = await oneRefresh(of: service, place: .test, settings: PollingSettings(scope: .jobs(jobIDs(100))))
        #expect(calls.value == 1)
        #expect(refresh.unanswered == jobIDs(100))
        #expect(refresh.notes == ["95 jobs not asked for this time: the service asks for fewer requests"])
    }

    @Test("requests a refused chunk in parts, and only the failing job is an error")
    func refusedChunk() async {
        let error = serviceError(.badRequest, status: 400)
        let calls = Shared(0)
        let service = FakeService(runs: { request throws(ServiceError) in
            calls.change { $0 += 1 }
            if request.jobKeys.contains("job-1") { throw error }
            return Page(items: request.jobKeys.map { summary($0, of: $0) })
        })
        let refresh = await oneRefresh(of: service, place: .test, settings: PollingSettings(scope: .jobs(jobIDs(5))))
        #expect(refresh.errors == [error])
        #expect(refresh.unanswered == [JobID("job-1")])
        #expect(refresh.runs.map(\.job.key) == ["job-0", "job-2", "job-3", "job-4"])
        #expect(refresh.jobs.map(\.id) == jobIDs(5))
        #expect(
            refresh.notes
                == [3, 5, 2].sorted().reversed().map {
                    "the service refused \($0) jobs in one request; asked for fewer"
                })
        #expect(calls.value == 7)
    }

    @Test("reports a note once for all requests, and counts unreadable items")
    func flawsAndNotes() async {
        let service = FakeService(runs: { request in
            Page(
                items: request.jobKeys.map { summary($0, of: $0) },
                flaws: [ItemFlaw(index: 0, reason: "items[0].startTime is a list")], nextPage: "again")
        })
        let refresh = await oneRefresh(of: service, place: .test, settings: PollingSettings(scope: .jobs(jobIDs(20))))
        #expect(refresh.flaws == 8, "two pages of four chunks")
        #expect(refresh.notes.count == 1)
        #expect(refresh.unanswered.isEmpty)
    }
}
