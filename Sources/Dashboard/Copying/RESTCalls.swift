import Runs

/// The service calls for the dashboard's data, as shell commands without secrets.
///
/// The program creates them, because the dashboard does not know the service's address.
package struct RESTCalls: Sendable {
    /// Requests the newest runs of a job.
    let recentRuns: @Sendable (JobID) -> String?
    /// Requests one run.
    let run: @Sendable (RunID) -> String?

    package init(
        recentRuns: @escaping @Sendable (JobID) -> String?, run: @escaping @Sendable (RunID) -> String?
    ) {
        self.recentRuns = recentRuns
        self.run = run
    }

    /// Has no calls, so none can be copied.
    package static let none = RESTCalls(recentRuns: { _ in nil }, run: { _ in nil })
}
