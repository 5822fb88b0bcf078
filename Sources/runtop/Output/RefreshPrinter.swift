import AIDP
import Dashboard
import Foundation
import JSON
import Polling
import Runs
import Screen

/// Prints a refresh in one of the formats. In every format the output cannot control a terminal, even at the other end of
/// a pipe; only ``isRaw`` prints text as the service sent it.
struct RefreshPrinter {
    let format: OutputFormat
    let order: PrintedOrder
    /// Whether CSV keeps text unchanged, including escape sequences.
    var isRaw = false
    /// The columns of the terminal that the output goes to; `nil` where it goes elsewhere.
    var width: Int?
    /// Where the output goes.
    let write: (String) throws -> Void

    /// - Throws: what ``write`` throws.
    func print(_ refresh: Refresh, at now: Date) throws {
        let items = order.sorted(refresh.items)
        switch format {
        case .table: try printTable(refresh, at: now)
        case .json:
            // The `JobRunCollection` of the API, all pages in one. The JSON escapes control characters.
            var writer = JSONWriter(pretty: true)
            writer.object { $0.field("items") { $0.array(items.lazy.compactMap(\.json)) { $0.value($1) } } }
            try write(String(decoding: writer.bytes, as: UTF8.self) + "\n")
        case .jsonl: try writeLines(items.lazy.compactMap { $0.json?.text() })
        case .csv:
            try write(CSV.row(Self.csvFields))
            for item in items { try write(CSV.row(Self.csvRow(item).map(safe))) }
        }
    }

    /// Writes lines, many at once.
    private func writeLines(_ lines: some Sequence<String>) throws {
        var text = ""
        for line in lines {
            text += line
            text += "\n"
            guard text.utf8.count >= 1 << 16 else { continue }
            try write(text)
            text = ""
        }
        if !text.isEmpty { try write(text) }
    }

    private func printTable(_ refresh: Refresh, at now: Date) throws {
        // After a failed request, titles without rows would look like "no runs".
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

    /// All four times of a run in one format: `2026-05-01T14:32:10.123Z`. A number that is no valid time stays a number.
    private static func moment(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "" }
        let endOfTheYear9999: Int64 = 253_402_300_800_000
        guard milliseconds > 0, milliseconds < endOfTheYear9999 else { return String(milliseconds) }
        let second = Date(timeIntervalSince1970: Double(milliseconds / 1_000)).formatted(.iso8601).dropLast()
        return "\(second).\(String(milliseconds % 1_000 + 1_000).dropFirst())Z"
    }

    /// A field as safe text with its line breaks; unchanged if ``isRaw``.
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
        let left = width - others % max(width, 1)
        return left >= fewestOfCause ? left : left + width
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
