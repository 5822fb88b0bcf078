import AIDP
import Dashboard
import Foundation
import JSON
import Polling
import Runs
import Screen

/// Prints a refresh in one of the formats. The output contains no terminal control characters, even in a pipe; only
/// with ``isRaw`` the text is unchanged.
struct RefreshPrinter {
    let format: OutputFormat
    let order: PrintedOrder
    /// Whether CSV keeps text unchanged, including escape sequences.
    var isRaw = false
    /// The width of the terminal that receives the output; `nil` if it goes elsewhere.
    var width: Int?
    /// Receives the output.
    let write: (String) throws -> Void

    /// - Throws: the errors of ``write``.
    func print(_ refresh: Refresh, at now: Date) throws {
        let items = order.sorted(refresh.items)
        switch format {
        case .table: try printTable(refresh, at: now)
        case .json:
            try printCollection(of: items)
        case .jsonl: try writeLines(items.lazy.compactMap { $0.json?.text() })
        case .csv:
            try write(CSV.row(Self.csvFields))
            for item in items { try write(CSV.row(Self.csvRow(item).map(safe))) }
        }
    }

    /// Prints the `JobRunCollection` of the API, with all pages in one. The JSON escapes control characters.
    private func printCollection(of items: [JobRunSummary]) throws {
        var writer = JSONWriter(reserving: Self.piece * 2, pretty: true)
        try writer.object { writer in
            try writer.field("items") { writer in
                try writer.array(items.lazy.compactMap(\.json)) { writer, json in
                    writer.value(json)
                    guard writer.bytes.count >= Self.piece else { return }
                    try write(String(decoding: writer.takeBytes(), as: UTF8.self))
                }
            }
        }
        try write(String(decoding: writer.takeBytes(), as: UTF8.self) + "\n")
    }

    /// About how many bytes are written at a time.
    private static let piece = 1 << 16

    /// Writes lines, many at a time.
    private func writeLines(_ lines: some Sequence<String>) throws {
        var text = ""
        for line in lines {
            text += line
            text += "\n"
            guard text.utf8.count >= Self.piece else { continue }
            try write(text)
            text = ""
        }
        if !text.isEmpty { try write(text) }
    }

    private func printTable(_ refresh: Refresh, at now: Date) throws {
        // After a failed request, column titles without rows would look like "no runs".
        guard !refresh.runs.isEmpty || refresh.errors.isEmpty else { return }
        let names = Dictionary(
            refresh.jobs.compactMap { job in job.name.map { (job.id, $0) } }, uniquingKeysWith: { first, _ in first })
        for line in RunsTable(jobs: names).lines(order.sorted(refresh.runs), at: now, width: width) {
            try write(line.plainText + "\n")
        }
    }

    private static let csvFields = [
        "key", "jobKey", "jobName", "name", "status", "launched", "timeCreated", "startTime", "endTime",
        "executionDuration", "timeUpdated", "createdBy", "createdByName", "runAs", "isUserCanceledOrTimedOut",
        "stateMessage", "errorTrace",
    ]

    private static func csvRow(_ item: JobRunSummary) -> [String] {
        [
            item.key, item.jobKey ?? "", item.jobName ?? "", item.name ?? "", item.state?.status ?? "",
            item.launched ?? "", moment(item.timeCreated), moment(item.startTime), moment(item.endTime),
            item.executionDuration.map(String.init) ?? "", moment(item.timeUpdated), item.createdBy ?? "",
            item.createdByName ?? "", item.runAs ?? "", item.state?.isUserCanceledOrTimedOut.map(String.init) ?? "",
            item.state?.stateMessage ?? "", item.state?.errorTrace ?? "",
        ]
    }

    private static func moment(_ date: Date?) -> String {
        date.map { moment(Int64(exactly: ($0.timeIntervalSince1970 * 1_000).rounded())) } ?? ""
    }

    /// A time of a run in one format: `2026-05-01T14:32:10.123Z`. An invalid time is printed as a number.
    private static func moment(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "" }
        let endOfTheYear9999: Int64 = 253_402_300_800_000
        guard milliseconds > 0, milliseconds < endOfTheYear9999 else { return String(milliseconds) }
        let second = Date(timeIntervalSince1970: Double(milliseconds / 1_000)).formatted(.iso8601).dropLast()
        return "\(second).\(String(milliseconds % 1_000 + 1_000).dropFirst())Z"
    }

    /// A field as safe text that keeps its line breaks; unchanged if ``isRaw``.
    private func safe(_ field: String) -> String {
        isRaw ? field : SafeText.lines(of: field).map(\.plainText).joined(separator: "\n")
    }
}

/// The runs as a table for people: safe text, columns as wide as their contents, but for the last one on a terminal.
struct RunsTable {
    let jobs: [JobID: String]

    /// The least columns of a cause that still say something.
    private static let fewestOfCause = 16

    /// - Parameter width: the columns of the terminal, of which the cause has what the others leave: no line goes on in a row of
    ///   the screen for its sake. `nil` where there is no terminal: then it is whole.
    func lines(_ runs: [JobRun], at now: Date, width: Int? = nil) -> [SafeText] {
        let titles: [SafeText] = ["STATUS", "JOB", "RUN", "CREATED", "TIME", "TRIGGER", "WHO", "CAUSE"]
        let rows = [titles] + runs.map { cells(of: $0, at: now) }
        let widths = titles.indices.map { column in rows.lazy.map { $0[column].width }.max() ?? 0 }
        let room = width.map { Self.room(forCause: $0, beside: widths.dropLast().reduce(0) { $0 + $1 + 2 }) }
        return rows.map { row in
            let line = zip(row, widths).map { cell, width in
                cell + .spaces(width - cell.width)
            }
            let cause = row.last ?? ""
            return line.dropLast().reduce("" as SafeText) { $0 + $1 + "  " }
                + (room.map { cause.truncated(to: $0) } ?? cause)
        }
    }

    /// The columns that are left for the cause in the row of the screen in which the other columns end, or in the next.
    private static func room(forCause width: Int, beside others: Int) -> Int {
        let width = max(width, 1)
        var left = width - others % width
        while left < fewestOfCause { left += width }
        return left
    }

    private func cells(of run: JobRun, at now: Date) -> [SafeText] {
        [
            run.status == .missing ? "-" : SafeText(run.status.wireValue),
            SafeText(jobs[run.job] ?? run.jobName ?? run.job.key),
            SafeText(run.id.key),
            run.moment.map { SafeText($0.formatted(.iso8601)) } ?? "-",
            run.duration(at: now).map(TimeText.duration) ?? "-",
            run.launch.map { SafeText($0.wireValue) } ?? "-",
            [run.createdByName, run.createdBy].lazy.compactMap(\.self).first.map { SafeText($0) } ?? "-",
            run.status.isFailure ? FailureCause(of: run).map { SafeText($0.text) } ?? "-" : "-",
        ]
    }
}

/// Rows of RFC 4180: fields with a comma, a quote or a line break in quotes, quotes doubled.
///
/// A field that a spreadsheet would read as a formula gets a leading apostrophe, as OWASP recommends.
enum CSV {
    static func row(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ text: String) -> String {
        // This compares Unicode scalars, because "\r\n" is a single character.
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let plain = isFormula ? "'" + text : text
        guard plain.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) || isFormula else {
            return plain
        }
        return "\"" + plain.replacing("\"", with: "\"\"") + "\""
    }
}
