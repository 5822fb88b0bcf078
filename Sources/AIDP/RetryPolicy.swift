/// Decides whether a failed attempt is retried, and after which pause.
///
/// The defaults suit a caller that polls: few attempts, all within the budget of the call.
public struct RetryPolicy: Sendable, Equatable {
    /// The maximum number of attempts of one call, including the first.
    public var maximumAttempts: Int
    /// The maximum pause before the second attempt. It doubles for each further attempt.
    public var firstPause: Duration
    /// The maximum pause before any attempt, unless the service requests a longer one.
    public var longestPause: Duration
    /// The longest `Retry-After` that is retried within the call. If `nil`, only the budget limits it.
    ///
    /// A longer pause ends the call at once with ``ServiceError/retryAt``: for a caller that schedules its requests.
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

    enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case giveUp
    }

    /// Decides what to do after a failed attempt.
    ///
    /// - Parameters:
    ///   - error: the reason of the failure.
    ///   - retryAfter: the requested pause, already limited by `RetryAfter.bounds`.
    ///   - attempt: the number of the failed attempt, from 1.
    ///   - remaining: the rest of the call's budget. The pause must end before the budget does.
    ///   - fraction: a random number in 0..<1 for full jitter: the pause lies between zero and the maximum, so that
    ///     clients that failed at the same time do not retry at the same time.
    func decision(
        after error: ServiceError, retryAfter: Duration?, attempt: Int, remaining: Duration, fraction: Double
    ) -> Decision {
        guard error.isRetryable, attempt < maximumAttempts else { return .giveUp }
        if let retryAfter, let longestRetryAfter, retryAfter > longestRetryAfter { return .giveUp }
        let jitter = longestPause(after: attempt) * fraction
        // The pause is at least as long as the service requests; the jitter is added to it.
        let pause = retryAfter.map { $0 + min(jitter, firstPause) } ?? jitter
        return pause < remaining ? .retry(after: pause) : .giveUp
    }

    private func longestPause(after attempt: Int) -> Duration {
        let doublings = min(max(0, attempt - 1), 20)
        return min(firstPause * (1 << doublings), longestPause)
    }
}
