/// The fifteen statuses of the reference page, as the wire spells them.
enum Status: String, Sendable, CaseIterable {
    case pending = "PENDING"
    case queued = "QUEUED"
    case running = "RUNNING"
    case skipped = "SKIPPED"
    case internalError = "INTERNAL_ERROR"
    case blocked = "BLOCKED"
    case success = "SUCCESS"
    case failed = "FAILED"
    case canceling = "CANCELING"
    case canceled = "CANCELED"
    case upstreamCanceled = "UPSTREAM_CANCELED"
    case upstreamFailed = "UPSTREAM_FAILED"
    case excluded = "EXCLUDED"
    case timedOut = "TIMED_OUT"
    case pausedMaintenance = "PAUSED_MAINTENANCE"

    /// Whether a run in this status will change no more (Oracle's own sample lists these nine).
    var isTerminal: Bool {
        switch self {
        case .pending, .queued, .running, .blocked, .canceling, .pausedMaintenance: false
        case .success, .failed, .canceled, .upstreamCanceled, .upstreamFailed, .excluded, .timedOut, .skipped,
            .internalError:
            true
        }
    }

    /// The twelve values that `status=` of `GET …/jobRuns` and `…/taskRuns` takes; the other three are not documented.
    static let filterable: [Status] = allCases.filter {
        $0 != .canceling && $0 != .timedOut && $0 != .pausedMaintenance
    }

    /// What a job that waits for one with this outcome becomes; `nil` when it may go ahead.
    var consequence: Status? {
        switch self {
        case .failed, .timedOut, .internalError, .upstreamFailed: .upstreamFailed
        case .canceled, .upstreamCanceled: .upstreamCanceled
        default: nil
        }
    }
}
