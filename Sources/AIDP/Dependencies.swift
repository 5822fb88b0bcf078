import Foundation

/// What the client depends on besides the network: the time, sleep and random numbers.
public struct Dependencies: Sendable {
    /// The wall clock, for signatures and dates.
    public var now: @Sendable () -> Date
    /// A monotonic clock, for budgets: the time since some fixed moment.
    public var uptime: @Sendable () -> Duration
    /// Waits, and throws only when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// Random bits, for request ids and jitter.
    public var randomBits: @Sendable () -> UInt64

    public init(
        now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void, randomBits: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
        self.randomBits = randomBits
    }

    /// The system's clocks and random numbers.
    public static var live: Dependencies {
        let start = ContinuousClock.now
        return Dependencies(
            now: { Date() },
            uptime: { start.duration(to: .now) },
            sleep: { try await Task.sleep(for: $0) },
            randomBits: { UInt64.random(in: .min ... .max) })
    }

    /// A number in 0..<1.
    var randomFraction: Double { Double(randomBits() >> 11) * 0x1p-53 }

    /// An `opc-request-id` as the official clients make it: 32 upper-case hexadecimal digits.
    var newRequestID: String {
        [randomBits(), randomBits()].map { bits in
            let digits = String(bits, radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
