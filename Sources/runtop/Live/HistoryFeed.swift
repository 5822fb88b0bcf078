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
    let remembered: Task<[RememberedJob], any Error>

    /// Runs a job of the first frame: enough for its row and its health. The strip gets the older ones a moment later.
    private static let runsOfFirstFrame = 5
    /// Jobs whose past is read and learned at once: a few milliseconds, so that no key waits.
    private static let jobsOfChunk = 20

    init(store: any HistoryStore, place: Place, scope: PollingSettings.Scope) {
        (self.store, self.place, self.scope) = (store, place, scope)
        remembered = Task {
            try await store.board(of: place, newestRuns: Self.runsOfFirstFrame).filter { scope.includes($0.job) }
        }
    }

    /// Writes what the poller reports.
    func recorder(_ report: @escaping @Sendable (HistoryError?) async -> Void) -> HistoryRecorder {
        HistoryRecorder(store: store, place: place, report: report)
    }

    /// All the runs of a job that the history has.
    func wholePast(of job: JobID) async throws(HistoryError) -> [PastRun] {
        try await store.pastRuns(of: place, jobs: [job.key], mostRuns: nil)[job] ?? []
    }

    /// Hands out the longer past of jobs, some jobs at a time.
    func past(of jobs: [JobID], _ body: @Sendable ([JobID: [PastRun]]) async -> Void) async throws {
        for start in stride(from: 0, to: jobs.count, by: Self.jobsOfChunk) {
            let keys = jobs[start..<min(start + Self.jobsOfChunk, jobs.count)].map(\.key)
            try Task.checkCancellation()
            await body(try await store.pastRuns(of: place, jobs: keys, mostRuns: JobHistory.mostRunsOnBoard))
        }
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
