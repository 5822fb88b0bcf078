/// Whether a failed attempt is retried, and after how long a pause. A pure value.
///
/// The defaults are for a caller that asks again soon anyway: few attempts, all within the budget of the call.
public struct RetryPolicy: Sendable, Equatable {
    /// Attempts of one call, the first included.
    public var maximumAttempts: Int
    /// The longest pause before the second attempt; it doubles for each one after.
    public var firstPause: Duration
    /// The longest pause of all, unless the service asks for more.
    public var longestPause: Duration
    /// The longest pause a service may ask for and still be retried within the call; nil for any within the budget.
    ///
    /// A caller that plans its own requests sets it: a longer pause then comes back at once, as ``ServiceError/retryAt``.
    public var longestRetryAfter: Duration?

    public init(
        maximumAttempts: Int = 3, firstPause: Duration = .milliseconds(500), longestPause: Duration = .seconds(8),
        longestRetryAfter: Duration? = nil
    ) {
        self.maximumAttempts = maximumAttempts
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.longestRetryAfter = longestRetryAfter
    }

    /// What to do after an attempt.
    enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case giveUp
    }

    /// Decides after the given attempt.
    ///
    /// - Parameters:
    ///   - error: why it failed.
    ///   - retryAfter: the pause the service asked for, already within bounds.
    ///   - attempt: its number, from 1.
    ///   - remaining: what is left of the call's budget; the pause must end before it does.
    ///   - fraction: a random number in 0..<1. Full jitter: the pause is anything from nothing to the longest, so that
    ///     clients that failed together do not retry together.
    func decision(
        after error: ServiceError, retryAfter: Duration?, attempt: Int, remaining: Duration, fraction: Double
    ) -> Decision {
        guard error.isRetryable, attempt < maximumAttempts else { return .giveUp }
        if let retryAfter, let longestRetryAfter, retryAfter > longestRetryAfter { return .giveUp }
        let jitter = longestPause(after: attempt) * fraction
        // What the service asks for is the least; the jitter comes on top.
        let pause = retryAfter.map { $0 + min(jitter, firstPause) } ?? jitter
        return pause < remaining ? .retry(after: pause) : .giveUp
    }

    private func longestPause(after attempt: Int) -> Duration {
        let doublings = min(max(0, attempt - 1), 20)
        return min(firstPause * (1 << doublings), longestPause)
    }
}
