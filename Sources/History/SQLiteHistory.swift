import Foundation
import GRDB
import Runs

/// The history in an SQLite file, which several runtop processes can share.
///
/// The first use opens the file. After an error the next call tries again, since for example a full disk may have space
/// by then. No call waits longer for a lock than `HistoryFile.patience`.
package actor SQLiteHistory: HistoryStore {
    /// The retention and the maximum size of the file in bytes.
    package struct Limits: Hashable, Sendable {
        package var retention: Duration
        package var bytes: Int64

        package init(retention: Duration = .seconds(90 * 86_400), bytes: Int64 = 1_000_000_000) {
            (self.retention, self.bytes) = (retention, bytes)
        }
    }

    let file: HistoryFile
    private let limits: Limits
    private let failureCause: @Sendable (JobRun) -> String?
    private let now: @Sendable () -> Date
    private var opened: HistoryFile.Open?
    private var opening: Task<Result<HistoryFile.Open, HistoryError>, Never>?
    /// The file, opened only to read it, because it cannot be written.
    private var openedToRead: HistoryFile.Open?
    private var memory = WriterMemory()

    /// - Parameters:
    ///   - access: how the file may be used.
    ///   - limits: the limits for pruning, which `record` does at most once an hour.
    ///   - failureCause: finds the line with the cause of a failure. Its result is stored with the error trace and
    ///     never recomputed, so it must depend only on the trace, or on the state message if there is no trace.
    package init(
        path: String, access: HistoryAccess = .keeps, limits: Limits = Limits(),
        now: @escaping @Sendable () -> Date = { Date() },
        failureCause: @escaping @Sendable (JobRun) -> String? = { _ in nil }
    ) {
        self.init(
            file: HistoryFile(path: path, access: access), limits: limits, now: now, failureCause: failureCause)
    }

    init(
        file: HistoryFile, limits: Limits = Limits(), now: @escaping @Sendable () -> Date = { Date() },
        failureCause: @escaping @Sendable (JobRun) -> String? = { _ in nil }
    ) {
        (self.file, self.limits, self.now, self.failureCause) = (file, limits, now, failureCause)
    }

    package nonisolated var path: String { file.path }

    // MARK: Writing

    @discardableResult
    package func record(_ cycle: SeenCycle) async throws(HistoryError) -> RecordedRuns {
        // Opening first: `pool()` clears `memory` if the file was replaced.
        let pool = try await pool()
        let changed = memory.changed(cycle)
        let writer = CycleWriter(cycle: cycle, runs: changed, labels: memory.labels, failureCause: failureCause)
        let written = try await withDatabase { () async throws -> (labels: Labels, runs: RecordedRuns) in
            try await pool.write { database in try writer.write(to: database) }
        }
        memory.labels = written.labels
        memory.remember(changed, of: cycle)
        // Imported runs may be older than the retention: they stay until the next cycle prunes.
        if !cycle.isImported {
            try await pruneIfDue(pool)
            // The page cache of the system holds these pages too, and the next cycle comes in seconds.
            pool.releaseMemoryEventually()
        }
        var runs = written.runs
        runs.known += cycle.runs.count - changed.count
        return runs
    }

    package func prune(before moment: Date) async throws(HistoryError) -> PruneResult {
        try await prune(before: moment, bytes: nil, in: try await pool())
    }

    /// Prunes by the limits, at most once an hour for all processes that share the file.
    private func pruneIfDue(_ pool: DatabasePool) async throws(HistoryError) {
        let now = now()
        if let last = memory.pruned, now < last.addingTimeInterval(Pruning.interval), now >= last { return }
        memory.pruned = now
        let isDue = try await withDatabase { () async throws -> Bool in
            try await pool.write { database in try Pruning.claim(in: database, at: now) }
        }
        guard isDue else { return }
        let oldest = now.addingTimeInterval(-limits.retention.timeInterval)
        _ = try await prune(before: oldest, bytes: limits.bytes, in: pool)
    }

    private func prune(
        before moment: Date, bytes: Int64?, in pool: DatabasePool
    ) async throws(HistoryError) -> PruneResult {
        let pruning = Pruning(moment: moment, mostBytes: bytes)
        let file = file
        return try await withDatabase { () async throws -> PruneResult in
            var result = PruneResult()
            result.bytesBefore = file.bytes
            // One transaction per batch, so that other processes can write in between.
            var isMore = true
            while isMore {
                let removed = try await pool.write { database in try pruning.step(in: database) }
                result.runs += removed.runs
                result.jobs += removed.jobs
                isMore = removed.isMore
            }
            while try await pool.writeWithoutTransaction({ database in try pruning.shrink(database) }) {}
            try await pool.writeWithoutTransaction { database in
                // This fails while another process reads. The file is then truncated later.
                _ = try? database.checkpoint(.truncate)
            }
            result.bytesAfter = file.bytes
            return result
        }
    }

    // MARK: Reading

    package func board(of place: Place, newestRuns: Int) async throws(HistoryError) -> [RememberedJob] {
        try await read { try RunReader($0).board(of: place, newestRuns: newestRuns) }
    }

    package func pastRuns(
        of place: Place, jobs: [String]?, mostRuns: Int?, createdBy: Date?
    ) async throws(HistoryError) -> [JobID: [PastRun]] {
        try await read {
            try RunReader($0).pastRuns(of: place, jobs: jobs, mostRuns: mostRuns, createdBy: createdBy)
        }
    }

    package func places() async throws(HistoryError) -> [(place: Place, name: String)] {
        try await read { try StatisticsReader($0).places().map { ($0.place, $0.name) } }
    }

    package func jobs(of place: Place) async throws(HistoryError) -> [Job] {
        try await read { try RunReader($0).jobs(of: place).map(\.job) }
    }

    package func forEachRun(
        of selection: RunSelection, _ body: @escaping @Sendable ([JobRun]) throws -> Void
    ) async throws -> Int {
        let pool = try await poolToRead()
        do {
            return try await pool.read { try RunReader($0).forEachRun(of: selection, body) }
        } catch let error as DatabaseError {
            throw trouble(error)
        }
    }

    package func statusChanges(of run: RunID) async throws(HistoryError) -> [StatusChange] {
        try await read { try RunReader($0).statusChanges(of: run) }
    }

    package func statistics() async throws(HistoryError) -> HistoryStatistics {
        let file = file
        return try await read { database in
            var statistics = try StatisticsReader(database).statistics()
            statistics.bytes = file.bytes
            return statistics
        }
    }

    package func pastLeft(of place: Place) async throws(HistoryError) -> PastLeft {
        try await read { try StatisticsReader($0).pastLeft(of: place) }
    }

    package nonisolated var retention: Duration { limits.retention }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(HistoryError) -> Value {
        let pool = try await poolToRead()
        return try await withDatabase { () async throws -> Value in try await pool.read(body) }
    }

    // MARK: The file

    /// The open file. Opens it again if the path now leads to another file.
    func pool() async throws(HistoryError) -> DatabasePool {
        if let opened {
            if file.identity == opened.identity, !(opened.isUnlocked && file.mayBeInUse) { return opened.pool }
            forgetFile()
        }
        let task = opening ?? Task { [file] in await Self.open(file) }
        opening = task
        let result = await task.value
        opening = nil
        do throws(HistoryError) {
            let open = try result.get()
            (opened, openedToRead) = (open, nil)
            return open.pool
        } catch {
            throw trouble(error)
        }
    }

    /// The open file. If it cannot be written, it is opened only to read it.
    private func poolToRead() async throws(HistoryError) -> DatabasePool {
        if let openedToRead {
            // Opens it again if another program writes it now, or the path leads to another file.
            if file.identity == openedToRead.identity, !(openedToRead.isUnlocked && file.mayBeInUse) {
                return openedToRead.pool
            }
            self.openedToRead = nil
        }
        do throws(HistoryError) {
            return try await pool()
        } catch {
            guard error.kind == .inaccessible, file.access == .keeps,
                case .success(let open) = await Self.open(file.toRead)
            else { throw error }
            openedToRead = open
            return open.pool
        }
    }

    /// Opens the file on a thread that may block.
    private static func open(_ file: HistoryFile) async -> Result<HistoryFile.Open, HistoryError> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Result { () throws(HistoryError) in try file.open() })
            }
        }
    }

    func withDatabase<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(HistoryError) -> Value {
        do {
            return try await body()
        } catch {
            throw trouble(error)
        }
    }

    /// Converts an error. Sets a damaged file aside if the program keeps the history.
    private func trouble(_ error: any Error) -> HistoryError {
        let failure = file.failure(error)
        guard failure.kind == .damaged, file.access == .keeps else { return failure }
        let damaged = opened?.identity ?? file.identity
        forgetFile()
        return file.setAside(damaged, at: now())
    }

    /// Closes the file after the running calls. The next call opens it again.
    package func close() async {
        let pools = [opened?.pool, openedToRead?.pool].compactMap(\.self)
        guard !pools.isEmpty else { return }
        forgetFile()
        // Waits for the connections that are in use.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                for pool in pools {
                    // The writer closes last: only the last connection moves the log into the file, and a reader cannot.
                    pool.releaseMemory()
                    try? pool.close()
                }
                continuation.resume()
            }
        }
    }

    private func forgetFile() {
        (opened, openedToRead) = (nil, nil)
        memory = WriterMemory()
    }
}

extension Duration {
    var timeInterval: TimeInterval { self / .seconds(1) }
}
