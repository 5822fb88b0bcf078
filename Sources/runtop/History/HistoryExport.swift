import AIDP
import ArgumentParser
import Foundation
import History
import JSON
import OCIAuth
import Runs
import Screen
import Synchronization

/// `runtop history export`: the history as JSON lines.
struct HistoryExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints the runs as JSON lines, which “runtop history import” takes.",
        discussion: """
            Each line is a run with the API's own fields (JobRunSummary), safe to print; job by job, oldest first. With \
            --jobs, the jobs with their schedules (JobSummary) are written to a new file; with --jobs -, they are printed \
            in place of the runs. Without --place it is the only place that the history has, else the workspace of the \
            environment or the settings file.
            """)

    @Option(help: "Whose runs: a place's name, a workspace's key, or INSTANCE/WORKSPACE.")
    var place: String?

    @Option(help: "Only the runs of the job with this key or name.")
    var job: String?

    @Option(
        help: "Only the runs created since this time: \(PointInTime.allowed).",
        transform: PointInTime.option("--since"))
    var since: PointInTime?

    @Option(help: "A new file for the jobs and their schedules; - for standard output, in place of the runs.")
    var jobs: String?

    @OptionGroup var file: HistoryFileOptions

    func run() async throws {
        try await reportingFailures {
            let environment = ProcessInfo.processInfo.environment
            let history = try file.reader(environment: environment)
            let choice = try await PlaceChoice.of(history, settings: file.settings, environment: environment)
            let place = try choice.forExport(place)
            let chosen = try chosenJobs(try await history.jobs(of: place))
            if let jobs { try exportJobs(chosen, to: jobs, environment) }
            if jobs != "-" { try await exportRuns(of: place, jobs: job == nil ? nil : chosen, from: history) }
            await history.close()
        }
    }

    /// The jobs that `--job` selects; all jobs without it. Several jobs can have the same name.
    private func chosenJobs(_ jobs: [Job]) throws(CommandFailure) -> [Job] {
        guard let job else { return jobs }
        let chosen = jobs.filter { $0.isMeant(by: job) }
        guard !chosen.isEmpty else {
            throw CommandFailure(.noInput, "The history has no job “\(job)”.", advice: "Check --job and --place.")
        }
        return chosen
    }

    private func exportJobs(_ jobs: [Job], to path: String, _ environment: [String: String]) throws {
        var writer = JSONLines()
        for job in jobs { writer.append(job) }
        guard path != "-" else { return try StandardOutput.write(writer.data) }
        let expanded = Environment(environment).expandingTilde(path)
        do throws(NewFile.Failure) {
            try NewFile.write(writer.data, path: expanded)
        } catch {
            throw CommandFailure(.ioError, "The file \(expanded) cannot be written: \(error.reason).")
        }
    }

    /// - Parameter jobs: `nil` for all runs of the place.
    private func exportRuns(of place: Place, jobs: [Job]?, from history: SQLiteHistory) async throws {
        let isShown = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) != 1
        let total = isShown ? try await history.statistics().places.first { $0.place == place }?.runs : nil
        let state = Mutex((progress: Progress(verb: "Exported", noun: "runs", isShown: isShown), count: 0))
        let isWhole = jobs == nil && since == nil
        for key in jobs.map({ $0.map { Optional($0.id.key) } }) ?? [nil] {
            let selection = RunSelection(place: place, job: key, since: since?.date)
            _ = try await history.forEachRun(of: selection) { runs in
                var writer = JSONLines()
                for run in runs { writer.append(run) }
                try StandardOutput.write(writer.data)
                state.withLock { state in
                    state.count += runs.count
                    let part = isWhole ? total.map { Double(state.count) / Double(max($0, 1)) } : nil
                    state.progress.show(state.count, part: part)
                }
            }
        }
        state.withLock { $0.progress.end() }
    }
}

/// Lines of JSON with the API's own fields.
struct JSONLines {
    private(set) var data = Data()

    /// Adds a run as a `JobRunSummary`.
    mutating func append(_ run: JobRun) {
        append { writer in
            writer.field("key", run.id.key)
            writer.field("jobKey", run.job.key)
            writer.field("jobName", run.jobName)
            writer.field("name", run.name)
            writer.field("createdBy", run.createdBy)
            writer.field("createdByName", run.createdByName)
            writer.field("runAs", run.runAs)
            writer.field("launched", run.launch?.wireValue)
            writer.field("startTime", Self.milliseconds(run.started))
            writer.field("endTime", Self.milliseconds(run.ended))
            writer.field(
                "executionDuration", run.executionDuration.map { Int64(($0 / .milliseconds(1)).rounded()) })
            writer.field("timeCreated", run.created.map(RFC3339.text))
            writer.field("timeUpdated", run.updated.map(RFC3339.text))
            writer.field("state") { writer in
                writer.object { writer in
                    writer.field("status", run.status == .missing ? nil : run.status.wireValue)
                    writer.field("stateMessage", run.stateMessage)
                    writer.field("errorTrace", run.errorTrace)
                    if let flag = run.isUserCanceledOrTimedOut { writer.field("isUserCanceledOrTimedOut", flag) }
                }
            }
        }
    }

    /// Adds a job as a `JobSummary`.
    mutating func append(_ job: Job) {
        append { writer in
            writer.field("key", job.id.key)
            writer.field("name", job.name)
            writer.field("path", job.path)
            guard let schedule = job.schedule else { return }
            writer.field("schedule") { writer in
                writer.object { writer in
                    writer.field("quartzCronExpression", schedule.quartzCronExpression)
                    writer.field("timezoneId", schedule.timeZoneID)
                    writer.field("pauseStatus", schedule.isPaused ? "PAUSED" : "UNPAUSED")
                }
            }
        }
    }

    private mutating func append(_ fields: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object(fields)
        data += writer.bytes
        data.append(UInt8(ascii: "\n"))
    }

    private static func milliseconds(_ date: Date?) -> Int64? {
        date.flatMap { Int64(exactly: ($0.timeIntervalSince1970 * 1_000).rounded()) }
    }
}
