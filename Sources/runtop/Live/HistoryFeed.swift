import Dashboard
import Foundation
import History
import Polling
import Runs

/// What the dashboard takes from the history and gives to it.
struct HistoryFeed: Sendable {
    private let store: any HistoryStore
    private let place: Place
    private let scope: PollingSettings.Scope
    /// Reads the jobs as they were last seen: begun as early as possible.
    let remembered: Task<Remembered, any Error>

    /// The jobs as they were last seen, and the name of their place, if it was ever known.
    struct Remembered: Sendable {
        let jobs: [RememberedJob]
        var placeName: String?
    }

    /// Reads what of the past is left, before anything of this session is written.
    private let pastLeft: Task<PastLeft, any Error>

    /// Runs a job of the first frame: enough for its row and its health. The strip gets the older ones a moment later.
    private static let runsOfFirstFrame = 5
    /// Jobs whose past is read and learned at once: a few milliseconds, so that no key waits.
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

    /// Reads what ``remembered`` could not read.
    func readAgain() async throws -> Remembered { try await Self.read(store, place: place, scope: scope) }

    /// Writes what the poller reports.
    func recorder(_ report: @escaping @Sendable (HistoryError?) async -> Void) -> HistoryRecorder {
        HistoryRecorder(store: store, place: place, report: report)
    }

    /// The stretches of the past to fill in, and keeps that they are left: as far back as runs are kept at first sight of a
    /// workspace, else what earlier sessions left and, when nothing was seen for `gap`, the time since. None where only some
    /// jobs are watched: the others would be missed for ever.
    func stretchesToFillIn(gap: Duration, now: Date) async throws -> [PastWindow] {
        guard scope == .workspace(nameContains: nil) else { return [] }
        let past: PastLeft
        do {
            past = try await pastLeft.value
        } catch is HistoryError {
            // In place of a damaged file there is a new one by now, and a lock may be gone.
            past = try await store.pastLeft(of: place)
        }
        let oldest = now.addingTimeInterval(-(store.retention / .seconds(1)))
        var stretches = past.stretches ?? [oldest...now]
        if past.stretches != nil, let seen = past.lastSeen, now.timeIntervalSince(seen) > gap / .seconds(1) {
            // Runs that were created shortly before may not have been visible yet.
            stretches.insert(seen.addingTimeInterval(-300)...now, at: 0)
        }
        let kept = stretches.filter { $0.upperBound > oldest }.map { max($0.lowerBound, oldest)...$0.upperBound }
        guard !kept.isEmpty else { return [] }
        try await store.record(SeenCycle(place: place, at: now, pastLeft: kept))
        return kept.map { PastWindow(since: $0.lowerBound, until: $0.upperBound) }
    }

    /// All the runs of a job that the history has.
    func wholePast(of job: JobID) async throws(HistoryError) -> [PastRun] {
        try await store.pastRuns(of: place, jobs: [job.key], mostRuns: nil)[job] ?? []
    }

    /// Hands out the longer past of jobs, some jobs at a time: of those without a schedule the more, whose rhythm is learned
    /// from weeks.
    func past(of jobs: [Job], _ body: @Sendable ([JobID: [PastRun]]) async -> Void) async throws {
        for part in Self.parts(of: jobs) {
            try Task.checkCancellation()
            await body(try await store.pastRuns(of: place, jobs: part.keys, mostRuns: part.mostRuns))
        }
    }

    /// What is read at once: about as many runs each time.
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
    /// Whether the service would list the job, as far as can be told.
    fileprivate func includes(_ job: Job) -> Bool {
        switch self {
        case .keys(let keys): keys.contains(job.id.key)
        case .workspace(nil): true
        case .workspace(let part?): job.name?.lowercased().contains(part.lowercased()) ?? false
        }
    }
}

/// Waits for a value, but not for ever.
///
/// - Returns: `nil` after the time; the work goes on.
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
