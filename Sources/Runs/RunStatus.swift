/// The status of a run: one of the fifteen documented values, or any other value from the service.
///
/// Oracle's own sample defines which of them are final; SKIPPED, EXCLUDED and BLOCKED mean the same as in the same
/// enumeration elsewhere in OCI.
package enum RunStatus: Hashable, Sendable {
    case pending
    case queued
    case running
    /// Skipped because an earlier run of the job was still active.
    case skipped
    case internalError
    /// Waits for an upstream run.
    case blocked
    case success
    case failed
    case canceling
    case canceled
    case upstreamCanceled
    case upstreamFailed
    /// The conditions to run were not met.
    case excluded
    case timedOut
    case pausedMaintenance
    /// A value that the reference does not list, unchanged. It never counts as a success.
    case unknown(String)
    /// The service sent no status.
    case missing

    /// The fifteen documented values, in the order of the reference page.
    package static let documented: [RunStatus] = [
        .pending, .queued, .running, .skipped, .internalError, .blocked, .success, .failed, .canceling, .canceled,
        .upstreamCanceled, .upstreamFailed, .excluded, .timedOut, .pausedMaintenance,
    ]

    private static let byWireValue = Dictionary(uniqueKeysWithValues: documented.map { ($0.wireValue, $0) })

    /// Reads the API's value; `nil` for a run without a status.
    package init(wireValue: String?) {
        guard let wireValue, !wireValue.isEmpty else {
            self = .missing
            return
        }
        self = Self.byWireValue[wireValue] ?? .unknown(wireValue)
    }

    /// The API's value; empty if there is none.
    package var wireValue: String {
        switch self {
        case .pending: "PENDING"
        case .queued: "QUEUED"
        case .running: "RUNNING"
        case .skipped: "SKIPPED"
        case .internalError: "INTERNAL_ERROR"
        case .blocked: "BLOCKED"
        case .success: "SUCCESS"
        case .failed: "FAILED"
        case .canceling: "CANCELING"
        case .canceled: "CANCELED"
        case .upstreamCanceled: "UPSTREAM_CANCELED"
        case .upstreamFailed: "UPSTREAM_FAILED"
        case .excluded: "EXCLUDED"
        case .timedOut: "TIMED_OUT"
        case .pausedMaintenance: "PAUSED_MAINTENANCE"
        case .unknown(let value): value
        case .missing: ""
        }
    }

    /// What a status means for the job.
    package enum Meaning: Sendable {
        /// Unfinished: it may still change.
        case active
        case succeeded
        case failed
        /// Finished, but it does not show whether the job works: canceled, skipped, excluded.
        case inconclusive
        /// The meaning is unknown.
        case unknown
    }

    package var meaning: Meaning {
        switch self {
        case .pending, .queued, .running, .blocked, .canceling, .pausedMaintenance: .active
        case .success: .succeeded
        case .failed, .internalError, .timedOut, .upstreamFailed: .failed
        case .canceled, .upstreamCanceled, .skipped, .excluded: .inconclusive
        case .unknown, .missing: .unknown
        }
    }

    /// Whether the run may still change.
    package var isActive: Bool { meaning == .active }
    /// Whether the run failed, by itself or because an upstream run failed.
    package var isFailure: Bool { meaning == .failed }
    /// Whether the run is active but waits.
    package var isWaiting: Bool {
        switch self {
        case .pending, .queued, .blocked, .pausedMaintenance: true
        default: false
        }
    }

    /// The sort order by status: the most urgent first.
    package var severity: Int {
        switch self {
        case .failed: 0
        case .internalError: 1
        case .timedOut: 2
        case .upstreamFailed: 3
        case .unknown: 4
        case .missing: 5
        case .blocked: 6
        case .pausedMaintenance: 7
        case .canceling: 8
        case .running: 9
        case .queued: 10
        case .pending: 11
        case .canceled: 12
        case .upstreamCanceled: 13
        case .skipped: 14
        case .excluded: 15
        case .success: 16
        }
    }
}
