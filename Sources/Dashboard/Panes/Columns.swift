import Foundation
import Runs
import Screen

extension Cells {
    /// The columns of the table of jobs, from left to right. A row shows one run: the one that says how the job is.
    ///
    /// - Parameters:
    ///   - runsShown: the most runs that a job has.
    ///   - longestName: the columns that the longest name of a job takes.
    ///   - agesApart: the interval of polling, where some rows have an age that says more than the header's.
    func jobColumns(runsShown: Int, longestName: Int, agesApart: Duration?) -> [Column<JobEntry, JobSortKey>] {
        let runsShown = min(max(runsShown, 5), 10)
        var columns: [Column<JobEntry, JobSortKey>] = [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0,
                sortKey: .status
            ) { entry, width in
                entry.leadingRun(at: now).map {
                    statusCell($0, mark: mark(of: entry, showing: $0), width: width)
                }
                    ?? statusCell(without: entry, width: width)
            },
            Column(
                title: "JOB", minimum: 6, comfortable: 18, ideal: min(max(longestName, 18), JobsView.widestName),
                givesWay: 0,
                sortKey: .name
            ) { entry, width in
                StyledText(SafeText(entry.name).truncated(to: width), appearance.theme.style(.text))
            },
            Column(title: "RUNS", minimum: runsShown, comfortable: runsShown, ideal: runsShown, givesWay: 3) {
                entry, width in
                stripCell(entry, width: width)
            },
            Column(
                title: "STARTED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 4,
                sortKey: .started
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
                title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 2, alignment: .trailing,
                sortKey: .ratio
            ) { entry, _ in
                ratioCell(entry.ratio(at: now))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 5,
                sortKey: .trigger
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

    /// The columns of the table of a job's runs, from left to right.
    func runColumns(of entry: JobEntry) -> [Column<JobRun, RunSortKey>] {
        let longestMessage = entry.runs.lazy.map { SafeText($0.stateMessage ?? "").width }.max() ?? 0
        return [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0,
                sortKey: .status
            ) { run, width in
                statusCell(run, mark: lateMark(of: run, in: entry), width: width)
            },
            Column(
                title: "CREATED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 0,
                sortKey: .created
            ) { run, _ in
                momentCell(run.moment)
            },
            Column(
                title: "TIME", minimum: 7, comfortable: 7, ideal: 8, givesWay: 1, alignment: .trailing,
                sortKey: .duration
            ) { run, _ in
                timeCell(run, of: entry)
            },
            Column(title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 3, alignment: .trailing) { run, _ in
                ratioCell(run.duration(at: entry.moment(at: now)).flatMap { entry.usual?.ratio(of: $0) })
            },
            Column(
                title: "WAIT", minimum: 6, comfortable: 6, ideal: 6, givesWay: 5, alignment: .trailing,
                sortKey: .wait
            ) { run, _ in
                guard let wait = run.queueWait(at: entry.moment(at: now)) else { return nothing }
                return StyledText(TimeText.duration(wait), appearance.theme.style(.quiet))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 4,
                sortKey: .trigger
            ) { run, width in
                launchCell(run.launch, width: width)
            },
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 24, givesWay: 6, sortKey: .who
            ) { run, _ in
                whoCell(run)
            },
            Column(
                title: "MESSAGE", minimum: 12, comfortable: 16, ideal: min(max(longestMessage, 16), 100), givesWay: 2
            ) { run, width in
                let message = SafeText(run.stateMessage ?? "")
                return StyledText(message.truncated(to: width), appearance.theme.style(.text))
            },
        ]
    }
}

extension JobEntry {
    /// Whether the row's age says more than the header's: the row is stale, or has had no answer for several refreshes.
    func showsAge(at now: Date, interval: Duration) -> Bool {
        guard freshness.reason == nil else { return true }
        return freshness.lastAnswer.map { Duration(from: $0, to: now) > interval * 3 } ?? false
    }
}

/// A column to sort by.
protocol TitledSortKey: Hashable, Sendable {
    /// What the column is called: its title, where it has one.
    var title: SafeText { get }
    /// Whether the smallest, the earliest or A stands first when the order is not reversed.
    var isAscending: Bool { get }
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

extension RunSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .created: "CREATED"
        case .status: "STATUS"
        case .duration: "TIME"
        case .wait: "WAIT"
        case .trigger: "TRIGGER"
        case .who: "WHO"
        }
    }

    var isAscending: Bool {
        switch self {
        case .trigger, .who: true
        case .created, .status, .duration, .wait: false
        }
    }
}

extension Order where SortKey: TitledSortKey {
    /// Whether the first row has the smallest value.
    var isAscending: Bool { key.isAscending != isReversed }
}
