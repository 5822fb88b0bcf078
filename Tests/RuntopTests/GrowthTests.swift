import CMalloc
import Dashboard
import Foundation
import History
import Polling
import Runs
import Screen
import Synchronization
import TestSupport
import Testing

@testable import runtop

/// A poller, a dashboard and a history that run for thousands of refreshes in virtual time.
private final class LongSession {
    private static let start = Date(timeIntervalSince1970: 1_777_639_200)
    private static let interval: TimeInterval = 15

    private let clock = TestClock()
    private let wall = Mutexed(start)
    private let folder: TemporaryFolder
    private let history: SQLiteHistory
    private let poller: Poller
    private let polling: Task<Void, Never>
    private var events: AsyncStream<PollEvent>.Iterator
    private var pending: PendingCycle
    private var state: DashboardState
    private(set) var refreshes = 0

    init(launched: String) throws {
        let place = Place(instanceID: "instance", workspaceKey: "workspace")
        let wall = wall
        let service = ChangingWorkspace(start: Self.start, now: { wall.value }, launched: launched)
        let settings = PollingSettings(scope: .workspace(nameContains: nil), jobListInterval: .seconds(60))
        poller = Poller(
            service: service, place: place, settings: settings, clock: clock, now: { wall.value },
            random: { ($0.lowerBound + $0.upperBound) / 2 })
        folder = try TemporaryFolder()
        history = SQLiteHistory(
            path: folder.file("history.db").path, now: { wall.value }, failureCause: { $0.stateMessage })
        pending = PendingCycle(place: place)
        state = DashboardState(
            place: PlaceLabel(region: "here", workspace: "workspace", profile: "DEFAULT"), interval: settings.interval,
            appearance: Appearance(theme: Theme(.dark), glyphs: .utf8), clock: WallClock { _ in 0 },
            size: Size(rows: 36, columns: 160), now: Self.start)
        events = poller.events.makeAsyncIterator()
        polling = Task { [poller] in await poller.run() }
    }

    /// Runs until this number of refreshes is complete.
    func run(until count: Int) async throws {
        while refreshes < count {
            guard let event = await events.next() else { return }
            pending.add(event)
            carryOut(state.update(.poll(event), at: wall.value))
            if case .runsFound(let runs, _, _) = event {
                carryOut(state.update(.learned(PastRun.byJob(runs)), at: wall.value))
            }
            switch event {
            case .cycleEnded:
                refreshes += 1
                if let cycle = pending.take() { try await history.record(cycle) }
                look()
            case .phase(.waiting), .phase(.backingOff):
                wall.change { $0 += Self.interval }
                clock.advance(to: clock.now.offset + .seconds(Self.interval))
            default: break
            }
        }
    }

    /// Draws a frame, and from time to time opens the screens that show runs.
    private func look() {
        guard refreshes.isMultiple(of: 5) else { return }
        _ = state.frame()
        state.painted(at: wall.value)
        guard refreshes.isMultiple(of: 20) else { return }
        // The causes; a job and its newest run; the end and the beginning of the table.
        for key: Key in [.character("C"), .escape, .enter, .enter, .escape, .escape, .end, .home] {
            carryOut(state.update(.key(key), at: wall.value))
            _ = state.frame()
        }
    }

    private func carryOut(_ effects: [Effect]) {
        for case .poll(let command) in effects { poller.send(command) }
    }

    /// The number of values in memory, by owner.
    var retained: [String: Int] {
        var all: [String: Int] = [:]
        for (name, object) in [("dashboard", state), ("poller", poller), ("history", history)] as [(String, Any)] {
            for (path, count) in RetainedValues(of: object).byPath { all["\(name).\(path)"] = count }
        }
        return all
    }

    func end() async {
        polling.cancel()
        await polling.value
        await history.close()
    }
}

/// A value that several threads read.
private final class Mutexed<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func change(_ body: (inout sending Value) -> Void) { mutex.withLock { body(&$0) } }
}

@Suite("Memory does not grow while runtop runs")
struct GrowthTests {
    /// The workspace after this number of refreshes: the same state with other runs and other jobs.
    private static let period = Int(ChangingWorkspace.period / 15)

    @Test("The number of values in memory does not grow with the refreshes, the runs and the jobs seen")
    func retainedValues() async throws {
        let session = try LongSession(launched: "MANUAL")
        // By then the strips of the permanent jobs are full.
        try await session.run(until: Self.period * 2)
        let first = session.retained
        try await session.run(until: Self.period * 3)
        let second = session.retained
        await session.end()
        #expect(first.values.reduce(0, +) > 50_000)
        for (path, count) in second {
            let before = first[path] ?? 0
            // Numbers and keys become longer by a digit.
            #expect(count <= before + before / 50 + 100, "\(path) grew from \(before) to \(count)")
        }
    }

    /// `RUNTOP_GROWTH=10000 swift test --filter GrowthTests` prints the private memory of the process. It includes
    /// what Swift Testing keeps of each thrown error.
    @Test(
        "The memory after thousands of refreshes",
        .enabled(if: ProcessInfo.processInfo.environment["RUNTOP_GROWTH"] != nil))
    func memory() async throws {
        let last = ProcessInfo.processInfo.environment["RUNTOP_GROWTH"].flatMap { Int($0) } ?? 10_000
        let session = try LongSession(launched: "SCHEDULED")
        for part in [10, 5, 2, 1] {
            // At the same point of a period.
            let refreshes = max(last / part / Self.period, 1) * Self.period
            try await session.run(until: refreshes)
            print("growth: refreshes=\(refreshes) bytes=\(Self.ownBytes)")
        }
        await session.end()
    }

    /// The bytes of private memory of the process.
    private static var ownBytes: Int {
        malloc_trim(0)
        let text = (try? String(contentsOfFile: "/proc/self/smaps_rollup", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("Private_Dirty:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1_024 } ?? 0
    }
}
