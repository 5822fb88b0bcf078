import Foundation
import Synchronization

@testable import AIDP

/// Time that passes only when somebody sleeps, and chance that is always the same.
final class TestTime: Sendable {
    private let state: Mutex<(passed: Duration, sleeps: [Duration])> = .init((.zero, []))
    let start: Date
    private let bits: UInt64

    /// - Parameter bits: what chance gives, every time; all bits set makes every pause the longest.
    init(start: Date = Date(timeIntervalSince1970: 1_777_639_000), bits: UInt64 = .max) {
        self.start = start
        self.bits = bits
    }

    /// The pauses so far.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func pass(_ duration: Duration) {
        state.withLock { $0.passed += duration }
    }

    var dependencies: Dependencies {
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
