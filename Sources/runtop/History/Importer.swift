import AIDP
import Foundation
import History
import Polling
import Runs
import Screen

/// Reads lines for the history, some thousand per transaction, and counts them.
final class Importer {
    let chosen: PlaceChoice.Chosen
    private let jobLines: LineReader?
    private let runLines: LineReader?
    private var progress = Progress(verb: "Imported", noun: "runs", isShown: isatty(STDERR_FILENO) == 1)
    private var areJobsRead = false
    private var isOver = false
    private let stop: ImportStop
    /// The contents of the current transaction.
    private var current: SeenCycle?
    private var repeatsCurrent = false
    private var writtenCycles = 0
    /// The runs in the transactions that were written.
    private var recorded = RecordedRuns()
    private var writtenJobs = 0
    private var readRuns = 0
    private var badLines = 0
    private var firstBadLine: SafeText?
    private var flaws = 0
    private var firstFlaw: SafeText?

    /// The number of runs per transaction.
    private static let batch = 2_000

    init(chosen: PlaceChoice.Chosen, jobs: LineReader?, runs: LineReader?, stop: ImportStop) {
        (self.chosen, jobLines, runLines, self.stop) = (chosen, jobs, runs, stop)
    }

    /// The contents of the next transaction; `nil` at the end of the lines.
    ///
    /// - Throws: ``ImportStop/Interrupted`` after a signal; ``CommandFailure`` if the lines cannot be read.
    func next() throws -> SeenCycle? {
        do {
            try stop.check()
            if !repeatsCurrent { current = try nextCycle() }
            repeatsCurrent = false
            if current == nil { progress.end() }
            return current
        } catch {
            progress.end()
            throw error
        }
    }

    /// Counts the contents of the current transaction, which was written.
    func noteWritten(_ runs: RecordedRuns) {
        writtenCycles += 1
        recorded += runs
        writtenJobs += current?.jobs?.count ?? 0
        progress.show(readRuns, part: runLines?.part)
        stop.setMessage(interruptedMessage)
    }

    /// Begins again, because a new history has replaced the damaged one.
    ///
    /// - Throws: ``CommandFailure`` if lines that were written to the damaged history cannot be read again.
    func restart() throws {
        guard writtenCycles > 0 else {
            repeatsCurrent = current != nil
            return
        }
        for lines in [jobLines, runLines] { try lines?.rewind() }
        (current, areJobsRead, isOver, writtenCycles) = (nil, false, false, 0)
        (recorded, writtenJobs, readRuns) = (RecordedRuns(), 0, 0)
        (badLines, firstBadLine, flaws, firstFlaw) = (0, nil, 0, nil)
        stop.setMessage(interruptedMessage)
    }

    /// First the jobs, then the runs.
    private func nextCycle() throws -> SeenCycle? {
        var cycle = SeenCycle(place: chosen.place, at: Date(), placeName: chosen.name, isImported: true)
        if let jobLines, !areJobsRead {
            areJobsRead = true
            cycle.jobs = try nextJobs(of: jobLines)
            return cycle
        }
        guard let runLines, !isOver else { return nil }
        cycle.runs = try nextRuns(of: runLines)
        isOver = cycle.runs.count < Self.batch
        return cycle
    }

    private func nextJobs(of lines: LineReader) throws -> [Job] {
        var found: [Job] = []
        while let line = try lines.next() {
            if let job = job(of: line) { found.append(job) }
        }
        return found
    }

    /// The runs of one transaction; fewer than a batch only at the end of the lines.
    private func nextRuns(of lines: LineReader) throws -> [JobRun] {
        var batch: [JobRun] = []
        while batch.count < Self.batch, let line = try lines.next() {
            if let run = run(of: line) { batch.append(run) }
        }
        readRuns += batch.count
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
        if readRuns > 0 || writtenJobs == 0 { what.append("\(recorded.new) new \(recorded.new == 1 ? "run" : "runs")") }
        if writtenJobs > 0 { what.append("\(writtenJobs) \(writtenJobs == 1 ? "job" : "jobs")") }
        var others: [SafeText] = []
        if recorded.changed > 0 {
            others.append("\(recorded.changed) \(recorded.changed == 1 ? "was" : "were") updated")
        }
        if recorded.known > 0 {
            others.append("\(recorded.known) \(recorded.known == 1 ? "was" : "were") known already")
        }
        let rest: SafeText = others.isEmpty ? "." : "; \(others.joined(separator: " and "))."
        return "Imported \(what.joined(separator: " and ")) of \(placeName)" + rest
    }

    private var placeName: SafeText {
        let parts = [chosen.place.instanceID, chosen.place.workspaceKey].filter { !$0.isEmpty }
        return SafeText(chosen.name ?? parts.joined(separator: "/"))
    }

    /// The message after an interruption.
    private var interruptedMessage: SafeText {
        guard writtenCycles > 0 else { return ImportStop.nothingKept }
        let runs = recorded.new + recorded.changed + recorded.known
        return
            "runtop: Interrupted after \(runs) \(runs == 1 ? "run" : "runs") of \(placeName), which are kept; the same command adds the rest."
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
