import Runs

/// When the next cycle begins: the interval, and what makes it longer.
///
/// - A 429 doubles the interval in effect, to sixteen times and a quarter of an hour at most; each good cycle takes half an
///   interval off again. Nothing is sent before the moment the service names: ``PollingPlan`` holds every request to it.
/// - A cycle in which nothing was answered opens the circuit breaker: a probe, one request, at every interval; the first
///   answer closes it.
/// - Credentials that are not accepted: one try a minute. When they cannot even sign, as with a session token that has
///   ended, a try costs the service nothing: there is one every interval, and at least every 15 s, because whoever has
///   just renewed the token is waiting.
struct Pace: Sendable, Equatable {
    static let longestRateLimit: Duration = .seconds(15 * 60)
    static let shortestRateLimit: Duration = .seconds(1)
    static let credentialsProbe: Duration = .seconds(60)
    /// The longest time between two tries to sign.
    static let longestSigningProbe: Duration = .seconds(15)
    /// The shortest time between two tries with refused credentials, however often the refresh key is pressed.
    static let quickestCredentialsProbe: Duration = .seconds(10)
    /// Between the end of a cycle and the next one, however long the cycle took.
    static let shortestPause: Duration = .seconds(1)
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
    }

    init(interval: Duration) { self.interval = interval }

    /// The interval in effect.
    var effective: Duration { min(max(Self.longestRateLimit, interval), interval * slowdown) }

    /// A 429; `wait` is how long the service asked for, if it said.
    mutating func rateLimited(for wait: Duration?, at now: Duration) {
        let asked = (wait ?? .zero).clamped(to: Self.shortestRateLimit...Self.longestRateLimit)
        rateLimitedUntil = max(rateLimitedUntil, now + asked)
        // Between two cycles, as from a request for tasks, it makes the next cycle a probe.
        if trouble == nil { trouble = .rateLimited }
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
        switch trouble {
        case nil: return max(last.began + effective * jitter, last.ended + Self.shortestPause)
        case .rateLimited, .breakerOpen: return last.ended + effective * jitter
        case .credentials:
            let pause =
                last.result == .cannotSign
                ? min(interval, Self.longestSigningProbe) : max(Self.credentialsProbe, interval)
            // Never sooner than that: the jitter only adds.
            return last.ended + pause * (1 + abs(jitter - 1))
        }
    }

    /// The earliest that an operator's wish can begin a cycle.
    func earliest(at now: Duration) -> Duration {
        guard trouble == .credentials, let last, last.result != .cannotSign else { return now }
        return max(now, last.ended + Self.quickestCredentialsProbe)
    }

    /// Whether the circuit breaker is open.
    var isBreakerOpen: Bool { if case .breakerOpen = trouble { true } else { false } }
}
