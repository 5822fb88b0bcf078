import Runs

/// When the next cycle begins: the interval, and what makes it longer.
///
/// - A 429 doubles the interval in effect, up to sixteen times the interval set, and up to 15 minutes; each good cycle
///   shortens it by half an interval again. Nothing is sent before the moment the service names: ``PollingPlan`` holds every request to it.
/// - A cycle in which nothing was answered opens the circuit breaker: a probe, one request, at every interval; the first
///   answer closes it.
/// - Credentials that are not accepted: one try a minute. When they cannot even sign, as with an expired session token, a
///   try sends nothing: there is one every interval, and at least every 15 s, so that a renewed token is used soon.
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

    /// The outcome of a cycle, as far as the next one depends on it.
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

    /// When the next cycle begins by itself. An interval counts from the beginning of the cycle before, a backoff from
    /// its end.
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

    /// The earliest moment at which a cycle that the operator asks for can begin.
    func earliest(at now: Duration) -> Duration {
        guard trouble == .credentials, let last, last.result != .cannotSign else { return now }
        return max(now, last.ended + Self.quickestCredentialsProbe)
    }

    /// Whether the circuit breaker is open.
    var isBreakerOpen: Bool { if case .breakerOpen = trouble { true } else { false } }
}

/// How many requests a cycle has under way at once: no more than it needs to end in time, judged by how long the answers
/// have taken so far. So usually one connection serves them all, and only a slow service is asked in parallel.
struct Tempo: Sendable, Equatable {
    /// The time the cycle should take at most; `nil` for as little as possible.
    let target: Duration?
    private var underWay = 0
    private var done = 0
    /// The time that requests have been under way, each counted for itself.
    private var busy: Duration = .zero
    /// Up to when that is counted.
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

    /// When another request may start beside those under way, while `waiting` requests are left: as soon as these would
    /// take longer than the target, if each took as long as the others so far.
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

/// The request budget, a token bucket: tokens are added at a steady pace, up to a burst; a request consumes one.
///
/// In any window no more than `burst + pace × window` requests begin. Retries and further pages are not known before the
/// answer, so their tokens are consumed after it: the bucket may owe tokens, and later requests wait until it has repaid.
struct TokenBucket: Sendable, Equatable {
    let burst: Double
    let perSecond: Double
    private var tokens: Double
    private var counted: Duration = .zero

    /// The largest rounding error: with so much less than a token, there is still a token.
    private static let epsilon = 1e-6

    init(burst: Int, perMinute: Int) {
        self.burst = Double(burst)
        perSecond = Double(perMinute) / 60
        tokens = Double(burst)
    }

    /// How many requests could begin now.
    func available(at now: Duration) -> Int {
        max(0, Int((level(at: now) + Self.epsilon).rounded(.down)))
    }

    /// Consumes tokens, more than there are if need be.
    mutating func consume(_ count: Int, at now: Duration) {
        tokens = level(at: now) - Double(count)
        counted = max(counted, now)
    }

    /// When the next request can begin: now, if there is a token.
    func nextToken(at now: Duration) -> Duration {
        let missing = 1 - level(at: now)
        return missing <= Self.epsilon ? now : now + .seconds(missing / perSecond)
    }

    private func level(at now: Duration) -> Double {
        min(burst, tokens + max(now - counted, .zero) / .seconds(1) * perSecond)
    }
}
