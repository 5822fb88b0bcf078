import Foundation

/// A log that cannot be written, for the operator.
public struct LogFailure: Error, Sendable, Equatable {
    public let problem: String
    public let advice: String

    init(_ problem: String, advice: String) {
        self.problem = problem
        self.advice = advice
    }

    /// The system's words for what just went wrong.
    static var lastReason: String { String(cString: strerror(errno)) }
}
