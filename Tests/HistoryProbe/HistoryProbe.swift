import Foundation
import Glibc
import History
import Runs

/// A program that writes cycles until it is killed: `HistoryProbe FILE`.
///
/// It first prints the number of cycles in the file, then that of each committed cycle. It ends with a message if the
/// file cannot be opened or has a partial cycle. `HistoryProbe FILE measure RUNS` measures instead, and
/// `HistoryProbe FILE read INSTANCE WORKSPACE` reads a place as the dashboard does, tries to write, and reads again.
@main
struct HistoryProbe {
    static func main() async {
        do {
            let history = SQLiteHistory(
                path: CommandLine.arguments[1], now: { Date(timeIntervalSince1970: 1_777_000_000) })
            if let runs = Self.runsToMeasure {
                return try await Measurement(history: history, runs: runs).run(Self.say)
            }
            if let place = Self.placeToRead { return try await Self.read(place, in: history) }
            var cycle = try await Self.cycles(in: history)
            Self.say("kept \(cycle)")
            while true {
                cycle += 1
                try await history.record(Self.cycle(cycle))
                Self.say("\(cycle)")
            }
        } catch {
            Self.say("failed: \(error)")
            exit(1)
        }
    }

    /// The number after `measure`.
    private static var runsToMeasure: Int? {
        let arguments = CommandLine.arguments.dropFirst(2)
        return arguments.first == "measure" ? arguments.dropFirst().first.flatMap { Int($0) } : nil
    }

    /// The place after `read`.
    private static var placeToRead: Place? {
        let arguments = CommandLine.arguments.dropFirst(2)
        guard arguments.count == 3, arguments.first == "read" else { return nil }
        return Place(instanceID: arguments[3], workspaceKey: arguments[4])
    }

    private static func read(_ place: Place, in history: SQLiteHistory) async throws {
        let board = try await history.board(of: place, newestRuns: 5)
        let recalled = board.reduce(0) { $0 + $1.newest.count }
        say("recalled \(recalled) of \(board.count) jobs, past \(try await pastRuns(of: place, in: history))")
        do throws(HistoryError) {
            try await history.record(SeenCycle(place: place, at: Date(timeIntervalSince1970: 1_777_000_000)))
            say("written")
        } catch {
            say(error.problem)
        }
        say("past \(try await pastRuns(of: place, in: history))")
    }

    private static func pastRuns(of place: Place, in history: SQLiteHistory) async throws -> Int {
        try await history.pastRuns(of: place, jobs: nil, mostRuns: 120).values.reduce(0) { $0 + $1.count }
    }

    private static let place = Place(instanceID: "instance", workspaceKey: "workspace")
    private static let jobs = ["a", "b", "c"]

    /// Each cycle changes the run of the previous cycle and adds one, for each of three jobs.
    private static func cycle(_ number: Int) -> SeenCycle {
        let moment = Date(timeIntervalSince1970: 1_777_000_000 + Double(number))
        let runs = jobs.flatMap { key in
            [number - 1, number].filter { $0 > 0 }.map { index in
                let id = RunID(job: JobID(place: place, key: key), key: "\(index)")
                var run = JobRun(id: id, status: index == number ? .running : .failed)
                run.created = Date(timeIntervalSince1970: 1_777_000_000 + Double(index))
                run.errorTrace =
                    index == number ? nil : String(repeating: "line of cycle \(index)\n", count: index % 200)
                return run
            }
        }
        return SeenCycle(
            place: place, at: moment, jobs: jobs.map { Job(id: JobID(place: place, key: $0), name: $0) },
            answered: Dictionary(uniqueKeysWithValues: jobs.map { ($0, moment) }), runs: runs)
    }

    /// The number of cycles in the file. The last two of every job must be as the last cycle left them.
    private static func cycles(in history: SQLiteHistory) async throws -> Int {
        let board = try await history.board(of: place, newestRuns: 2)
        guard !board.isEmpty else { return 0 }
        let states = Set(
            board.map { job in job.newest.map { "\($0.id.key) \($0.status.wireValue)" }.joined(separator: ", ") })
        let last = board[0].newest.first.flatMap { Int($0.id.key) } ?? 0
        let expected = last > 1 ? "\(last) RUNNING, \(last - 1) FAILED" : "\(last) RUNNING"
        let moments = Set(board.map { Int($0.lastSeen.timeIntervalSince1970) - 1_777_000_000 })
        guard board.count == jobs.count, states == [expected], moments == [last] else {
            throw HistoryError(.damaged, "A part of a cycle is kept: \(states), seen at \(moments).")
        }
        return last
    }

    /// Writes a line immediately, because a killed program cannot write it later.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
