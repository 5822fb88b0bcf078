import Foundation

/// Why a log cannot be written: a sentence for the operator, and what to do.
package struct LogFailure: Error, Sendable, Equatable {
    package let problem: String
    package let advice: String

    init(_ problem: String, advice: String) {
        self.problem = problem
        self.advice = advice
    }

    /// The system's description of the last error.
    static var lastReason: String { String(cString: strerror(errno)) }
}
