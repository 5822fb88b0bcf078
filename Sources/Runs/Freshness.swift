import Foundation

/// How current a job's rows are.
package enum Freshness: Hashable, Sendable {
    /// Not requested yet.
    case never
    /// Not requested yet: the row shows what the history saw last, at that time.
    case remembered(at: Date)
    /// The service answered at that time.
    case fresh(at: Date)
    /// The service answered at `since`; later requests failed.
    case stale(since: Date, reason: String)
    /// Every request failed.
    case unavailable(reason: String)

    /// When the service last answered, in this session or an earlier one.
    package var lastAnswer: Date? {
        switch self {
        case .fresh(let at), .remembered(let at): at
        case .stale(let since, _): since
        case .never, .unavailable: nil
        }
    }

    /// Whether the job has not been requested yet.
    package var isNotAsked: Bool {
        switch self {
        case .never, .remembered: true
        case .fresh, .stale, .unavailable: false
        }
    }

    /// Whether the row shows the newest answer, or nothing because the job was not requested yet.
    package var isCurrent: Bool {
        switch self {
        case .never, .fresh: true
        case .remembered, .stale, .unavailable: false
        }
    }

    /// Why the last request failed; `nil` if it did not.
    package var reason: String? {
        switch self {
        case .stale(_, let reason), .unavailable(let reason): reason
        case .never, .remembered, .fresh: nil
        }
    }

    /// The state after a failed request: the last answer stays, with its own age.
    package func failed(_ reason: String) -> Freshness {
        lastAnswer.map { .stale(since: $0, reason: reason) } ?? .unavailable(reason: reason)
    }
}

/// Why a request for jobs, runs or tasks failed, in words for the screen.
///
/// It may quote the service, so the screen makes it safe before showing it.
package struct RequestFailure: Hashable, Sendable {
    /// What failed and why, in one sentence: `recentJobRuns: 401 NotAuthenticated: The required information…`.
    package var summary: String
    /// The same in a few words: `401 NotAuthenticated`.
    package var short: String
    /// What the operator can do, in one or two sentences; empty if waiting is all.
    package var advice: String
    /// The service's id of the request, for a ticket.
    package var opcRequestID: String?

    package init(summary: String, short: String? = nil, advice: String = "", opcRequestID: String? = nil) {
        self.summary = summary
        self.short = short ?? summary
        self.advice = advice
        self.opcRequestID = opcRequestID
    }
}
