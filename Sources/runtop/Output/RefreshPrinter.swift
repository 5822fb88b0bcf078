import AIDPClient
import Foundation
import Polling
import Runs
import Screen

/// Prints a refresh in one of the formats.
struct RefreshPrinter {
    let format: OutputFormat
    /// Whether what is printed meets a terminal: then no byte of it may do harm there.
    let isTerminal: Bool

    /// - Throws: ``Refusal`` when standard output takes no more.
    func print(_ refresh: Refresh, at now: Date) throws {
        switch format {
        case .table: try printTable(refresh, at: now)
        case .json:
            // The `JobRunCollection` of the API, all pages in one.
            let items = JSONValue.object([.init("items", .array(refresh.items.compactMap(\.json)))])
            try write(harmless(items.text(pretty: true)) + "\n")
        case .jsonl: for item in refresh.items.compactMap(\.json) { try write(harmless(item.text()) + "\n") }
        case .csv:
            try write(CSV.row(Self.csvFields))
            for item in refresh.items { try write(CSV.row(Self.csvRow(item).map(plain))) }
        }
    }

    private func printTable(_ refresh: Refresh, at now: Date) throws {
        guard !refresh.runs.isEmpty else { return }
        let names = Dictionary(
            refresh.jobs.compactMap { job in job.name.map { (job.key, $0) } }, uniquingKeysWith: { first, _ in first })
        for line in RunsTable(jobs: names).lines(refresh.runs, at: now) { try write(line.description + "\n") }
    }

    /// JSON in which what could harm a terminal is written as `\u` escapes: the same data to every parser.
    private func harmless(_ json: String) -> String {
        guard json.utf8.contains(where: { $0 >= 0x7F }) else { return json }
        return json.unicodeScalars.reduce(into: "") { escaped, scalar in
            if scalar.value < 0x7F || SafeText(String(scalar)).visibleEscapes.isEmpty {
                escaped.unicodeScalars.append(scalar)
            } else {
                for unit in scalar.utf16 {
                    let digits = String(unit, radix: 16, uppercase: true)
                    escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
    }

    private static let csvFields = [
        "key", "jobKey", "jobName", "name", "status", "launched", "timeCreated", "startTime", "endTime",
        "executionDuration", "timeUpdated", "createdBy", "createdByName", "runAs", "isUserCanceledOrTimedOut",
        "stateMessage", "errorTrace",
    ]

    private static func csvRow(_ item: JobRunSummary) -> [String] {
        func date(_ date: Date?) -> String { date?.formatted(.iso8601) ?? "" }
        func number(_ number: Int64?) -> String { number.map(String.init) ?? "" }
        return [
            item.key, item.jobKey ?? "", item.jobName ?? "", item.name ?? "", item.state?.status ?? "",
            item.launched ?? "", date(item.timeCreated), number(item.startTime), number(item.endTime),
            number(item.executionDuration), date(item.timeUpdated), item.createdBy ?? "", item.createdByName ?? "",
            item.runAs ?? "", item.state?.isUserCanceledOrTimedOut.map(String.init) ?? "",
            item.state?.stateMessage ?? "", item.state?.errorTrace ?? "",
        ]
    }

    /// A field as it came; to a terminal, made safe.
    private func plain(_ field: String) -> String {
        guard isTerminal else { return field }
        return SafeText.lines(of: field).map(\.description).joined(separator: "\n")
    }

    private func write(_ text: String) throws { try StandardOutput.write(text) }
}
