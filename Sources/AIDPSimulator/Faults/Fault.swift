/// Something that goes wrong on purpose, so that an operator can see what a client does then.
public struct Fault: Sendable, Equatable {
    public enum Effect: Sendable, Equatable {
        /// An HTTP status with the API's error body; 429 may name the seconds of `Retry-After`.
        case status(Int, retryAfter: Int? = nil)
        /// The right answer, so much later.
        case slow(Duration)
        /// Half the answer's bytes, then the connection is closed.
        case drop
        /// An answer that is whole by HTTP but not JSON.
        case malformed
        /// The first half of the right JSON, whole by HTTP.
        case half
        /// A gateway's HTML page with status 200.
        case html
        /// 401, as for a session token past its time.
        case expiredToken
        /// 401, as for a signature by a key the service does not know.
        case wrongKey
        /// No answer at all, for ten minutes at most.
        case hang
        /// The service's clock is this far ahead: its `Date` says so, and beyond five minutes it refuses signatures.
        case skew(Duration)
    }

    public var effect: Effect
    /// The share of requests it strikes, above 0 and up to 1.
    public var probability: Double
    /// The operation it strikes; `nil` for all.
    public var operation: Operation?

    public init(_ effect: Effect, probability: Double = 1, operation: Operation? = nil) {
        self.effect = effect
        self.probability = probability
        self.operation = operation
    }
}
