import Runs

/// The calls of the service that the dashboard's data comes from, as lines to paste into a shell, without secrets.
///
/// The program makes them, because the dashboard does not know the service's address.
package struct RESTCalls: Sendable {
    /// Asks for the newest runs of a job.
    let recentRuns: @Sendable (JobID) -> String?
    /// Asks for one run.
    let run: @Sendable (RunID) -> String?

    package init(
        recentRuns: @escaping @Sendable (JobID) -> String?, run: @escaping @Sendable (RunID) -> String?
    ) {
        self.recentRuns = recentRuns
        self.run = run
    }

    /// None: then none can be copied.
    package static let none = RESTCalls(recentRuns: { _ in nil }, run: { _ in nil })
}
