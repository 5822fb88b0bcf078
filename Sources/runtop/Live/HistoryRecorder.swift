import History
import Polling
import Runs

/// Writes the poller's events to the history, one transaction per cycle.
///
/// It accepts events without waiting, and does not use the main thread. Only one write runs at a time; events that
/// arrive meanwhile are written together. A failed write is retried with the next cycle.
actor HistoryRecorder {
    private let store: any HistoryStore
    private let report: @Sendable (HistoryError?) async -> Void
    private nonisolated let sink: AsyncStream<PollEvent>.Continuation
    private var events: AsyncStream<PollEvent>?
    private var pending: PendingCycle
    private var writing: Task<Void, Never>?
    /// Whether a cycle ended while another one was being written.
    private var isDue = false
    private var lastFailure: HistoryError?

    /// - Parameter report: receives the error when writing starts to fail or fails for another reason, and `nil` when
    ///   it works again.
    init(store: any HistoryStore, place: Place, report: @escaping @Sendable (HistoryError?) async -> Void) {
        (self.store, self.report, pending) = (store, report, PendingCycle(place: place))
        let (events, sink) = AsyncStream<PollEvent>.makeStream()
        (self.events, self.sink) = (events, sink)
    }

    /// Accepts an event of the poller. Returns at once.
    nonisolated func note(_ event: PollEvent) { sink.yield(event) }

    /// Runs until ``finish()``.
    func run() async {
        guard let events else { return }
        self.events = nil
        for await event in events {
            pending.add(event)
            guard case .cycleEnded = event else { continue }
            if writing == nil { startWriting() } else { isDue = true }
        }
        // Writes the last cycle, even if it is incomplete.
        await writing?.value
        startWriting()
        await writing?.value
    }

    /// Ends ``run()`` when all accepted events are written.
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
