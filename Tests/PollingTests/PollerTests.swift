import AIDP
import Foundation
import Runs
import TestSupport
import Testing

@testable import Polling

@Suite("The poller", .timeLimit(.minutes(2)))
struct PollerTests {
    @Test("lists the jobs, requests their runs, reports them, and waits an interval")
    func firstCycle() async throws {
        let calls = Shared(0)
        let service = FakeService(
            runs: { request in
                calls.change { $0 += 1 }
                return Page(items: request.jobKeys.map { summary("run of \($0)", of: $0) })
            },
            jobs: { _ in
                calls.change { $0 += 1 }
                return Page(items: (0..<12).map { JobSummary(key: "job-\($0)", name: "Job \($0)") })
            })
        let rig = Rig(service, PollingSettings(scope: .workspace(nameContains: nil)))
        let start = rig.wall.value
        let events = try await rig.events.untilIdle()
        #expect(events.phases.first == .starting)
        #expect(events.phases.last == .waiting(next: start.addingTimeInterval(15)))
        let jobs = (0..<12).map { Job(id: JobID("job-\($0)"), name: "Job \($0)") }
        #expect(events.contains(.jobsListed(jobs, at: start)))
        #expect(Set(events.rows.map(\.id.key)) == Set(jobs.map { "run of \($0.id.key)" }))
        #expect(events.contains(.phase(.polling(since: start, done: 0, of: 1))))
        #expect(events.reports == [CycleReport()])
        #expect(calls.value == 4)
        await rig.stop()
    }

    @Test("reports what the lists of a cycle confirm and find, and requests the jobs with changes")
    func lists() async throws {
        let jobs = jobIDs(30)
        let asked = Shared<[[String]]>([])
        let isLater = Shared(false)
        let service = FakeService(
            runs: { request in
                asked.change { $0.append(request.jobKeys) }
                return Page(items: request.jobKeys.map { summary("run of \($0)", of: $0) })
            },
            jobs: { _ in Page(items: jobs.map { JobSummary(key: $0.key) }) },
            lists: { request in
                guard isLater.value, request.statuses.isEmpty else { return Page(items: []) }
                return Page(items: [summary("new", of: "job-7"), summary("of a stranger", of: "zzz")])
            })
        let rig = Rig(service, PollingSettings(scope: .workspace(nameContains: nil)))
        let first = try await rig.events.untilIdle()
        #expect(!first.contains { if case .confirmed = $0 { true } else { false } })
        #expect(asked.value.count == 6)
        rig.advance(by: .seconds(16))
        let second = try await rig.events.untilIdle()
        #expect(second.contains(.confirmed(jobs, at: rig.wall.value)))
        #expect(asked.value.count == 6, "no job has news")
        isLater.change { $0 = true }
        rig.advance(by: .seconds(16))
        let third = try await rig.events.untilIdle()
        let new = JobRun(id: RunID("new", of: jobs[7]), status: .success)
        #expect(third.contains(.runsFound([new], by: .sweep, at: rig.wall.value)))
        #expect(third.contains(.confirmed(jobs.filter { $0 != jobs[7] }, at: rig.wall.value)))
        #expect(asked.value.dropFirst(6) == [["job-7"]])
        #expect(third.reports == [CycleReport()])
        await rig.stop()
    }

    @Test("fills in the past after the first cycle, and reports the progress", arguments: [false, true])
    func past(isLater: Bool) async throws {
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        let windows = Shared<[Date?]>([])
        let service = FakeService(lists: { request in
            windows.change { $0.append(request.createdUntil) }
            return Page(items: [summary("old", of: "job-1"), summary("of a stranger", of: "zzz")], serverDate: start)
        })
        var settings = PollingSettings(scope: .jobs(jobIDs(2)))
        let window = PastWindow(since: start.addingTimeInterval(-1_800))
        if !isLater { settings.backfill = [window] }
        let rig = Rig(service, settings)
        if isLater {
            _ = try await rig.events.untilIdle()
            rig.poller.send(.fillIn([window]))
        }
        let progress = try await rig.events.until { event in
            if case .backfill(let progress) = event { progress.isOver } else { false }
        }
        let old = JobRun(id: RunID("old", of: JobID("job-1")), status: .success)
        #expect(progress.contains(.runsFound([old], by: .backfill, at: rig.wall.value)))
        guard case .backfill(let done) = progress.last else { return }
        #expect(done.since == start.addingTimeInterval(-1_800))
        #expect(done.reached == done.since)
        #expect(windows.value.count > 1, "slice by slice")
        await rig.stop()
    }

    @Test("charges retries to the budget: the next cycle waits for new tokens")
    func retries() async throws {
        let service = FakeService(runs: { _ in Page(items: [], attempts: 201) })
        let settings = PollingSettings(scope: .jobs(jobIDs(1)), interval: .seconds(2), requestsPerMinute: 60)
        let rig = Rig(service, settings)
        let events = try await rig.events.untilIdle()
        // The burst is 101 tokens, one is added each second: 100 are owed, and one is needed.
        #expect(events.phases.last == .waiting(next: rig.wall.value.addingTimeInterval(101)))
        await rig.stop()
    }

    @Test("reports each answer as received, with a changed status and a new run")
    func changes() async throws {
        let round = Shared(0)
        let service = FakeService(runs: { _ in
            round.value == 0
                ? Page(items: [summary("a", of: "j", status: "RUNNING")])
                : Page(items: [summary("a", of: "j", status: "FAILED"), summary("b", of: "j", status: "QUEUED")])
        })
        let rig = Rig(service, PollingSettings(scope: .jobs([JobID("j")])))
        #expect(try await rig.events.untilIdle().rows.map(\.status) == [.running])
        round.change { $0 = 1 }
        rig.advance(by: .seconds(15))
        let rows = try await rig.events.untilIdle().rows
        #expect(rows.map(\.id.key) == ["a", "b"])
        #expect(rows.map(\.status) == [.failed, .queued])
        await rig.stop()
    }

    @Test("reports a failed chunk with its own jobs; the others are answered")
    func partialFailure() async throws {
        let error = serviceError(.server, status: 500)
        let service = FakeService(runs: { request throws(ServiceError) in
            if request.jobKeys.contains("job-7") { throw error }
            return Page(items: request.jobKeys.map { summary($0, of: $0) })
        })
        let jobs = jobIDs(15)
        let rig = Rig(service, PollingSettings(scope: .jobs(jobs)))
        let events = try await rig.events.untilIdle()
        #expect(events.contains(.runsFailed(RequestFailure(error), of: Array(jobs[5..<10]), at: rig.wall.value)))
        #expect(events.rows.count == 10)
        #expect(events.failures == [RequestFailure(error)])
        await rig.stop()
    }

    @Test("an expired token gives all rows the reason, with one request")
    func expiredToken() async throws {
        let error = serviceError(.expiredToken, status: 401)
        let calls = Shared(0)
        let service = FakeService(runs: { _ throws(ServiceError) in
            calls.change { $0 += 1 }
            throw error
        })
        let jobs = jobIDs(12)
        let rig = Rig(service, PollingSettings(scope: .jobs(jobs)))
        let events = try await rig.events.untilIdle()
        let failed = events.flatMap { event -> [JobID] in
            if case .runsFailed(RequestFailure(error), let jobs, _) = event { jobs } else { [] }
        }
        #expect(failed == jobs)
        #expect(calls.value == 1)
        guard case .backingOff(_, .credentials) = events.phases.last else {
            Issue.record("\(String(describing: events.phases.last))")
            return
        }
        await rig.stop()
    }

    @Test("pause, refresh now, resume")
    func commands() async throws {
        let rig = Rig(FakeService(), PollingSettings(scope: .jobs(jobIDs(3))))
        _ = try await rig.events.untilIdle()
        rig.poller.send(.pause)
        #expect(try await rig.events.untilIdle().phases == [.paused])
        rig.poller.send(.refreshNow)
        let once = try await rig.events.untilIdle()
        #expect(once.reports.count == 1)
        #expect(once.phases.last == .paused)
        rig.poller.send(.resume)
        let resumed = try await rig.events.untilIdle()
        #expect(resumed.reports.count == 1)
        #expect(resumed.phases.last == .waiting(next: rig.wall.value.addingTimeInterval(15)))
        rig.poller.send(.setInterval(.seconds(60)))
        #expect(try await rig.events.untilIdle() == [.phase(.waiting(next: rig.wall.value.addingTimeInterval(60)))])
        await rig.stop()
    }

    @Test("reports the tasks of a run, or the reason without them")
    func tasks() async throws {
        let error = serviceError(.notFound, status: 404)
        let service = FakeService(tasks: { request throws(ServiceError) in
            if request.jobRunKey == "gone" { throw error }
            if request.jobRunKey == "endless" { return Page(items: [TaskRunSummary(key: "t1")], nextPage: "again") }
            var task = TaskRunSummary(key: "t1")
            task.state = RunState(status: "FAILED", errorTrace: "boom")
            return Page(items: [task])
        })
        let rig = Rig(service, PollingSettings(scope: .jobs([])))
        _ = try await rig.events.untilIdle()
        rig.poller.send(.listTasks(of: RunID("r")))
        let listed = try await rig.events.until { if case .tasksListed = $0 { true } else { false } }
        guard case .tasksListed(let tasks, RunID("r"), _, nil) = listed.last else { return }
        #expect(tasks.map(\.status) == [.failed])
        #expect(tasks.map(\.errorTrace) == ["boom"])
        rig.poller.send(.listTasks(of: RunID("gone")))
        let failed = try await rig.events.until { if case .tasksFailed = $0 { true } else { false } }
        #expect(failed.last == .tasksFailed(RequestFailure(error), of: RunID("gone"), at: rig.wall.value))
        rig.poller.send(.listTasks(of: RunID("endless")))
        let cut = try await rig.events.until { if case .tasksListed = $0 { true } else { false } }
        guard case .tasksListed(_, RunID("endless"), _, let note?) = cut.last else {
            Issue.record("the list has no note that it is incomplete")
            return
        }
        #expect(note.hasPrefix("listTaskRuns: "))
        await rig.stop()
    }

    @Test("a clock jump of three hours during an hour's wait starts one cycle soon")
    func clockJump() async throws {
        let rig = Rig(FakeService(), PollingSettings(scope: .jobs(jobIDs(3)), interval: .seconds(3600)))
        _ = try await rig.events.untilIdle()
        rig.wall.change { $0 += 4 * 3600 }
        rig.advance(by: .seconds(30))
        let noticed = try await rig.events.untilIdle()
        #expect(noticed == [.phase(.waiting(next: rig.wall.value.addingTimeInterval(2.5)))])
        rig.advance(by: .seconds(3))
        #expect(try await rig.events.untilIdle().reports.count == 1)
        await rig.stop()
    }

    @Test("cancelling it during a request ends it and its events")
    func cancellation() async throws {
        let clock = TestClock()
        let service = FakeService(runs: { _ throws(ServiceError) in
            try? await clock.sleep(until: .init(offset: .seconds(1)), tolerance: nil)
            throw serviceError(.cancelled)
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobIDs(1))))
        _ = try await rig.events.until { if case .phase(.polling) = $0 { true } else { false } }
        await rig.stop()
        await #expect(throws: Missed.self) { try await rig.events.until { _ in false } }
    }

    @Test("jobs configured by key are on the board before the first answer")
    func namedJobs() async throws {
        let rig = Rig(FakeService(), PollingSettings(scope: .jobs(jobIDs(2))))
        let events = try await rig.events.untilIdle()
        #expect(
            Array(events.prefix(2)) == [
                .phase(.starting), .jobsListed(jobIDs(2).map { Job(id: $0) }, at: rig.wall.value),
            ])
        #expect(events.contains(.phase(.polling(since: rig.wall.value, done: 0, of: 1))))
        await rig.stop()
    }

    @Test("a failing list is a separate event, and keeps the jobs")
    func listFails() async throws {
        let error = serviceError(.forbidden, status: 403)
        let isDown = Shared(false)
        let service = FakeService(
            runs: { request in Page(items: request.jobKeys.map { summary($0, of: $0) }) },
            jobs: { _ throws(ServiceError) in
                if isDown.value { throw error }
                return Page(items: [JobSummary(key: "job-0")])
            })
        let rig = Rig(service, PollingSettings(scope: .workspace(nameContains: nil)))
        _ = try await rig.events.untilIdle()
        isDown.change { $0 = true }
        rig.poller.send(.refreshNow)
        let events = try await rig.events.untilIdle()
        #expect(events.contains(.jobListFailed(RequestFailure(error), at: rig.wall.value)))
        #expect(events.failures == [RequestFailure(error)])
        #expect(events.rows.map(\.job.key) == ["job-0"], "the runs are asked for all the same")
        #expect(events.jobLists.isEmpty)
        await rig.stop()
    }

    @Test("a refused chunk that is split is not a failure")
    func cutChunk() async throws {
        let service = FakeService(runs: { request throws(ServiceError) in
            if request.jobKeys.count > 3 { throw serviceError(.badRequest, status: 400) }
            return Page(items: request.jobKeys.map { summary($0, of: $0) })
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobIDs(5))))
        let events = try await rig.events.untilIdle()
        #expect(events.rows.count == 5)
        #expect(events.failures.isEmpty)
        #expect(events.reports.map(\.notes) == [["the service refused 5 jobs in one request; asked for fewer"]])
        await rig.stop()
    }

    @Test("pausing during a request reports that, waits for it, and is then paused")
    func pausing() async throws {
        let clock = TestClock()
        let service = FakeService(runs: { _ in
            try? await clock.sleep(until: .init(offset: .seconds(1)), tolerance: nil)
            return Page(items: [])
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobIDs(9))))
        _ = try await rig.events.until { if case .phase(.polling) = $0 { true } else { false } }
        rig.poller.send(.pause)
        #expect(try await rig.events.until { $0 == .phase(.pausing) }.phases == [.pausing])
        clock.advance(to: .seconds(2))
        let events = try await rig.events.untilIdle()
        #expect(events.phases == [.paused])
        #expect(events.reports.map(\.notes) == [["4 jobs not asked for this time: paused"]])
        await rig.stop()
    }

    @Test("each cycle's report counts only that cycle")
    func reports() async throws {
        let calls = Shared(0)
        let service = FakeService(runs: { request in
            calls.change { $0 += 1 }
            return Page(
                items: request.jobKeys.map { summary($0, of: $0) }, flaws: [ItemFlaw(index: 0, reason: "odd")])
        })
        let rig = Rig(service, PollingSettings(scope: .jobs(jobIDs(3)), interval: .seconds(30)))
        _ = try await rig.events.untilIdle()
        rig.advance(by: .seconds(40))
        let later = rig.wall.value
        let events = try await rig.events.untilIdle()
        #expect(events.contains(.phase(.polling(since: later, done: 0, of: 1))))
        #expect(events.reports == [CycleReport(flaws: 1, firstFlaw: "odd")])
        #expect(calls.value == 2, "one request a cycle")
        await rig.stop()
    }
}

@Test(
    "a clock jump goes past the wait and three intervals, or three intervals back",
    arguments: [
        (0.0, false), (15, false), (59, false), (61, true), (86_400, true), (-44, false), (-46, true),
        (.infinity, true), (.nan, false),
    ])
func clockJumps(moved: Double, isJump: Bool) {
    var watch = ClockWatch()
    let start = Date(timeIntervalSince1970: 1_800_000_000)
    watch.waiting(.seconds(15), wall: start)
    let later = start.addingTimeInterval(moved)
    let isNoticed = watch.woke(wall: later, interval: .seconds(15))
    #expect(isNoticed == isJump)
    let isNoticedAgain = watch.woke(wall: later, interval: .seconds(15))
    #expect(!isNoticedAgain)
}
