import Foundation

/// How current a job's rows are.
package enum Freshness: Hashable, Sendable {
    /// Not asked for yet.
    case never
    /// The service answered then.
    case fresh(at: Date)
    /// The service answered then, and has failed to since.
    case stale(since: Date, reason: String)
    /// Asked for, and never answered.
    case unavailable(reason: String)

    /// When the service last answered.
    package var lastAnswer: Date? {
        switch self {
        case .fresh(let at): at
        case .stale(let since, _): since
        case .never, .unavailable: nil
        }
    }

    /// Why the newest attempt failed, if it did.
    package var reason: String? {
        switch self {
        case .stale(_, let reason), .unavailable(let reason): reason
        case .never, .fresh: nil
        }
    }

    /// The state after a failed attempt: what was there stays, with its own age.
    package func failed(_ reason: String) -> Freshness {
        lastAnswer.map { .stale(since: $0, reason: reason) } ?? .unavailable(reason: reason)
    }
}
