import Foundation

/// How current a job's rows are.
package enum Freshness: Hashable, Sendable {
    /// Not asked for yet.
    case never
    /// Not asked for yet: the row shows what the history last saw of the job, then.
    case remembered(at: Date)
    /// The service answered then.
    case fresh(at: Date)
    /// The service answered then, and has failed to since.
    case stale(since: Date, reason: String)
    /// Asked for, and never answered.
    case unavailable(reason: String)

    /// When the service last answered, in this session or before it.
    package var lastAnswer: Date? {
        switch self {
        case .fresh(let at), .remembered(let at): at
        case .stale(let since, _): since
        case .never, .unavailable: nil
        }
    }

    /// Whether nobody has asked for it yet.
    package var isNotAsked: Bool {
        switch self {
        case .never, .remembered: true
        case .fresh, .stale, .unavailable: false
        }
    }

    /// Whether what the row shows came with the newest attempt, or no attempt has been made and it shows nothing.
    package var isCurrent: Bool {
        switch self {
        case .never, .fresh: true
        case .remembered, .stale, .unavailable: false
        }
    }

    /// Why the newest attempt failed, if it did.
    package var reason: String? {
        switch self {
        case .stale(_, let reason), .unavailable(let reason): reason
        case .never, .remembered, .fresh: nil
        }
    }

    /// The state after a failed attempt: what was there stays, with its own age.
    package func failed(_ reason: String) -> Freshness {
        lastAnswer.map { .stale(since: $0, reason: reason) } ?? .unavailable(reason: reason)
    }
}

/// Why a request for jobs, runs or tasks failed, in the words of a screen.
///
/// It may quote the service, so it is made safe where it is shown.
package struct RequestFailure: Hashable, Sendable {
    /// What failed and why, one sentence: `recentJobRuns: 401 NotAuthenticated: The required information…`.
    package var summary: String
    /// The same for a line with room for a few words: `401 NotAuthenticated`.
    package var short: String
    /// What the operator can do, a sentence or two; empty when there is nothing to do but wait.
    package var advice: String
    /// The id under which the service knows the request, for a ticket.
    package var opcRequestID: String?

    package init(summary: String, short: String? = nil, advice: String = "", opcRequestID: String? = nil) {
        self.summary = summary
        self.short = short ?? summary
        self.advice = advice
        self.opcRequestID = opcRequestID
    }
}
