import ArgumentParser
import Dashboard
import Foundation
import History
import JSON
import Runs
import Screen

/// `runtop history`: the runs that the dashboard has stored.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The history of runs: path, statistics, import, export, pruning.",
        discussion: """
            The dashboard keeps every run it sees in a file, by default \(HistorySettings.path). To keep nothing: \
            --no-history, or “history: off” in the settings file.
            """,
        subcommands: [Path.self, Stats.self, HistoryImport.self, HistoryExport.self, Prune.self, Journal.self])

    /// `runtop history path`.
    struct Path: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the path of the file, which may not exist yet.")

        @OptionGroup var file: HistoryFileOptions

        func run() async throws {
            try await reportingFailures {
                let path = try file.path(environment: ProcessInfo.processInfo.environment)
                // In a pipe the path is unchanged, for `$(…)`; on a terminal it is safe text.
                let isTerminal = isatty(STDOUT_FILENO) == 1
                try StandardOutput.write((isTerminal ? SafeText(path).plainText : path) + "\n")
            }
        }
    }

    /// `runtop history stats`.
    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints what the file holds: places, jobs, runs, the first and the last moment, its size.")

        enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

        @OptionGroup var file: HistoryFileOptions

        @Option(help: "text or json.")
        var output: Format = .text

        func run() async throws {
            try await reportingFailures {
                let history = try file.reader(environment: ProcessInfo.processInfo.environment)
                let report = HistoryReport(path: history.path, statistics: try await history.statistics())
                switch output {
                case .text: for line in report.lines { try StandardOutput.write(line.plainText + "\n") }
                case .json: try StandardOutput.write(report.json)
                }
            }
        }
    }

    /// `runtop history prune`.
    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes old runs, and prints how many.",
            discussion: "The dashboard does this by itself, by history.retention and history.max-size in the settings.")

        @OptionGroup var file: HistoryFileOptions

        @Option(help: "Removes the runs that were created so long ago: \(Retention.allowed).")
        var olderThan: Retention

        func run() async throws {
            try await reportingFailures {
                let history = try file.editor(environment: ProcessInfo.processInfo.environment)
                let oldest = Date(timeIntervalSinceNow: -(olderThan.duration / .seconds(1)))
                let result = try await history.prune(before: oldest)
                let size = SizeText.of(result.bytesAfter)
                try StandardOutput.write(
                    "Removed \(result.runs) runs and \(result.jobs) jobs. The file has \(size); it had \(SizeText.of(result.bytesBefore)).\n"
                )
            }
        }
    }
}

/// The output of `runtop history stats`.
struct HistoryReport {
    let path: String
    let statistics: HistoryStatistics

    /// The report for people.
    var lines: [SafeText] {
        var lines: [SafeText] = [
            "File    " + SafeText(path), "Size    \(SizeText.of(statistics.bytes))",
            "Runs    \(statistics.runs) of \(statistics.jobs) jobs, \(Self.span(statistics.first, statistics.last))",
            "Traces  \(statistics.traces), compressed \(SizeText.of(statistics.traceBytes))",
        ]
        let rows: [[SafeText]] =
            [["PLACE", "JOBS", "RUNS", "FIRST RUN", "LAST RUN"]]
            + statistics.places.map { place in
                [
                    SafeText(place.name), "\(place.jobs)", "\(place.runs)", Self.moment(place.first),
                    Self.moment(place.last),
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].width }.max() ?? 0 }
        lines.append("")
        for (index, row) in rows.enumerated() {
            let cells = zip(row, widths).map { cell, width in cell + .spaces(width - cell.width) }
            lines.append(cells.dropLast().reduce("" as SafeText) { $0 + $1 + "  " } + (row.last ?? ""))
            guard index > 0 else { continue }
            // It is long, and on a separate line so that it can be copied.
            let place = statistics.places[index - 1].place
            lines.append("  " + SafeText("\(place.instanceID)/\(place.workspaceKey)"))
        }
        return lines
    }

    private static func moment(_ date: Date?) -> SafeText { SafeText(date?.formatted(.iso8601) ?? "-") }

    private static func span(_ first: Date?, _ last: Date?) -> SafeText {
        guard let first, let last else { return "-" }
        return "\(first.formatted(.iso8601)) to \(last.formatted(.iso8601))"
    }

    /// The report for scripts: times in RFC 3339, sizes in bytes.
    var json: String {
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("path", path)
            writer.field("bytes", statistics.bytes)
            writer.field("jobs", Int64(statistics.jobs))
            writer.field("runs", Int64(statistics.runs))
            writer.field("first", statistics.first?.formatted(.iso8601))
            writer.field("last", statistics.last?.formatted(.iso8601))
            writer.field("traces", Int64(statistics.traces))
            writer.field("traceBytes", statistics.traceBytes)
            writer.field("places") { writer in
                writer.array(statistics.places) { writer, place in
                    writer.object { writer in
                        writer.field("name", place.name)
                        writer.field("instanceId", place.place.instanceID)
                        writer.field("workspaceKey", place.place.workspaceKey)
                        writer.field("jobs", Int64(place.jobs))
                        writer.field("runs", Int64(place.runs))
                        writer.field("first", place.first?.formatted(.iso8601))
                        writer.field("last", place.last?.formatted(.iso8601))
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }
}

/// Sizes for people: `12.3 MB`.
enum SizeText {
    static func of(_ bytes: Int64) -> String {
        let units: [(String, Double)] = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
        guard let (name, unit) = units.first(where: { Double(bytes) >= $0.1 }) else { return "\(bytes) bytes" }
        let tenths = Int((Double(bytes) / unit * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(name)"
    }
}
