import Runs

/// When the next cycle begins: the interval, and what makes it longer.
///
/// - A 429 doubles the interval in effect, to sixteen times and a quarter of an hour at most; each good cycle takes half an
///   interval off again. The moment the service names is waited for.
/// - A cycle in which nothing was answered opens the circuit breaker: a probe, one request, at every interval; the first
///   answer closes it.
/// - Credentials that are not accepted: one try a minute. Where they cannot even sign, as with a session token that has
///   ended, looking again costs the service nothing, and is done at every interval, or after 15 s where that is longer:
///   whoever has just renewed the token is waiting.
struct Pace: Sendable, Equatable {
    static let longestRateLimit: Duration = .seconds(15 * 60)
    static let shortestRateLimit: Duration = .seconds(1)
    static let credentialsProbe: Duration = .seconds(60)
    /// How long it takes at most to notice that one can sign again.
    static let longestBlindness: Duration = .seconds(15)
    /// However hard the refresh key is pressed.
    static let quickestCredentialsProbe: Duration = .seconds(10)
    static let jitter = 0.9...1.1

    /// What a cycle came to, as far as the next one depends on it.
    enum Result: Sendable, Equatable {
        case good
        case rateLimited
        case nothingAnswered
        case credentialsRefused
        /// Nothing could be signed, so nothing was sent.
        case cannotSign
    }

    var interval: Duration
    private(set) var trouble: BackoffReason?
    /// The interval in effect over the interval set.
    private var slowdown = 1.0
    /// No request before this: the service named it, or one second after a 429 that named nothing.
    private(set) var rateLimitedUntil: Duration = .zero
    private var last: Cycle?

    private struct Cycle: Equatable {
        let began: Duration
        let ended: Duration
        let result: Result

        /// How long the next try waits where who we are is in doubt.
        func patience(_ sent: Duration, interval: Duration) -> Duration {
            result == .cannotSign ? interval : sent
        }
    }

    init(interval: Duration) { self.interval = interval }

    /// The interval in effect.
    var effective: Duration { min(max(Self.longestRateLimit, interval), interval * slowdown) }

    /// A 429; `wait` is how long the service asked for, if it said.
    mutating func rateLimited(for wait: Duration?, at now: Duration) {
        let asked = (wait ?? .zero).clamped(to: Self.shortestRateLimit...Self.longestRateLimit)
        rateLimitedUntil = max(rateLimitedUntil, now + asked)
    }

    mutating func cycle(from began: Duration, to ended: Duration, was result: Result) {
        last = Cycle(began: began, ended: ended, result: result)
        switch result {
        case .good:
            slowdown = max(1, slowdown - 0.5)
            trouble = nil
        case .rateLimited:
            slowdown = min(16, slowdown * 2)
            trouble = .rateLimited
        case .nothingAnswered:
            var before = 0
            if case .breakerOpen(let cycles) = trouble { before = cycles }
            trouble = .breakerOpen(cycles: before + 1)
        case .credentialsRefused, .cannotSign:
            trouble = .credentials
        }
    }

    /// When the next cycle begins by itself. Cycles keep their beat from beginning to beginning; a backoff counts from
    /// the end of what failed.
    func nextCycle(random: (ClosedRange<Double>) -> Double) -> Duration {
        guard let last else { return .zero }
        let jitter = random(Self.jitter).clamped(to: Self.jitter)
        let next =
            switch trouble {
            case nil: max(last.began + effective * jitter, last.ended + min(.seconds(1), interval / 2))
            case .rateLimited, .breakerOpen: last.ended + effective * jitter
            case .credentials:
                last.ended
                    + last.patience(
                        max(Self.credentialsProbe, interval), interval: min(interval, Self.longestBlindness))
                    * (1 + abs(jitter - 1))
            }
        return max(next, rateLimitedUntil)
    }

    /// The earliest that an operator's wish can begin a cycle.
    func earliest(at now: Duration) -> Duration {
        var earliest = max(now, rateLimitedUntil)
        if trouble == .credentials, let last {
            earliest = max(earliest, last.ended + last.patience(Self.quickestCredentialsProbe, interval: .zero))
        }
        return earliest
    }

    /// Whether the circuit breaker is open.
    var isBreakerOpen: Bool { if case .breakerOpen = trouble { true } else { false } }
}
