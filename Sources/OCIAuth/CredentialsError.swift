/// Why we cannot say who we are: what is wrong, where, and what to do about it.
public struct CredentialsError: Error, Sendable, Equatable {
    /// What is wrong and where, one sentence.
    public var problem: String
    /// What to do about it, one sentence.
    public var advice: String

    public init(_ problem: String, advice: String) {
        self.problem = problem
        self.advice = advice
    }
}
