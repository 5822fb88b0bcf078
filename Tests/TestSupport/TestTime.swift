import Foundation
import HTTP
import Synchronization

/// Time that passes only when somebody sleeps, and chance that is always the same.
package final class TestTime: Sendable {
    private let state: Mutex<(passed: Duration, sleeps: [Duration])> = .init((.zero, []))
    package let start: Date
    private let bits: UInt64

    /// - Parameter bits: what chance gives, every time; all bits set makes every pause the longest.
    package init(start: Date = Date(timeIntervalSince1970: 1_777_639_000), bits: UInt64 = .max) {
        self.start = start
        self.bits = bits
    }

    /// The pauses so far.
    package var sleeps: [Duration] { state.withLock { $0.sleeps } }

    package func pass(_ duration: Duration) {
        state.withLock { $0.passed += duration }
    }

    package var dependencies: Dependencies {
        Dependencies(
            now: { [self] in start.addingTimeInterval(state.withLock { $0.passed } / .seconds(1)) },
            uptime: { [self] in state.withLock { $0.passed } },
            sleep: { [self] pause in
                try Task.checkCancellation()
                state.withLock {
                    $0.passed += pause
                    $0.sleeps.append(pause)
                }
            },
            randomBits: { [bits] in bits })
    }
}
