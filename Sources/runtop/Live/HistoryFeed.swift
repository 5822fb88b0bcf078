import Dashboard
import Foundation
import History
import Polling
import Runs

/// Connects the dashboard to the history.
struct HistoryFeed: Sendable {
    private let store: any HistoryStore
    private let place: Place
    private let scope: PollingSettings.Scope
    /// Reads the jobs as they were last seen. Starts as early as possible.
    let remembered: Task<Remembered, any Error>

    /// The jobs as they were last seen, and the name of their place, if known.
    struct Remembered: Sendable {
        let jobs: [RememberedJob]
        var placeName: String?
    }

    /// Reads the periods of the past that are left, before this session writes anything.
    private let pastLeft: Task<PastLeft, any Error>

    /// The number of runs per job for the first frame: enough for its row and health. Older ones follow later.
    private static let runsOfFirstFrame = 5
    /// The number of jobs whose past is processed at once: it takes a few milliseconds, so that no key waits.
    private static let jobsOfChunk = 20

    init(store: any HistoryStore, place: Place, scope: PollingSettings.Scope) {
        (self.store, self.place, self.scope) = (store, place, scope)
        pastLeft = Task { try await store.pastLeft(of: place) }
        remembered = Task { try await Self.read(store, place: place, scope: scope) }
    }

    private static func read(
        _ store: any HistoryStore, place: Place, scope: PollingSettings.Scope
    ) async throws -> Remembered {
        var jobs = try await store.board(of: place, newestRuns: runsOfFirstFrame).filter { scope.includes($0.job) }
        // The error traces of thousands of jobs are read here, because keys and frames wait for the main actor.
        for index in jobs.indices {
            for run in jobs[index].newest where run.status.isFailure {
                jobs[index].causes[run.id.key] = FailureCause(of: run)
            }
        }
        let name = try await store.places().first { $0.place == place }?.name
        return Remembered(jobs: jobs, placeName: name == place.workspaceKey ? nil : name)
    }

    /// Reads again what ``remembered`` could not read.
    func readAgain() async throws -> Remembered { try await Self.read(store, place: place, scope: scope) }

    /// Creates a recorder that writes the poller's events.
    func recorder(_ report: @escaping @Sendable (HistoryError?) async -> Void) -> HistoryRecorder {
        HistoryRecorder(store: store, place: place, report: report)
    }

    /// The periods of the past to request. Stores that they are left. For a new workspace, the whole retention;
    /// otherwise what earlier sessions left and, if nothing was seen for `gap`, the time since then. None if only some
    /// jobs are watched: the runs of the others would never be requested.
    func stretchesToFillIn(gap: Duration, now: Date) async throws -> [PastWindow] {
        guard scope == .workspace(nameContains: nil) else { return [] }
        let past: PastLeft
        do {
            past = try await pastLeft.value
        } catch is HistoryError {
            // Meanwhile a new file may have replaced a damaged one, or a lock may be released.
            past = try await store.pastLeft(of: place)
        }
        let oldest = now.addingTimeInterval(-(store.retention / .seconds(1)))
        var stretches = past.stretches ?? [oldest...now]
        if past.stretches != nil, let seen = past.lastSeen, now.timeIntervalSince(seen) > gap / .seconds(1) {
            // Runs that were created shortly before may not have been visible then.
            stretches.insert(seen.addingTimeInterval(-300)...now, at: 0)
        }
        let kept = stretches.filter { $0.upperBound > oldest }.map { max($0.lowerBound, oldest)...$0.upperBound }
        guard !kept.isEmpty else { return [] }
        try await store.record(SeenCycle(place: place, at: now, pastLeft: kept))
        return kept.map { PastWindow(since: $0.lowerBound, until: $0.upperBound) }
    }

    /// All runs of a job in the history.
    func wholePast(of job: JobID) async throws(HistoryError) -> [PastRun] {
        try await store.pastRuns(of: place, jobs: [job.key], mostRuns: nil)[job] ?? []
    }

    /// Passes the longer past of jobs to `body`, some jobs at a time. Jobs without a schedule get more runs, because
    /// learning their rhythm takes weeks.
    func past(of jobs: [Job], _ body: @Sendable ([JobID: [PastRun]]) async -> Void) async throws {
        for part in Self.parts(of: jobs) {
            try Task.checkCancellation()
            await body(try await store.pastRuns(of: place, jobs: part.keys, mostRuns: part.mostRuns))
        }
    }

    /// Splits the jobs so that each part has about the same number of runs.
    private static func parts(of jobs: [Job]) -> [(keys: [String], mostRuns: Int)] {
        let groups = Dictionary(grouping: jobs, by: JobHistory.mostRuns).sorted { $0.key < $1.key }
        return groups.flatMap { most, jobs in
            let chunk = max(jobsOfChunk * JobHistory.mostRunsOnBoard / most, 1)
            return jobs.map(\.id.key).chunks(of: chunk).map { ($0, most) }
        }
    }
}

extension [String] {
    fileprivate func chunks(of count: Int) -> [[String]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}

extension PollingSettings.Scope {
    /// Whether the service would list the job, if the scope tells.
    fileprivate func includes(_ job: Job) -> Bool {
        switch self {
        case .keys(let keys): keys.contains(job.id.key)
        case .workspace(nil): true
        case .workspace(let part?): job.name?.lowercased().contains(part.lowercased()) ?? false
        }
    }
}

/// Waits for a value until a timeout.
///
/// - Returns: `nil` after the timeout. The task continues.
func value<Success: Sendable>(
    of task: Task<Success, any Error>, within limit: Duration
) async -> Result<Success, any Error>? {
    let (results, sink) = AsyncStream<Result<Success, any Error>?>.makeStream()
    let work = Task { sink.yield(await task.result) }
    let timer = Task {
        try? await Task.sleep(for: limit)
        sink.yield(nil)
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    for await result in results { return result }
    return nil
}
