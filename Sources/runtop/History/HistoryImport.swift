import AIDP
import ArgumentParser
import Dashboard
import Foundation
import History
import Polling
import Runs
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
            let jobLines = try jobs.map { try LineReader(path: $0, environment: environment) }
            let runLines = try runs.map { try LineReader(path: $0, environment: environment) }
            let choice = try await PlaceChoice.of(history, settings: file.settings, environment: environment)
            let importer = Importer(chosen: try choice.forImport(place), jobs: jobLines, runs: runLines)
            try await history.record(each: importer.next)
            await history.close()
            try StandardOutput.write(importer.summary.plainText + "\n")
            for line in importer.complaints { StandardError.write(line) }
            if importer.isIncomplete { throw ExitCode(ExitStatus.dataError.rawValue) }
        }
    }
}

/// Reads lines for the history, some thousand per transaction, and counts them.
final class Importer {
    let chosen: PlaceChoice.Chosen
    private let jobLines: LineReader?
    private let runLines: LineReader?
    private var progress = Progress(verb: "Imported", noun: "runs", isShown: isatty(STDERR_FILENO) == 1)
    private var areJobsRead = false
    private var isOver = false
    private var runs = 0
    private var jobs = 0
    private var badLines = 0
    private var firstBadLine: SafeText?
    private var flaws = 0
    private var firstFlaw: SafeText?

    /// The number of runs per transaction.
    private static let batch = 2_000

    init(chosen: PlaceChoice.Chosen, jobs: LineReader?, runs: LineReader?) {
        (self.chosen, jobLines, runLines) = (chosen, jobs, runs)
    }

    /// The contents of the next transaction: first the jobs, then the runs; `nil` at the end of the lines.
    func next() throws -> SeenCycle? {
        var cycle = SeenCycle(place: chosen.place, at: Date(), placeName: chosen.name, isImported: true)
        if let jobLines, !areJobsRead {
            areJobsRead = true
            cycle.jobs = try nextJobs(of: jobLines)
            return cycle
        }
        guard let runLines, !isOver else { return nil }
        cycle.runs = try nextRuns(of: runLines)
        isOver = cycle.runs.count < Self.batch
        progress.show(runs, part: runLines.part)
        if isOver { progress.end() }
        return cycle
    }

    private func nextJobs(of lines: LineReader) throws -> [Job] {
        var found: [Job] = []
        while let line = try lines.next() {
            if let job = job(of: line) { found.append(job) }
        }
        jobs += found.count
        return found
    }

    /// The runs of one transaction; fewer than a batch only at the end of the lines.
    private func nextRuns(of lines: LineReader) throws -> [JobRun] {
        var batch: [JobRun] = []
        while batch.count < Self.batch, let line = try lines.next() {
            if let run = run(of: line) { batch.append(run) }
        }
        runs += batch.count
        return batch
    }

    /// The job in a line; `nil` if the line is invalid, which is counted.
    private func job(of line: LineReader.Line) -> Job? {
        do throws(ItemLineFailure) {
            let decoded = try JobSummary.decode(line: line.bytes)
            note(decoded.flaws, in: line)
            return Job(decoded.item, in: chosen.place)
        } catch {
            noteBad(line, error.reason)
            return nil
        }
    }

    /// The run in a line; `nil` if the line is invalid, which is counted.
    private func run(of line: LineReader.Line) -> JobRun? {
        do throws(ItemLineFailure) {
            let decoded = try JobRunSummary.decode(line: line.bytes)
            guard let run = JobRun(decoded.item, in: chosen.place, onlyJob: nil) else {
                throw ItemLineFailure(reason: "has no “jobKey”")
            }
            note(decoded.flaws, in: line)
            return run
        } catch {
            noteBad(line, error.reason)
            return nil
        }
    }

    private func note(_ flaws: [String], in line: LineReader.Line) {
        self.flaws += flaws.count
        if firstFlaw == nil, let first = flaws.first { firstFlaw = "\(line.source), line \(line.number): \(first)" }
    }

    private func noteBad(_ line: LineReader.Line, _ reason: String) {
        badLines += 1
        if firstBadLine == nil { firstBadLine = "\(line.source), line \(line.number): it \(reason)" }
    }

    var isIncomplete: Bool { badLines > 0 }

    var summary: SafeText {
        var what: [SafeText] = []
        if runs > 0 || jobs == 0 { what.append("\(runs) runs") }
        if jobs > 0 { what.append("\(jobs) jobs") }
        let parts = [chosen.place.instanceID, chosen.place.workspaceKey].filter { !$0.isEmpty }
        let place = chosen.name ?? parts.joined(separator: "/")
        return "Imported \(what.joined(separator: " and ")) of \(place)."
    }

    /// Messages about lines that could not be used.
    var complaints: [SafeText] {
        var lines: [SafeText] = []
        if let firstBadLine {
            lines.append("runtop: \(badLines) \(badLines == 1 ? "line" : "lines") could not be used. \(firstBadLine).")
        }
        if let firstFlaw {
            lines.append("runtop: \(flaws) \(flaws == 1 ? "field" : "fields") could not be read. \(firstFlaw).")
        }
        return lines
    }
}
