import ArgumentParser
import Foundation
import History
import JSON
import Runs
import Screen

extension HistoryCommand {
    /// `runtop history journal`.
    struct Journal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the journal of actions: time, user, target, outcome.",
            discussion: """
                The newest comes first. “sent, not confirmed” is an action whose outcome is not known: its answer was lost, \
                or runtop ended before it came.
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

        @OptionGroup var file: HistoryFileOptions

        @Option(help: "table or json.")
        var output: Format = .table

        @Option(help: "How many actions, 1 to 10000.")
        var limit = 100

        func validate() throws {
            guard 1...10_000 ~= limit else { throw ValidationError("--limit is \(limit), and may be 1 to 10000.") }
        }

        func run() async throws {
            try await reportingFailures {
                let history = try file.reader(environment: ProcessInfo.processInfo.environment)
                let records = try await history.newestActions(limit)
                switch output {
                case .table: for line in Self.table(records) { try StandardOutput.write(line.plainText + "\n") }
                case .json:
                    var writer = JSONWriter(pretty: true)
                    writer.array(records) { writer, record in ActionReport(record: record).write(to: &writer) }
                    try StandardOutput.write(String(decoding: writer.bytes, as: UTF8.self) + "\n")
                }
            }
        }

        static func table(_ records: [ActionRecord]) -> [SafeText] {
            let rows =
                [["WHEN", "WHO", "ACTION", "JOB", "RUN", "PLACE", "OUTCOME", "OPC-REQUEST-ID", "ANSWER"]]
                + records.map { record in
                    let (action, target) = (record.action, record.action.target)
                    return [
                        record.begun.formatted(.iso8601), "\(record.actor.systemUser), \(record.actor.principal)",
                        action.word + (action.details.isEmpty ? "" : " \(action.details)"), target.jobName,
                        record.startedRun ?? target.run?.key ?? "-", record.placeName, record.outcomeWords,
                        record.requestID ?? "-", record.answer,
                    ]
                }
            let cells = rows.map { $0.map { SafeText($0) } }
            let widths = cells[0].indices.map { column in cells.map { $0[column].width }.max() ?? 0 }
            return cells.map { row in
                zip(row, widths).dropLast().reduce("" as SafeText) { $0 + $1.0 + .spaces($1.1 - $1.0.width) + "  " }
                    + (row.last ?? "")
            }
        }
    }
}
