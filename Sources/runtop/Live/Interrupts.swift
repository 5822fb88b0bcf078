@preconcurrency import Dispatch
import Foundation

/// Waits for SIGINT, SIGTERM or SIGHUP.
struct Interrupts: Sendable {
    private let signals: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (signals, sink) = AsyncStream<Int32>.makeStream()
        self.signals = signals
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { sink.yield(number) }
            source.activate()
            return source
        }
    }

    /// Waits for the first of them.
    func first() async {
        _ = await signals.first { _ in true }
        for source in sources { source.cancel() }
    }
}
