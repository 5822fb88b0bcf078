import Runs

/// When the next cycle begins: after the interval, or later for one of these reasons.
///
/// - Each 429 doubles the effective interval, up to 16 times the configured one and up to 15 minutes; each good cycle
///   shortens it by half a configured interval. ``PollingPlan`` sends nothing before the time that the service names.
/// - A cycle without any answer opens the circuit breaker: each interval sends one request, the probe, until one is
///   answered.
/// - Refused credentials: one request per minute. If they cannot even sign, as with an expired session token, nothing is
///   sent, and a try follows each interval, at most 15 s later, so that a renewed token is used soon.
struct Pace: Sendable, Equatable {
    static let longestRateLimit: Duration = .seconds(15 * 60)
    static let shortestRateLimit: Duration = .seconds(1)
    static let credentialsProbe: Duration = .seconds(60)
    /// The longest time between two attempts to sign.
    static let longestSigningProbe: Duration = .seconds(15)
    /// The shortest time between two attempts with refused credentials, however often the user presses the refresh key.
    static let quickestCredentialsProbe: Duration = .seconds(10)
    /// The shortest pause between the end of a cycle and the next cycle.
    static let shortestPause: Duration = .seconds(1)
    static let jitter = 0.9...1.1

    /// The result of a cycle, as the pace of the next cycle needs it.
    enum Result: Sendable, Equatable {
        case good
        case rateLimited
        case nothingAnswered
        case credentialsRefused
        /// The credentials could not sign a request, so nothing was sent.
        case cannotSign
    }

    var interval: Duration
    private(set) var trouble: BackoffReason?
    /// The effective interval divided by the configured interval.
    private var slowdown = 1.0
    /// No request is sent before this time: the service named it, or it is one second after a 429 without a time.
    private(set) var rateLimitedUntil: Duration = .zero
    private var last: Cycle?

    private struct Cycle: Equatable {
        let began: Duration
        let ended: Duration
        let result: Result
    }

    init(interval: Duration) { self.interval = interval }

    /// The effective interval.
    var effective: Duration { min(max(Self.longestRateLimit, interval), interval * slowdown) }

    /// Records a 429. `wait` is how long the service asked to wait; `nil` if it did not say.
    mutating func rateLimited(for wait: Duration?, at now: Duration) {
        let asked = (wait ?? .zero).clamped(to: Self.shortestRateLimit...Self.longestRateLimit)
        rateLimitedUntil = max(rateLimitedUntil, now + asked)
        // A 429 between two cycles, for example to a request for tasks, makes the next cycle a probe.
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

    /// When the next cycle begins by itself. An interval counts from the start of the previous cycle, a backoff from its
    /// end.
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
            // The jitter of a backoff only lengthens the pause.
            return last.ended + pause * (1 + abs(jitter - 1))
        }
    }

    /// The earliest time at which a refresh by the operator can begin.
    func earliest(at now: Duration) -> Duration {
        guard trouble == .credentials, let last, last.result != .cannotSign else { return now }
        return max(now, last.ended + Self.quickestCredentialsProbe)
    }

    /// Whether the circuit breaker is open.
    var isBreakerOpen: Bool { if case .breakerOpen = trouble { true } else { false } }
}

/// How many requests a cycle sends in parallel: only as many as it needs to finish in time, estimated from the durations of
/// the answers so far. So one connection usually carries them all; only a slow service gets parallel requests.
struct Tempo: Sendable, Equatable {
    /// The longest time the cycle should take; `nil` for as fast as possible.
    let target: Duration?
    private var underWay = 0
    private var done = 0
    /// The sum of the time that each request has been in flight.
    private var busy: Duration = .zero
    /// The time up to which `busy` is counted.
    private var counted: Duration

    init(target: Duration?, began: Duration) {
        self.target = target
        counted = began
    }

    mutating func began(at now: Duration) {
        count(to: now)
        underWay += 1
    }

    mutating func ended(at now: Duration) {
        count(to: now)
        underWay -= 1
        done += 1
    }

    /// When another request may start in parallel, while `waiting` requests are left: once the waiting requests would take
    /// longer than the target, if each took as long as the average so far.
    func opening(waiting: Int) -> Duration {
        guard let target, underWay > 0, waiting > 0 else { return counted }
        let tolerated = target * (underWay * max(done, 1)) / (waiting + underWay)
        return counted + max(.zero, tolerated - busy) / underWay
    }

    private mutating func count(to now: Duration) {
        busy += max(.zero, now - counted) * underWay
        counted = max(counted, now)
    }
}

/// The request budget, a token bucket: tokens are added at a steady rate, up to a burst; each request consumes one.
///
/// In any window, at most `burst + rate × window` requests start. Retries and further pages consume their tokens after the
/// answer: the number of tokens may become negative, and later requests wait.
struct TokenBucket: Sendable, Equatable {
    let burst: Double
    let perSecond: Double
    private var tokens: Double
    private var counted: Duration = .zero

    /// The largest rounding error: a token that is short by this much counts as a whole token.
    private static let epsilon = 1e-6

    init(burst: Int, perMinute: Int) {
        self.burst = Double(burst)
        perSecond = Double(perMinute) / 60
        tokens = Double(burst)
    }

    /// How many requests can start now.
    func available(at now: Duration) -> Int {
        max(0, Int((level(at: now) + Self.epsilon).rounded(.down)))
    }

    /// Consumes tokens. Their number may become negative.
    mutating func consume(_ count: Int, at now: Duration) {
        tokens = level(at: now) - Double(count)
        counted = max(counted, now)
    }

    /// When the next request can start.
    func nextToken(at now: Duration) -> Duration {
        let missing = 1 - level(at: now)
        return missing <= Self.epsilon ? now : now + .seconds(missing / perSecond)
    }

    private func level(at now: Duration) -> Double {
        min(burst, tokens + max(now - counted, .zero) / .seconds(1) * perSecond)
    }
}
