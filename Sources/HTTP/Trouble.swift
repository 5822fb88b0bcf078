import Foundation

/// Something that a person must mend before runtop can go on: an address, a file, a setting.
///
/// Code that only reports an error throws this. An error that code branches on has a type of its own.
public struct Trouble: Error, Sendable, Equatable {
    /// What is wrong and where, one sentence. It may quote a setting, so it is not yet fit for a screen.
    public var problem: String
    /// What to do about it, one sentence.
    public var advice: String

    public init(_ problem: String, advice: String) {
        self.problem = problem
        self.advice = advice
    }
}

extension Trouble: LocalizedError {
    public var errorDescription: String? { "\(problem) \(advice)" }
    public var recoverySuggestion: String? { advice }
}

extension String {
    /// A setting echoed back in an error, short and between quotes.
    package var quoted: String { "“\(bounded(to: 120))”" }
}
