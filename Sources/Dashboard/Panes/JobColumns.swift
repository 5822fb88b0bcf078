import Foundation
import Runs
import Screen

extension Cells {
    /// The columns of the table of jobs, from left to right. A row shows one run: the one that says how the job is.
    ///
    /// - Parameters:
    ///   - runsShown: the most runs that a job has.
    ///   - longestName: the columns that the longest name of a job takes.
    ///   - agesApart: the polling interval when there is to be a column AGE: some rows are older than the header says; else nil.
    func jobColumns(runsShown: Int, longestName: Int, agesApart: Duration?) -> [Column<JobEntry, JobSortKey>] {
        let runsShown = min(max(runsShown, 5), 10)
        var columns: [Column<JobEntry, JobSortKey>] = [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0, sortKey: .status
            ) { entry, width in
                entry.leadingRun(at: now).map {
                    statusCell($0, mark: mark(of: entry, showing: $0), width: width)
                }
                    ?? statusCell(without: entry, width: width)
            },
            Column(
                title: "JOB", minimum: 6, comfortable: 18, ideal: min(max(longestName, 18), JobsView.widestName),
                givesWay: 0, sortKey: .name
            ) { entry, width in
                StyledText(SafeText(entry.name).truncated(to: width), appearance.theme.style(.text))
            },
            Column(title: "RUNS", minimum: runsShown, comfortable: runsShown, ideal: runsShown, givesWay: 3) {
                entry, width in
                stripCell(entry, width: width)
            },
            Column(
                title: "STARTED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 4, sortKey: .started
            ) { entry, _ in
                entry.leadingRun(at: now).map { startCell($0) } ?? nothing
            },
            Column(
                title: "TIME", minimum: 7, comfortable: 7, ideal: 8, givesWay: 1, alignment: .trailing,
                sortKey: .duration
            ) { entry, _ in
                entry.leadingRun(at: now).map { timeCell($0, of: entry) } ?? nothing
            },
            Column(
                title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 2, alignment: .trailing, sortKey: .ratio
            ) { entry, _ in
                ratioCell(entry.ratio(at: now))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 5, sortKey: .trigger
            ) { entry, width in
                launchCell(entry.leadingRun(at: now)?.launch, width: width)
            },
        ]
        if let agesApart {
            columns.append(
                Column(title: "AGE", minimum: 4, comfortable: 4, ideal: 4, givesWay: 6, alignment: .trailing) {
                    entry, _ in
                    guard entry.showsAge(at: now, interval: agesApart) else { return StyledText("", .plain) }
                    guard let answered = entry.freshness.lastAnswer else { return nothing }
                    return StyledText(TimeText.age(of: answered, at: now), appearance.theme.style(.quiet))
                })
        }
        columns.append(
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 30, givesWay: 7, sortKey: .who
            ) { entry, _ in
                entry.leadingRun(at: now).map { whoCell($0) } ?? nothing
            })
        return columns
    }
}

extension JobEntry {
    /// Whether the row's age says more than the header's: the row is stale, or has had no answer for several refreshes.
    func showsAge(at now: Date, interval: Duration) -> Bool {
        guard freshness.reason == nil else { return true }
        return freshness.lastAnswer.map { Duration(from: $0, to: now) > interval * 3 } ?? false
    }
}

extension JobSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .worst: "worst"
        case .status: "STATUS"
        case .name: "JOB"
        case .started: "STARTED"
        case .duration: "TIME"
        case .ratio: "VS"
        case .trigger: "TRIGGER"
        case .who: "WHO"
        }
    }

    var isAscending: Bool {
        switch self {
        case .name, .trigger, .who: true
        case .worst, .status, .started, .duration, .ratio: false
        }
    }
}
