import Foundation

/// The time, the sleep function and the random numbers that a client uses. Tests replace them.
package struct Dependencies: Sendable {
    /// The wall clock, for signatures and dates.
    package var now: @Sendable () -> Date
    /// A monotonic clock, for budgets: the time since a fixed moment.
    package var uptime: @Sendable () -> Duration
    /// Sleeps. Throws only if the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// Random bits, for request ids and jitter.
    package var randomBits: @Sendable () -> UInt64

    package init(
        now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void, randomBits: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
        self.randomBits = randomBits
    }

    /// The system's clocks and random numbers.
    package static var live: Dependencies {
        let start = ContinuousClock.now
        return Dependencies(
            now: { Date() },
            uptime: { start.duration(to: .now) },
            sleep: { try await Task.sleep(for: $0) },
            randomBits: { UInt64.random(in: .min ... .max) })
    }

    /// A random number in 0..<1.
    package var randomFraction: Double { Double(randomBits() >> 11) * 0x1p-53 }

    /// An `opc-request-id` as the official clients create it: 32 upper-case hexadecimal digits.
    package var newRequestID: String {
        [randomBits(), randomBits()].map { bits in
            let digits = String(bits, radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
