import Foundation

/// An endpoint that cannot be used: what is wrong with it, and what to do. Nothing was sent.
public struct EndpointError: Error, Sendable, Equatable {
    /// What is wrong, one sentence. It may quote a setting, so it is not yet fit for a screen.
    public var problem: String
    /// What to do about it, one sentence.
    public var advice: String

    init(_ problem: String, advice: String = "Give it as https://host, with a port where needed.") {
        self.problem = problem
        self.advice = advice
    }
}

extension EndpointError: LocalizedError {
    public var errorDescription: String? { "\(problem) \(advice)" }
    public var recoverySuggestion: String? { advice }
}

extension String {
    /// A setting echoed back in an error, short and between quotes.
    var quoted: String { "“\(bounded(to: 120))”" }
}
