import ArgumentParser
import Dashboard
import Foundation
import History
import Screen

/// `runtop history import`: reads JSON lines into the history.
struct HistoryImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Adds runs from JSON lines, as “runtop runs --output jsonl” prints them.",
        discussion: """
            Each line is a run (JobRunSummary); with --jobs, each line of the other file is a job with its schedule \
            (JobSummary). A run that the history has already is replaced only by a later state of it.

            The runs belong to --place: the name of a place that the history has, a workspace's key, or \
            INSTANCE/WORKSPACE; any other name makes a new place. Without --place it is the workspace of the environment \
            or the settings file, else the only place that the history has, else a new one named “imported”.

            A line that cannot be used is left out; the first is named with its number, and the exit status is 65.

            A damaged history is set aside, and the runs go to a new one. ^C ends the import between two transactions: what \
            was written stays, and the same command adds the rest.
            """)

    @Argument(help: "The file with the runs; - for standard input. May be left out with --jobs.")
    var runs: String?

    @Option(help: "Whose runs they are.")
    var place: String?

    @Option(help: "A file with the jobs and their schedules, or -.")
    var jobs: String?

    @OptionGroup var file: HistoryFileOptions

    func validate() throws {
        guard runs != nil || jobs != nil else {
            throw ValidationError("Name a file to import, or - for standard input.")
        }
        guard runs != "-" || jobs != "-" else { throw ValidationError("Only one of the two can be standard input.") }
    }

    func run() async throws {
        try await reportingFailures {
            let environment = ProcessInfo.processInfo.environment
            let history = SQLiteHistory(
                path: try file.path(environment: environment), failureCause: { failureCause(of: $0) })
            // A missing file is reported before anything is written.
            let stop = ImportStop()
            let jobLines = try jobs.map { try LineReader(path: $0, environment: environment, stop: stop) }
            let runLines = try runs.map { try LineReader(path: $0, environment: environment, stop: stop) }
            let choice = try await againIfReplaced {
                try await PlaceChoice.of(history, settings: file.settings, environment: environment)
            }
            let importer = Importer(chosen: try choice.forImport(place), jobs: jobLines, runs: runLines, stop: stop)
            let interrupts = Interrupts { stop.request($0) }
            do {
                try await againIfReplaced(beforehand: importer.restart) {
                    try await history.record(each: importer.next, written: importer.noteWritten)
                }
            } catch let interrupted as ImportStop.Interrupted {
                await history.close()
                StandardError.write(stop.message)
                throw ExitCode(128 + interrupted.signal)
            }
            interrupts.end()
            await history.close()
            try StandardOutput.write(importer.summary.plainText + "\n")
            for line in importer.complaints { StandardError.write(line) }
            if importer.isIncomplete { throw ExitCode(ExitStatus.dataError.rawValue) }
        }
    }
    /// Runs the body. If it finds the history damaged, says so, and runs it again with the new history.
    ///
    /// - Parameter beforehand: called before the body runs again.
    private func againIfReplaced<Value>(
        beforehand: () throws -> Void = {}, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as HistoryError where error.kind == .replaced {
            StandardError.write("runtop: \(error.problem)")
            try beforehand()
            return try await body()
        }
    }
}
