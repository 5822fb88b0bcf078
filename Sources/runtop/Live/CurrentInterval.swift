import Synchronization

/// The refresh interval, which the operator can change while the dashboard runs.
final class CurrentInterval: Sendable {
    private let state: Mutex<Duration>

    init(_ duration: Duration) { state = Mutex(duration) }

    var duration: Duration {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
