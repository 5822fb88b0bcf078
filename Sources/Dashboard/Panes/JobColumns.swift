import Foundation
import Runs
import Screen

/// The facts on which the column widths of the table of jobs depend.
struct JobMeasures: Hashable, Sendable {
    /// The width of the longest job name, including jobs that are filtered out.
    var longestName = 0
    /// The widest name column; longer names are cut on any screen.
    static let widestName = 44
    /// The largest number of known runs of a job.
    var longestHistory = 0
    /// Whether the age of any row differs from the age in the header.
    var showsAge = false
    /// Whether the cause of any job's failure is known.
    var showsCause = false
}

extension Cells {
    /// The columns of the table of jobs, from left to right. A row shows one run: the one that shows the job's health.
    ///
    /// Problems come before usual values: from 75 columns on, REASON replaces VS. It starts with the cause of a failure,
    /// which has its own column from 114 columns on. The strip, the times and the others are added if they fit.
    ///
    /// - Parameters:
    ///   - width: the width of the screen.
    ///   - interval: the refresh interval, for the age of rows.
    func jobColumns(
        _ measures: JobMeasures, width: Int, interval: Duration
    ) -> [Column<JobEntry, JobSortKey>] {
        let isWide = width >= 75
        // Only on such a wide screen does the progress have its own column.
        let hasProgress = width >= 158
        let isVeryWide = width >= Self.veryWide
        let hasCause = measures.showsCause && width >= 114
        var columns = [
            statusColumn, nameColumn(measures, width: width), stripColumn(measures, width: width),
            startedColumn(givesWay: isVeryWide ? 11 : 5), timeColumn,
        ]
        if hasProgress { columns.append(progressColumn) }
        columns.append(
            isWide
                ? reasonColumn(width: width, showsProgress: !hasProgress, besideCause: hasCause) : ratioColumn)
        if hasCause { columns.append(causeColumn(width: width)) }
        if isWide { columns += [nextStartColumn, lastSuccessColumn, durationsColumn(givesWay: isVeryWide ? 10 : 11)] }
        columns.append(triggerColumn(givesWay: isVeryWide ? 12 : 8))
        if measures.showsAge { columns.append(ageColumn(interval)) }
        return columns + [whoColumn(givesWay: isVeryWide ? 13 : 10)]
    }

    /// From this width on, reasons are shown whole, and the durations are worth more than who started the run and when.
    private static let veryWide = 180

    private typealias JobColumn = Column<JobEntry, JobSortKey>

    /// Grows last, because its short words mean the same.
    private var statusColumn: JobColumn {
        Column(
            title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0, grows: 4, sortKey: .status
        ) { entry, width in
            entry.leadingRun(at: now).map {
                statusCell($0, mark: mark(of: entry, showing: $0), width: width)
            }
                ?? statusCell(without: entry, width: width)
        }
    }

    private func nameColumn(_ measures: JobMeasures, width: Int) -> JobColumn {
        let longest = min(max(measures.longestName, 18), JobMeasures.widestName)
        return Column(
            title: "JOB", minimum: 6, comfortable: min(longest, max(18, width * 2 / 9)), ideal: longest, givesWay: 0,
            sortKey: .name
        ) { entry, width in
            StyledText(SafeText(entry.name).truncated(to: width), appearance.theme.style(.text))
        }
    }

    /// A tenth of the screen, more if there is space; at least as many runs as an answer contains.
    private func stripColumn(_ measures: JobMeasures, width: Int) -> JobColumn {
        let known = max(measures.longestHistory, 5)
        let usual = min(known, max(width / 10, 8))
        return Column(
            title: "RUNS", minimum: min(usual, 8), comfortable: usual, ideal: min(known, 60), givesWay: 3
        ) { entry, width in
            stripCell(entry, width: width)
        }
    }

    private func startedColumn(givesWay: Int) -> JobColumn {
        Column(
            title: "STARTED", minimum: 11, comfortable: 11, ideal: 11, givesWay: givesWay, sortKey: .started
        ) { entry, _ in
            entry.leadingRun(at: now).map { startCell($0) } ?? nothing
        }
    }

    private var timeColumn: JobColumn {
        Column(
            title: "TIME", minimum: 7, comfortable: 7, ideal: 8, givesWay: 1, alignment: .trailing,
            sortKey: .duration
        ) { entry, _ in
            entry.leadingRun(at: now).map { timeCell($0, of: entry) } ?? nothing
        }
    }

    private var progressColumn: JobColumn {
        let width = Self.progressWidth
        return Column(title: "PROGRESS", minimum: width, comfortable: width, ideal: width, givesWay: 9) {
            entry, width in
            progressCell(entry, width: width)
        }
    }

    private func reasonColumn(width: Int, showsProgress: Bool, besideCause: Bool) -> JobColumn {
        let usual = width >= Self.veryWide ? 38 : besideCause ? 28 : width >= 140 ? 34 : width >= 105 ? 30 : 24
        return Column(title: "REASON", minimum: 12, comfortable: usual, ideal: 44, givesWay: 2) { entry, width in
            reasonCell(entry, width: width, showsProgress: showsProgress, showsCause: !besideCause)
        }
    }

    private func causeColumn(width: Int) -> JobColumn {
        let usual = width >= Self.veryWide ? 28 : 24
        return Column(title: "CAUSE", minimum: 16, comfortable: usual, ideal: 60, givesWay: 4, grows: 1) {
            entry, width in
            causeCell(entry.currentCause, width: width)
        }
    }

    private var ratioColumn: JobColumn {
        Column(
            title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 2, alignment: .trailing, sortKey: .ratio
        ) { entry, _ in
            ratioCell(entry.ratio(at: now))
        }
    }

    private var nextStartColumn: JobColumn {
        Column(title: "NEXT", minimum: 11, comfortable: 11, ideal: 11, givesWay: 7, sortKey: .nextStart) { entry, _ in
            nextStartCell(entry)
        }
    }

    private var lastSuccessColumn: JobColumn {
        Column(
            title: "LAST OK", minimum: 8, comfortable: 8, ideal: 8, givesWay: 6, alignment: .trailing,
            sortKey: .lastSuccess
        ) { entry, _ in
            lastSuccessCell(entry)
        }
    }

    private func durationsColumn(givesWay: Int) -> JobColumn {
        Column(
            title: "DURATIONS MEDIAN    P90", minimum: 24, comfortable: 24, ideal: 30, givesWay: givesWay,
            alignment: .trailing
        ) { entry, width in
            durationsCell(entry, width: width)
        }
    }

    private func triggerColumn(givesWay: Int) -> JobColumn {
        Column(
            title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: givesWay, sortKey: .trigger
        ) { entry, width in
            launchCell(entry.leadingRun(at: now)?.launch, width: width)
        }
    }

    private func ageColumn(_ interval: Duration) -> JobColumn {
        Column(title: "AGE", minimum: 4, comfortable: 4, ideal: 4, givesWay: 4, alignment: .trailing) { entry, _ in
            guard entry.showsAge(at: now, interval: interval) else { return StyledText("", .plain) }
            guard let answered = entry.freshness.lastAnswer else { return nothing }
            return StyledText(TimeText.age(of: answered, at: now), appearance.theme.style(.quiet))
        }
    }

    private func whoColumn(givesWay: Int) -> JobColumn {
        Column(
            title: "WHO", minimum: 12, comfortable: 12, ideal: 30, givesWay: givesWay, sortKey: .who
        ) { entry, _ in
            entry.leadingRun(at: now).map { whoCell($0) } ?? nothing
        }
    }
}

extension JobEntry {
    /// Whether the row's age differs from the age in the header: the row is stale or from history, or has had no answer for
    /// several refreshes.
    func showsAge(at now: Date, interval: Duration) -> Bool {
        guard freshness.isCurrent else { return true }
        return freshness.lastAnswer.map { Duration(from: $0, to: now) > interval * 3 } ?? false
    }
}

extension JobSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .risk: "worst"
        case .status: "STATUS"
        case .name: "JOB"
        case .started: "STARTED"
        case .duration: "TIME"
        case .ratio: "VS"
        case .trigger: "TRIGGER"
        case .who: "WHO"
        case .nextStart: "NEXT"
        case .lastSuccess: "LAST OK"
        }
    }

    var isAscending: Bool {
        switch self {
        case .name, .trigger, .who, .nextStart, .lastSuccess: true
        case .risk, .status, .started, .duration, .ratio: false
        }
    }
}
