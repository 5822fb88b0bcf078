import History
import Polling
import Runs

/// Writes what the poller reports to the history, a transaction a cycle.
///
/// It takes events without waiting, and works on no thread that the screen needs. One write is under way at a time; what
/// comes meanwhile is written together. What could not be written is tried again with the next cycle.
actor HistoryRecorder {
    private let store: any HistoryStore
    private let report: @Sendable (HistoryError?) async -> Void
    private nonisolated let sink: AsyncStream<PollEvent>.Continuation
    private var events: AsyncStream<PollEvent>?
    private var pending: PendingCycle
    private var writing: Task<Void, Never>?
    /// Whether a cycle ended while another one was written.
    private var isDue = false
    private var lastFailure: HistoryError?

    /// - Parameter report: gets the error when writing begins to fail or fails for another reason, and `nil` when it works
    ///   again.
    init(store: any HistoryStore, place: Place, report: @escaping @Sendable (HistoryError?) async -> Void) {
        (self.store, self.report, pending) = (store, report, PendingCycle(place: place))
        let (events, sink) = AsyncStream<PollEvent>.makeStream()
        (self.events, self.sink) = (events, sink)
    }

    /// Takes an event of the poller; it returns at once.
    nonisolated func note(_ event: PollEvent) { sink.yield(event) }

    /// Works until ``finish()``.
    func run() async {
        guard let events else { return }
        self.events = nil
        for await event in events {
            pending.add(event)
            guard case .cycleEnded = event else { continue }
            if writing == nil { startWriting() } else { isDue = true }
        }
        // The last cycle, though it may not be whole.
        await writing?.value
        startWriting()
        await writing?.value
    }

    /// Ends ``run()`` once what has been noted is written.
    nonisolated func finish() { sink.finish() }

    private func startWriting() {
        guard let cycle = pending.take() else { return }
        writing = Task { await write(cycle) }
    }

    private func write(_ cycle: SeenCycle) async {
        var failure: HistoryError?
        do throws(HistoryError) {
            try await store.record(cycle)
        } catch {
            failure = error
            pending.putBack(cycle)
        }
        writing = nil
        if failure != lastFailure {
            lastFailure = failure
            await report(failure)
        }
        guard isDue, failure == nil else { return }
        isDue = false
        startWriting()
    }
}
