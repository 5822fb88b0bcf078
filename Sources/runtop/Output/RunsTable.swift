import Dashboard
import Foundation
import Runs
import Screen

/// The runs as a table for people: safe text, columns as wide as their contents.
struct RunsTable {
    let jobs: [JobID: String]

    func lines(_ runs: [JobRun], at now: Date) -> [SafeText] {
        let titles: [SafeText] = ["STATUS", "JOB", "RUN", "CREATED", "TIME", "TRIGGER", "WHO"]
        let rows = [titles] + runs.map { cells(of: $0, at: now) }
        let widths = titles.indices.map { column in rows.lazy.map { $0[column].width }.max() ?? 0 }
        return rows.map { row in
            let line = zip(row, widths).map { cell, width in
                cell + SafeText(String(repeating: " ", count: width - cell.width))
            }
            return line.dropLast().reduce("" as SafeText) { $0 + $1 + "  " } + (row.last ?? "")
        }
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
        ]
    }
}
