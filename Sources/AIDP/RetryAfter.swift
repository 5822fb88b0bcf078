import Foundation
import HTTP

/// Reads the `Retry-After` header: seconds, or an HTTP date.
enum RetryAfter {
    /// The pauses that are accepted: from one second to a quarter of an hour.
    static let bounds: ClosedRange<Duration> = .seconds(1) ... .seconds(15 * 60)

    /// The pause asked for, within bounds; `nil` when the header cannot be read.
    ///
    /// - Parameter now: the service's own clock where it gave one, so that a wrong clock here does not matter.
    static func pause(_ header: String, now: Date) -> Duration? {
        let text = header.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy(\.isDigit) {
            // A number too large for an Int means the longest pause.
            return clamped(Int(text).map { .seconds(min($0, 86_400)) } ?? bounds.upperBound)
        }
        return HTTPDate.date(text).map { clamped(.seconds(min(max(0, $0.timeIntervalSince(now)), 86_400))) }
    }

    private static func clamped(_ pause: Duration) -> Duration {
        min(max(pause, bounds.lowerBound), bounds.upperBound)
    }
}
