/// An injected error, so that an operator can see how a client handles it.
public struct Fault: Sendable, Equatable {
    public enum Effect: Sendable, Equatable {
        /// An HTTP status with the API's error body; 429 may have a `Retry-After` in seconds.
        case status(Int, retryAfter: Int? = nil)
        /// The correct answer after a delay.
        case slow(Duration)
        /// Half the answer's bytes, then the connection is closed.
        case drop
        /// A complete HTTP answer whose body is not JSON.
        case malformed
        /// A complete HTTP answer with only the first half of the JSON.
        case half
        /// A gateway's HTML page with status 200.
        case html
        /// 401, as for an expired session token.
        case expiredToken
        /// 401, as for a signature by a key the service does not know.
        case wrongKey
        /// No answer at all, for ten minutes at most.
        case hang
        /// The service's clock is ahead by this much: `Date` shows it, and above five minutes signatures are refused.
        case skew(Duration)
    }

    public var effect: Effect
    /// The share of requests it applies to, above 0 and up to 1.
    public var probability: Double
    /// The operation it applies to; `nil` for all.
    public var operation: Operation?

    public init(_ effect: Effect, probability: Double = 1, operation: Operation? = nil) {
        self.effect = effect
        self.probability = probability
        self.operation = operation
    }
}
