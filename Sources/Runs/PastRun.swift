import Foundation

/// A run as far as statistics and strips need it: small, because a board keeps many of each job.
package struct PastRun: Hashable, Sendable, Identifiable {
    /// The run's key in its job.
    package let key: String
    package var status: RunStatus
    package var created: Date?
    package var started: Date?
    /// `nil` while it has not ended.
    package var ended: Date?
    /// How long execution took, as the service counted it.
    package var executionDuration: Duration?
    package var launch: Launch?
    /// The line that names the root cause of a failure, as the service sent it.
    package var cause: String?

    package var id: String { key }

    package init(key: String, status: RunStatus) {
        self.key = key
        self.status = status
    }

    package init(_ run: JobRun, cause: String? = nil) {
        key = run.id.key
        status = run.status
        (created, started, ended) = (run.created, run.started, run.ended)
        executionDuration = run.executionDuration
        launch = run.launch
        self.cause = cause
    }

    /// The moment by which runs are ordered: when it was created, else started, else ended.
    package var moment: Date? { created ?? started ?? ended }
}
