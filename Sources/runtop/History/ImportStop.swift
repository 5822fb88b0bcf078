import Foundation
import Glibc
import Screen
import Synchronization

/// Stops an import after SIGINT, SIGTERM or SIGHUP, between two transactions.
///
/// The importer checks it before each transaction and before each read. While the importer waits for input, no transaction
/// is open, and the program ends at once.
final class ImportStop: Sendable {
    /// Thrown by the importer after a signal.
    struct Interrupted: Error {
        let signal: Int32
    }

    private struct State {
        var signal: Int32?
        var isReading = false
        var message = ImportStop.nothingKept
    }

    private let state = Mutex(State())
    private let endProgram: @Sendable (SafeText, Int32) -> Void

    /// The message if no transaction was written.
    static let nothingKept: SafeText =
        "runtop: Interrupted before anything was written; the same command starts again."

    /// - Parameter endProgram: prints the message and exits with the status.
    init(
        endProgram: @escaping @Sendable (SafeText, Int32) -> Void = { message, status in
            Progress.clear()
            StandardError.write(message)
            _exit(status)
        }
    ) {
        self.endProgram = endProgram
    }

    /// What was kept so far, and what to do.
    var message: SafeText { state.withLock { $0.message } }

    func setMessage(_ message: SafeText) { state.withLock { $0.message = message } }

    /// Ends the import as soon as no transaction is open.
    func request(_ signal: Int32) {
        state.withLock { state in
            state.signal = state.signal ?? signal
            if state.isReading { endProgram(state.message, 128 + signal) }
        }
    }

    func check() throws(Interrupted) {
        if let signal = state.withLock({ $0.signal }) { throw Interrupted(signal: signal) }
    }

    /// Called before a read, which may wait.
    func beginReading() throws(Interrupted) {
        let signal = state.withLock { state in
            state.isReading = state.signal == nil
            return state.signal
        }
        if let signal { throw Interrupted(signal: signal) }
    }

    func endReading() { state.withLock { $0.isReading = false } }
}
