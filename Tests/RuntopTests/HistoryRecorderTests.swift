import Foundation
import History
import Polling
import Runs
import Synchronization
import Testing

@testable import runtop

@Suite("The poller's events are written to the history")
struct HistoryRecorderTests {
    private static let place = Place(instanceID: "i", workspaceKey: "w")
    private static let start = Date(timeIntervalSince1970: 1_777_639_000)

    private static func run(_ key: String, of job: String = "job", _ status: RunStatus = .success) -> JobRun {
        var run = JobRun(id: RunID(job: JobID(place: place, key: job), key: key), status: status)
        run.created = start
        return run
    }

    private static func runs(_ key: String, _ seconds: Double, _ status: RunStatus = .success) -> PollEvent {
        .runs(
            [run(key, status)], of: [JobID(place: place, key: "job")], at: start.addingTimeInterval(seconds))
    }

    @Test("A cycle is written when it ends: its list, its runs, and when each job was answered")
    func oneCycle() async throws {
        let store = ScriptedStore()
        let recorder = HistoryRecorder(store: store, place: Self.place) { _ in }
        let job = Job(id: JobID(place: Self.place, key: "job"), name: "orders")
        let silent = JobID(place: Self.place, key: "silent")
        recorder.note(.jobsListed([job], at: Self.start))
        recorder.note(Self.runs("a", 1))
        recorder.note(.runs([], of: [silent], at: Self.start.addingTimeInterval(2)))
        recorder.note(.workspaceNamed("sales"))
        recorder.note(.runsFailed(RequestFailure(summary: "x"), of: [silent], at: Self.start))
        recorder.note(.cycleEnded(CycleReport()))
        // A cycle without answers has nothing to write.
        recorder.note(.cycleEnded(CycleReport()))
        recorder.finish()
        await recorder.run()
        let cycle = try #require(store.written.first)
        #expect(store.written.count == 1)
        #expect(cycle.jobs == [job])
        #expect(cycle.runs == [Self.run("a")])
        #expect(cycle.placeName == "sales")
        #expect(
            cycle.answered == ["job": Self.start.addingTimeInterval(1), "silent": Self.start.addingTimeInterval(2)])
        #expect(cycle.at == Self.start.addingTimeInterval(2))
    }

    @Test("Runs from a list or the past are written; a list confirms jobs without new runs")
    func runsFound() async throws {
        let store = ScriptedStore()
        let recorder = HistoryRecorder(store: store, place: Self.place) { _ in }
        recorder.note(.confirmed([JobID(place: Self.place, key: "quiet")], at: Self.start))
        recorder.note(.cycleEnded(CycleReport()))
        recorder.note(.runsFound([Self.run("a", .running)], by: .sweep, at: Self.start))
        recorder.note(.runsFound([Self.run("old")], by: .backfill, at: Self.start.addingTimeInterval(3)))
        recorder.note(.cycleEnded(CycleReport()))
        recorder.finish()
        await recorder.run()
        let runs = store.written.flatMap(\.runs)
        #expect(runs == [Self.run("a", .running), Self.run("old")])
        #expect(store.written.last?.at == Self.start.addingTimeInterval(3))
        #expect(store.written.first?.answered == ["quiet": Self.start])
    }

    @Test("The periods of the past that are left are written with the runs that were found before")
    func pastLeft() async throws {
        let store = ScriptedStore(failures: 1)
        let recorder = HistoryRecorder(store: store, place: Self.place) { _ in }
        let working = Task { await recorder.run() }
        let (since, until) = (Self.start.addingTimeInterval(-900), Self.start.addingTimeInterval(-60))
        func progress(_ reached: Date, _ stopped: String? = nil) -> PollEvent {
            .backfill(
                BackfillProgress(
                    since: since, until: until, reached: reached, done: .seconds(1), whole: .seconds(2),
                    left: [PastWindow(since: since, until: reached)], stopped: stopped))
        }
        recorder.note(.runsFound([Self.run("old")], by: .backfill, at: Self.start))
        recorder.note(progress(until))
        recorder.note(.cycleEnded(CycleReport()))
        await store.waitForAttempts(1)
        recorder.note(progress(until.addingTimeInterval(-30), "404"))
        recorder.note(.cycleEnded(CycleReport()))
        recorder.finish()
        await working.value
        #expect(store.written.map(\.pastLeft) == [[since...until]])
        #expect(store.written.map { $0.runs.map(\.id.key) } == [["old"]])
    }

    @Test("For a new workspace the whole retention is filled in; later what was left, and the time without a session")
    func stretches() async throws {
        let now = Self.start
        func ago(_ seconds: Double) -> Date { now.addingTimeInterval(-seconds) }
        let days = 90 * 86_400.0
        func windows(
            _ past: PastLeft, _ scope: PollingSettings.Scope = .workspace(nameContains: nil)
        ) async throws -> [PastWindow] {
            let store = ScriptedStore(past: past)
            let feed = HistoryFeed(store: store, place: Self.place, scope: scope)
            let windows = try await feed.stretchesToFillIn(gap: .seconds(60), now: now)
            let kept = windows.map { $0.since...($0.until ?? now) }
            #expect(store.written.map(\.pastLeft) == (windows.isEmpty ? [] : [kept]))
            return windows
        }
        #expect(try await windows(PastLeft()) == [PastWindow(since: ago(days), until: now)])
        #expect(try await windows(PastLeft(stretches: [], lastSeen: ago(30))).isEmpty)
        let left = ago(days + 500)...ago(700)
        #expect(
            try await windows(PastLeft(stretches: [left], lastSeen: ago(3_600))) == [
                PastWindow(since: ago(3_900), until: now), PastWindow(since: ago(days), until: ago(700)),
            ])
        #expect(try await windows(PastLeft(stretches: [ago(days * 2)...ago(days + 1)], lastSeen: now)).isEmpty)
        #expect(try await windows(PastLeft(), .workspace(nameContains: "gold")).isEmpty)
        #expect(try await windows(PastLeft(), .keys(["a"])).isEmpty)
    }

    @Test("A cycle that is incomplete when runtop ends is written as well")
    func lastCycle() async {
        let store = ScriptedStore()
        let recorder = HistoryRecorder(store: store, place: Self.place) { _ in }
        recorder.note(Self.runs("a", 0))
        recorder.finish()
        await recorder.run()
        #expect(store.written.map(\.runs) == [[Self.run("a")]])
    }

    @Test(
        "A failure is reported once, and its events are written with the next cycle; recovery is reported too")
    func failures() async {
        let store = ScriptedStore(failures: 2)
        let reports = Mutex<[HistoryError?]>([])
        let recorder = HistoryRecorder(store: store, place: Self.place) { error in
            reports.withLock { $0.append(error) }
        }
        let working = Task { await recorder.run() }
        for (number, event) in [Self.runs("a", 0, .running), Self.runs("a", 15), Self.runs("b", 30)].enumerated() {
            recorder.note(event)
            recorder.note(.cycleEnded(CycleReport()))
            await store.waitForAttempts(number + 1)
        }
        recorder.finish()
        await working.value
        #expect(store.written.map(\.runs) == [[Self.run("a", .running), Self.run("a"), Self.run("b")]])
        #expect(store.written.map(\.answered) == [["job": Self.start.addingTimeInterval(30)]])
        #expect(reports.withLock { $0 } == [ScriptedStore.error, nil])
    }

    @Test("Only one write runs at a time; events that arrive meanwhile are written together")
    func merged() async {
        let store = ScriptedStore(isHeld: true)
        let recorder = HistoryRecorder(store: store, place: Self.place) { _ in }
        let working = Task { await recorder.run() }
        recorder.note(Self.runs("a", 0))
        recorder.note(.cycleEnded(CycleReport()))
        await store.waitForAttempts(1)
        for key in ["b", "c"] {
            recorder.note(Self.runs(key, 1))
            recorder.note(.cycleEnded(CycleReport()))
        }
        recorder.finish()
        store.release()
        await working.value
        #expect(store.written.map { $0.runs.map(\.id.key) } == [["a"], ["b", "c"]])
        #expect(store.mostAtOnce == 1)
    }

    @Test("Events that cannot be written for long do not fill the memory: the newest state of the newest runs is kept")
    func bounded() {
        var pending = PendingCycle(place: Self.place)
        let job = JobID(place: Self.place, key: "job")
        for number in 0..<3 {
            let runs = (0..<PendingCycle.mostRuns / 2).map { index in
                var run = Self.run("\(index)")
                run.created = Self.start.addingTimeInterval(Double(index))
                run.stateMessage = "\(number)"
                return run
            }
            pending.add(.runs(runs, of: [job], at: Self.start))
        }
        let kept = pending.take()?.runs ?? []
        #expect(kept.count <= PendingCycle.mostRuns)
        #expect(Set(kept.map(\.id.key)).count == PendingCycle.mostRuns / 2)
        #expect(kept.last?.stateMessage == "2")
    }
}

/// A store that fails a number of times, or waits until it is released.
private final class ScriptedStore: HistoryStore {
    static let error = HistoryError(.locked, "It is locked.")

    private struct State {
        var failures: Int
        var isHeld: Bool
        var written: [SeenCycle] = []
        var attempts = 0
        var atOnce = 0
        var mostAtOnce = 0
    }

    private let state: Mutex<State>
    private let (attempts, attempt) = AsyncStream<Void>.makeStream()
    private let (releases, releaser) = AsyncStream<Void>.makeStream()

    private let past: PastLeft

    init(failures: Int = 0, isHeld: Bool = false, past: PastLeft = PastLeft()) {
        state = Mutex(State(failures: failures, isHeld: isHeld))
        self.past = past
    }

    var written: [SeenCycle] { state.withLock { $0.written } }
    var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

    func release() {
        state.withLock { $0.isHeld = false }
        releaser.yield()
    }

    func waitForAttempts(_ count: Int) async {
        while state.withLock({ $0.attempts }) < count {
            for await _ in attempts { break }
        }
    }

    @discardableResult
    func record(_ cycle: SeenCycle) async throws(HistoryError) -> RecordedRuns {
        let isHeld = state.withLock { state in
            state.attempts += 1
            state.atOnce += 1
            state.mostAtOnce = max(state.mostAtOnce, state.atOnce)
            return state.isHeld
        }
        attempt.yield()
        if isHeld { for await _ in releases { break } }
        let fails = state.withLock { state in
            state.atOnce -= 1
            guard state.failures > 0 else {
                state.written.append(cycle)
                return false
            }
            state.failures -= 1
            return true
        }
        if fails { throw Self.error }
        return RecordedRuns(new: cycle.runs.count)
    }

    func board(of place: Place, newestRuns: Int) async throws(HistoryError) -> [RememberedJob] { [] }
    func pastRuns(
        of place: Place, jobs: [String]?, mostRuns: Int?, createdBy: Date?
    ) async throws(HistoryError) -> [JobID: [PastRun]] { [:] }
    func places() async throws(HistoryError) -> [(place: Place, name: String)] { [] }
    var retention: Duration { .seconds(90 * 86_400) }
    func pastLeft(of place: Place) async throws(HistoryError) -> PastLeft { past }
    func jobs(of place: Place) async throws(HistoryError) -> [Job] { [] }
    func forEachRun(
        of selection: RunSelection, _ body: @escaping @Sendable ([JobRun]) throws -> Void
    ) async throws -> Int { 0 }
    func statusChanges(of run: RunID) async throws(HistoryError) -> [StatusChange] { [] }
    func statistics() async throws(HistoryError) -> HistoryStatistics { HistoryStatistics() }
    func prune(before moment: Date) async throws(HistoryError) -> PruneResult { PruneResult() }
}
