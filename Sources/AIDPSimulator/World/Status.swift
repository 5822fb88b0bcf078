/// The fifteen statuses of the reference page, with their names in the API.
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

    /// Whether this status is final (Oracle's own sample lists these nine).
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

    /// The status of a job whose upstream has this outcome; `nil` when the job can run.
    var consequence: Status? {
        switch self {
        case .failed, .timedOut, .internalError, .upstreamFailed: .upstreamFailed
        case .canceled, .upstreamCanceled: .upstreamCanceled
        default: nil
        }
    }
}
