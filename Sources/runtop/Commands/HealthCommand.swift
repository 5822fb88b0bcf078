import ArgumentParser
import Foundation
import History
import Runs
import Screen

/// The output format of `runtop health`.
enum HealthFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// `runtop health`: the health of the jobs according to the history, without calling the service.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "The jobs to check first, from the history alone.",
        discussion: """
            Judges each job by its runs in the history: broken, slow, stuck, missed, flapping, each with its reason. Nothing is \
            asked of the service. Jobs come in the order in which they should be looked at.

            Without --at the jobs are judged as of the last answer that the history holds. With it they are judged as they \
            would have been then: a run created by then and not ended by then is active, and waits until its start time.

            The exit status is 0; 64 for a wrong argument; 65 when the history is damaged or another program's; 66 when there \
            is none, or no such --job; 74 when it cannot be read or the output cannot be written; 75 when it is locked.
            """)

    @Option(help: "The key or the name of a job, can be repeated; default all jobs.")
    var job: [String] = []

    @Option(help: "Judge as of this time: \(PointInTime.allowed).", transform: PointInTime.option("--at"))
    var at: PointInTime?

    @Option(help: "table, or json: an array with an object for each job.")
    var output: HealthFormat = .table

    @OptionGroup var file: HistoryFileOptions

    func run() async throws {
        try await reportingFailures {
            let store = try file.reader(environment: ProcessInfo.processInfo.environment)
            let entries = try await HealthReader(store: store, jobs: job, at: at?.date).entries(now: Date())
            await store.close()
            if entries.isEmpty, !job.isEmpty {
                throw CommandFailure(
                    .noInput, "The history has no job with the key or the name \(job.joined(separator: ", ")).",
                    advice: "runtop health without --job lists all that it has.")
            }
            let printer = HealthPrinter(format: output, write: StandardOutput.write)
            try printer.print(entries)
        }
    }
}

/// A job with the time at which its health is judged, and the name of its place.
struct JudgedEntry {
    let entry: JobEntry
    let place: String
    let moment: Date
}

/// Reads only what is needed to judge jobs.
struct HealthReader {
    let store: any HistoryStore
    /// The keys or names of the jobs; empty for all.
    let jobs: [String]
    let at: Date?

    /// The judged jobs of all places. In each place, the most urgent jobs come first.
    func entries(now: Date) async throws(HistoryError) -> [JudgedEntry] {
        var judged: [JudgedEntry] = []
        for (place, name) in try await store.places() {
            judged += try await entries(of: place, name: name.isEmpty ? place.workspaceKey : name, now: now)
        }
        return judged
    }

    private func entries(of place: Place, name: String, now: Date) async throws(HistoryError) -> [JudgedEntry] {
        let moment: Date
        var known: [Job]
        if let at {
            moment = at
            known = try await store.jobs(of: place)
        } else {
            // What happened after the last answer is unknown, so jobs are judged at the time of that answer.
            let remembered = try await store.board(of: place, newestRuns: 0)
            moment = min(now, remembered.map(\.lastSeen).max() ?? now)
            known = remembered.map(\.job)
        }
        if !jobs.isEmpty { known = known.filter { job in jobs.contains(where: job.isMeant) } }
        var runs: [JobID: [PastRun]] = [:]
        for (most, group) in Dictionary(grouping: known, by: JobHistory.mostRuns) {
            let keys = group.map(\.id.key)
            let found = try await store.pastRuns(of: place, jobs: keys, mostRuns: most, createdBy: moment)
            runs.merge(found) { $1 }
        }
        let entries = known.map { JobEntry(job: $0, history: JobHistory(runs[$0.id] ?? []), at: moment) }
        return JobOrder(.risk).sorted(entries, at: moment).map {
            JudgedEntry(entry: $0, place: name, moment: moment)
        }
    }
}

extension Job {
    /// Whether a `--job` selects it: by its key, or by its name in any case.
    func isMeant(by text: String) -> Bool {
        text == id.key || text.caseInsensitiveCompare(name ?? "") == .orderedSame
    }
}
