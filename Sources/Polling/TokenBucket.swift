/// The request budget: tokens that drip in at a steady pace, up to a burst; a request takes one.
///
/// In any window no more than `burst + pace × window` requests begin. A retry or a second page is not known before the
/// answer and is taken afterwards: the bucket goes into debt, and later requests wait until the debt is paid.
struct TokenBucket: Sendable, Equatable {
    let burst: Double
    let perSecond: Double
    private var tokens: Double
    private var counted: Duration = .zero

    /// A rounding error less than this is a whole token.
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

    /// Takes tokens, into debt if need be.
    mutating func take(_ count: Int, at now: Duration) {
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
