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

extension StringProtocol {
    /// At most `count` Unicode scalars, with an ellipsis where something was cut.
    ///
    /// Scalars, because a single `Character` may carry any number of combining marks.
    package func bounded(to count: Int) -> String {
        guard
            let end = unicodeScalars.index(
                unicodeScalars.startIndex, offsetBy: count, limitedBy: unicodeScalars.endIndex),
            end != unicodeScalars.endIndex
        else { return String(self) }
        return String(self[..<end]) + "…"
    }

    /// The text on one line: every run of white space becomes one space.
    package var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
