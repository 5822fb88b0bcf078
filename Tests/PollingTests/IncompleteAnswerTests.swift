import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

/// An incomplete answer erases nothing, and the operator is told that it is incomplete.
@Suite("Incomplete answers", .timeLimit(.minutes(2)))
struct IncompleteAnswerTests {
    private let jobs = jobIDs(5)

    /// Two cycles of the poller; what the second one reported.
    private func secondCycle(
        _ settings: PollingSettings, of service: FakeService
    ) async throws -> (first: [PollEvent], second: [PollEvent]) {
        let rig = Rig(service, settings)
        let first = try await rig.events.untilIdle()
        rig.poller.send(.refreshNow)
        let second = try await rig.events.untilIdle()
        await rig.stop()
        return (first, second)
    }

    private func rows(_ events: [PollEvent]) -> [JobID: [String]] {
        var rows: [JobID: [String]] = [:]
        for case .runs(let runs, let jobs, _) in events {
            for job in jobs { rows[job] = Set(runs.filter { $0.job == job }.map(\.id.key)).sorted() }
        }
        return rows
    }

    @Test(
        "with a repeated page token, records jobs with runs, keeps the runs of the others, and reports the reason"
    )
    func repeatedToken() async throws {
        let isSecond = Shared(false)
        let service = FakeService(runs: { request in
            guard isSecond.value else {
                return Page(items: request.jobKeys.flatMap { job in (1...2).map { summary("\(job)/\($0)", of: job) } })
            }
            return Page(items: [summary("job-0/3", of: "job-0")], nextPage: "again")
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobs), recordCount: 3, limit: 15))
        _ = try await rig.events.untilIdle()
        isSecond.change { $0 = true }
        rig.poller.send(.refreshNow)
        let events = try await rig.events.untilIdle()
        let note = "recentJobRuns: the service sent the same page token again, so the rest of the list is unknown"
        #expect(rows(events) == [JobID("job-0"): ["job-0/1", "job-0/2", "job-0/3"]])
        #expect(events.contains(.runsMissing(reason: note, of: Array(jobs.dropFirst()), at: rig.wall.value)))
        #expect(events.reports.map(\.notes) == [[note]])
        #expect(events.failures.isEmpty)
        await rig.stop()
    }

    @Test("completes an incomplete answer with known runs, up to the requested number")
    func keptRuns() async throws {
        let round = Shared(0)
        let service = FakeService(runs: { request in
            let round = round.value
            let runs = (0..<3).map { index in
                var run = summary("r\(10 + round * 2 + index)", of: "job-0")
                run.timeCreated = Date(timeIntervalSince1970: Double(1_700_000_000 + round * 2 + index))
                return run
            }
            return round == 0 ? Page(items: runs) : Page(items: runs.suffix(2), nextPage: "again")
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobIDs(2)), recordCount: 3))
        _ = try await rig.events.untilIdle()
        for turn in 1...4 {
            round.change { $0 = turn }
            rig.poller.send(.refreshNow)
            let kept = rows(try await rig.events.untilIdle())[JobID("job-0")] ?? []
            #expect(kept == [10, 11, 12].map { "r\(turn * 2 + $0)" }, "the two that came and the newest known")
        }
        await rig.stop()
    }

    @Test("runs without a job make no job empty; requested alone, each job gets its own")
    func noJobKeys() async throws {
        let service = FakeService(runs: { request in
            Page(items: request.jobKeys.map { summary("run of \($0)", of: nil) })
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobs)))
        let first = try await rig.events.untilIdle()
        let reason = "recentJobRuns: some runs belong to none of the requested jobs"
        #expect(rows(first).isEmpty)
        #expect(first.contains(.runsMissing(reason: reason, of: jobs, at: rig.wall.value)))
        let report = try #require(first.reports.first)
        #expect(report.notes == [reason])
        #expect(report.flaws == 5)
        #expect(report.firstFlaw == reason)
        for _ in 0..<2 {
            rig.poller.send(.refreshNow)
            let events = try await rig.events.untilIdle()
            if rows(events).isEmpty { continue }
            #expect(rows(events) == Dictionary(uniqueKeysWithValues: jobs.map { ($0, ["run of \($0.key)"]) }))
            #expect(events.reports.map(\.notes) == [[]])
        }
        await rig.stop()
    }

    @Test("an item without a key may belong to any job: jobs without a run keep theirs")
    func lostItem() async throws {
        let service = FakeService(runs: { request in
            Page(
                items: [summary("1", of: "job-0")],
                flaws: [ItemFlaw(index: 1, reason: "items[1].key is missing", isItemLost: true)])
        })
        let (first, _) = try await secondCycle(PollingSettings(scope: .jobs(jobIDs(2))), of: service)
        #expect(rows(first) == [JobID("job-0"): ["1"]])
        #expect(first.reports.map(\.notes) == [["recentJobRuns: some items are unreadable"]])
        #expect(first.reports.map(\.firstFlaw) == ["items[1].key is missing"])
    }

    @Test("an unreadable field does not affect the others")
    func badField() async throws {
        let service = FakeService(runs: { request in
            Page(
                items: [summary("1", of: "job-0")], flaws: [ItemFlaw(index: 0, reason: "items[0].startTime is a list")])
        })
        let (first, _) = try await secondCycle(PollingSettings(scope: .jobs(jobIDs(2))), of: service)
        #expect(rows(first) == [JobID("job-0"): ["1"], JobID("job-1"): []])
        #expect(first.reports.map(\.notes) == [[]])
        #expect(first.reports.map(\.flaws) == [1])
        #expect(first.reports.map(\.firstFlaw) == ["items[0].startTime is a list"])
    }

    @Test(
        "an incomplete list of jobs removes none, and every cycle reports it until the next list",
        arguments: [false, true])
    func partOfTheList(hasLostItem: Bool) async throws {
        let round = Shared(0)
        let service = FakeService(jobs: { request in
            switch round.value {
            case 0: return Page(items: (0..<4).map { JobSummary(key: "job-\($0)", name: "old \($0)") })
            case 1:
                let items = [JobSummary(key: "job-9", name: "new"), JobSummary(key: "job-2", name: "renamed")]
                return hasLostItem
                    ? Page(
                        items: items, flaws: [ItemFlaw(index: 2, reason: "items[2].key is a number", isItemLost: true)])
                    : Page(items: request.page == nil ? items : [], nextPage: "again")
            default: return Page(items: [JobSummary(key: "job-2", name: "renamed")])
            }
        })
        let rig = Rig(service, PollingSettings(scope: .workspace(nameContains: nil), jobListInterval: .seconds(60)))
        _ = try await rig.events.untilIdle()
        round.change { $0 = 1 }
        rig.poller.send(.refreshNow)
        let part = try await rig.events.untilIdle()
        let names = part.jobLists.map { $0.map { "\($0.id.key) \($0.name ?? "")" } }
        #expect(names == [["job-0 old 0", "job-1 old 1", "job-2 renamed", "job-3 old 3", "job-9 new"]])
        let note =
            hasLostItem
            ? "listJobs: some items are unreadable"
            : "listJobs: the service sent the same page token again, so the rest of the list is unknown"
        #expect(part.reports.map(\.notes) == [[note]])
        // The next cycle has no list, and still says so.
        rig.advance(by: .seconds(16))
        let later = try await rig.events.untilIdle()
        #expect(later.jobLists.isEmpty)
        #expect(later.reports.map(\.notes) == [[note]])
        #expect(later.reports.map(\.flaws) == [hasLostItem ? 1 : 0])
        round.change { $0 = 2 }
        rig.poller.send(.refreshNow)
        let whole = try await rig.events.untilIdle()
        #expect(whole.jobLists.map { $0.map(\.id.key) } == [["job-2"]])
        #expect(whole.reports.map(\.notes) == [[]])
        await rig.stop()
    }

    @Test("one refresh reports the jobs that an incomplete answer leaves unknown")
    func oneRefreshOfAPart() async {
        let service = FakeService(runs: { request in
            Page(items: [summary("1", of: "job-1"), summary("2", of: nil)])
        })
        let refresh = await oneRefresh(of: service, place: .test, settings: PollingSettings(scope: .jobs(jobIDs(3))))
        #expect(refresh.unanswered == [JobID("job-0"), JobID("job-2")])
        #expect(refresh.runs.map(\.id.key) == ["1"])
        #expect(refresh.items.count == 2)
        #expect(refresh.flaws == 1)
        #expect(refresh.notes == ["recentJobRuns: some runs belong to none of the requested jobs"])
    }

    @Test("requests an order other than newest first as configured, and warns in every cycle")
    func order() async throws {
        let asked = Shared<[RecentJobRunsRequest]>([])
        let service = FakeService(runs: { request in
            asked.change { $0.append(request) }
            return Page(items: [])
        })
        let settings = PollingSettings(scope: .jobs(jobIDs(1)), sortBy: .displayName)
        let (first, second) = try await secondCycle(settings, of: service)
        #expect(asked.value.allSatisfy { $0.sortBy == .displayName })
        #expect(asked.value.allSatisfy { $0.sortOrder == .ascending })
        let note = "asked for by displayName ASC: the service may leave out the newest runs of a job"
        #expect(first.reports.map(\.notes) == [[note]])
        #expect(second.reports.map(\.notes) == [[note]])
    }
}

@Suite("The workspace's name", .timeLimit(.minutes(2)))
struct WorkspaceNameTests {
    @Test("is requested once, after a successful cycle, and reported")
    func once() async throws {
        let (calls, isDown) = (Shared(0), Shared(true))
        let service = FakeService(runs: { _ throws(ServiceError) in
            if isDown.value { throw serviceError(.server, status: 500) }
            return Page(items: [])
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobIDs(1)))) {
            calls.change { $0 += 1 }
            return "retail-production"
        }
        _ = try await rig.events.untilIdle()
        #expect(calls.value == 0, "not while the service fails")
        isDown.change { $0 = false }
        rig.poller.send(.refreshNow)
        let named = try await rig.events.until { $0 == .workspaceNamed("retail-production") }
        #expect(named.last == .workspaceNamed("retail-production"))
        for _ in 0..<3 {
            rig.poller.send(.refreshNow)
            _ = try await rig.events.until { if case .cycleEnded = $0 { true } else { false } }
        }
        #expect(calls.value == 1)
        await rig.stop()
    }

    @Test("sends no event if it is not found")
    func notFound() async throws {
        let asked = Shared(false)
        let rig = Rig(FakeService(), PollingSettings(scope: .jobs(jobIDs(1)))) {
            asked.change { $0 = true }
            return nil
        }
        _ = try await rig.events.untilIdle()
        rig.poller.send(.refreshNow)
        let events = try await rig.events.untilIdle()
        #expect(!events.contains { if case .workspaceNamed = $0 { true } else { false } })
        await rig.stop()
    }
}
