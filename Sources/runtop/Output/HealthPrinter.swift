import Dashboard
import Foundation
import JSON
import Runs
import Screen

/// Prints judged jobs, as a table for people or as JSON for scripts, without terminal control characters.
struct HealthPrinter {
    let format: HealthFormat
    let write: (String) throws -> Void

    /// - Throws: the errors of ``write``.
    func print(_ judged: [JudgedEntry]) throws {
        switch format {
        case .json: try write(JSONValue.array(judged.map(Self.json)).text(pretty: true) + "\n")
        case .table: for line in Self.lines(judged) { try write(line.plainText + "\n") }
        }
    }

    private static func json(_ judged: JudgedEntry) -> JSONValue {
        let (entry, moment) = (judged.entry, judged.moment)
        let statistics = entry.statistics
        let assessment = entry.assessment(at: moment)
        let verdicts = assessment.verdicts.map { verdict in
            JSONValue.object([
                .init("kind", .string(verdict.kind.rawValue)), .init("since", time(verdict.since)),
                .init("reason", .string(verdict.reason)),
            ])
        }
        return .object([
            .init("place", .string(judged.place)), .init("jobKey", .string(entry.id.key)),
            .init("jobName", .string(entry.name)), .init("health", .string(entry.health(at: moment).word)),
            .init("verdicts", .array(verdicts)), .init("runs", .number(String(statistics.runs))),
            .init("successRate", statistics.successRate.map { .number(share($0)) } ?? .null),
            .init("medianMilliseconds", milliseconds(statistics.duration?.median)),
            .init("p90Milliseconds", milliseconds(statistics.duration?.p90)),
            .init("nextStart", assessment.nextStart.map(time) ?? .null),
        ])
    }

    private static func time(_ date: Date) -> JSONValue { .string(date.formatted(.iso8601)) }

    private static func milliseconds(_ duration: Duration?) -> JSONValue {
        duration.map { .number(String(Int64(($0 / .milliseconds(1)).rounded()))) } ?? .null
    }

    /// A fraction with three decimal places: `0.967`.
    private static func share(_ share: Double) -> String {
        let thousandths = Int((share * 1_000).rounded())
        return "\(thousandths / 1_000)." + String(thousandths % 1_000 + 1_000).dropFirst()
    }

    private static func lines(_ judged: [JudgedEntry]) -> [SafeText] {
        let hasPlaces = Set(judged.map(\.entry.id.place)).count > 1
        let titles: [SafeText] = ["HEALTH", "JOB", "RUNS", "OK", "MEDIAN", "P90", "NEXT", "REASON"]
        var rows = [hasPlaces ? ["PLACE"] + titles : titles]
        for judged in judged { rows.append((hasPlaces ? [SafeText(judged.place)] : []) + cells(of: judged)) }
        let widths = rows[0].indices.map { column in rows.lazy.map { $0[column].width }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).dropLast().reduce("" as SafeText) { line, cell in
                line + cell.0 + .spaces(cell.1 - cell.0.width) + "  "
            } + (row.last ?? "")
        }
    }

    private static func cells(of judged: JudgedEntry) -> [SafeText] {
        let (entry, moment) = (judged.entry, judged.moment)
        let (statistics, assessment) = (entry.statistics, entry.assessment(at: moment))
        // The reason of a failing job begins with “failed”.
        var reasons = assessment.verdicts.map { $0.kind == .failing ? $0.reason : "\($0.kind.rawValue): \($0.reason)" }
        if assessment.hasUnreadableSchedule { reasons.append("its schedule cannot be read") }
        return [
            SafeText(entry.health(at: moment).words), SafeText(entry.name), "\(statistics.runs)",
            statistics.successRate.map { "\(Int(($0 * 100).rounded()))%" } ?? "-",
            statistics.duration.map { TimeText.duration($0.median) } ?? "-",
            statistics.duration.map { TimeText.duration($0.p90) } ?? "-",
            assessment.nextStart.map { SafeText($0.formatted(.iso8601)) } ?? "-",
            SafeText(reasons.joined(separator: "; ")),
        ]
    }
}
