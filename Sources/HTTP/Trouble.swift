import Foundation

/// An error that the user must fix before runtop can continue: an address, a file, a setting.
///
/// Code that only reports an error throws this. An error that code switches on has its own type.
public struct Trouble: Error, Sendable, Equatable {
    /// What is wrong and where, in one sentence. It may quote a setting: sanitize it before you show it.
    public var problem: String
    /// What to do, in one sentence.
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
    /// A setting as an error quotes it: shortened, in quotation marks.
    package var quoted: String { "“\(bounded(to: 120))”" }
}

extension StringProtocol {
    /// The text, limited to `count` Unicode scalars, with an ellipsis if it was cut.
    ///
    /// It counts scalars because a `Character` may contain any number of combining marks.
    package func bounded(to count: Int) -> String {
        guard
            let end = unicodeScalars.index(
                unicodeScalars.startIndex, offsetBy: count, limitedBy: unicodeScalars.endIndex),
            end != unicodeScalars.endIndex
        else { return String(self) }
        return String(self[..<end]) + "…"
    }

    /// The text on one line: each sequence of white space becomes one space.
    package var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
