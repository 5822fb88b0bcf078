import Runs

/// One request of the plan: one call, and the pages that follow it.
enum PollRequest: Sendable, Hashable {
    /// `GET …/jobs`, all pages.
    case jobs
    /// `GET …/recentJobRuns` for one chunk.
    case runs(of: [JobID])
    /// `GET …/taskRuns`, all pages.
    case tasks(of: RunID)
}

/// What an answer cost.
struct RequestCost: Sendable, Equatable {
    /// Calls made, each page its own.
    var requests = 1
    /// Attempts of all of them together.
    var attempts = 1

    /// Attempts beyond the first of each call.
    var retries: Int { max(0, attempts - requests) }
}
