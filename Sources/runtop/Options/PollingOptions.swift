import AIDP
import ArgumentParser
import Dashboard
import Polling
import Runs

extension RecentJobRunsRequest.SortBy: ExpressibleByArgument {}
extension SortOrder: ExpressibleByArgument {}
extension Theme.Name: ExpressibleByArgument {}

extension PollingInterval: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
    package var defaultValueDescription: String { description }
}

/// The jobs to request, and the parameters of the operation.
struct PollingOptions: ParsableArguments {
    @Option(
        name: .customLong("job-key"),
        help: "A job's key; can be repeated (default: all jobs of the workspace).")
    var jobKeys: [String] = []

    @Option(help: "Only jobs whose name contains this.")
    var jobName: String?

    @Option(help: "Runs per job, 1 to 10 (recordCount; default 5).")
    var recordCount: Int?

    @Option(
        help:
            "Items per page, 1 to 25 (limit; default 25). A request asks for as many jobs as fit one page."
    )
    var limit: Int?

    @Option(help: "The order of the runs: timeCreated, displayName or status.")
    var sortBy: RecentJobRunsRequest.SortBy = .timeCreated

    @Option(help: "ASC or DESC (default DESC; ASC with --sort-by displayName).")
    var sortOrder: SortOrder?

    func validate() throws {
        try check(recordCount, "--record-count", in: PollingSettings.recordCounts)
        try check(limit, "--limit", in: PollingSettings.limits)
        guard jobKeys.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("--job-key is empty.") }
        guard jobKeys.isEmpty || jobName == nil else {
            throw ValidationError(
                "--job-name narrows the workspace's list of jobs; it cannot be combined with --job-key.")
        }
    }

    private func check(_ value: Int?, _ flag: String, in range: ClosedRange<Int>) throws {
        guard let value, !range.contains(value) else { return }
        throw ValidationError("\(flag) is \(value), and may be \(range.lowerBound) to \(range.upperBound).")
    }

    /// The poller's settings.
    func polling(interval: PollingInterval, settings: SettingsFile) -> PollingSettings {
        PollingSettings(
            scope: jobKeys.isEmpty
                ? .workspace(nameContains: jobName.flatMap { $0.isEmpty ? nil : $0 })
                : .keys(jobKeys),
            interval: interval, recordCount: recordCount ?? settings.recordCount ?? 5,
            limit: limit ?? settings.limit ?? 25, sortBy: sortBy,
            sortOrder: sortOrder ?? (sortBy == .displayName ? .ascending : .descending))
    }
}

/// The appearance of the dashboard, and its refresh interval.
struct DisplayOptions: ParsableArguments {
    @Option(help: "Refresh interval, 2s to 1h (default 15s; 5s in the demo).")
    var interval: PollingInterval?

    @Option(
        help: "dark, light, high-contrast, color-blind or mono (default dark; mono with NO_COLOR)."
    )
    var theme: Theme.Name?

    @Option(help: "The settings file (default ~/.config/runtop/config.yaml, if there is one).")
    var settings: String?
}
