import Foundation
import Runs
import Screen

extension Cells {
    /// The columns of the table of a job's runs, from left to right.
    func runColumns(of entry: JobEntry) -> [Column<JobRun, RunSortKey>] {
        let longestMessage = entry.runs.lazy.map { SafeText($0.stateMessage ?? "").width }.max() ?? 0
        let cause = entry.runs.contains { entry.cause(of: $0) != nil } ? [causeColumn(of: entry)] : []
        return [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0, sortKey: .status
            ) { run, width in
                statusCell(run, mark: lateMark(of: run, in: entry), width: width)
            },
            Column(
                title: "CREATED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 0, sortKey: .created
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
                ratioCell(run.duration(at: entry.moment(at: now)).flatMap { entry.statistics.duration?.ratio(of: $0) })
            },
            Column(
                title: "WAIT", minimum: 6, comfortable: 6, ideal: 6, givesWay: 5, alignment: .trailing, sortKey: .wait
            ) { run, _ in
                guard let wait = run.queueWait(at: entry.moment(at: now)) else { return nothing }
                return StyledText(TimeText.duration(wait), appearance.theme.style(.quiet))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 4, sortKey: .trigger
            ) { run, width in
                launchCell(run.launch, width: width)
            },
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 24, givesWay: 6, sortKey: .who
            ) { run, _ in
                whoCell(run)
            },
        ] + cause + [
            Column(
                title: "MESSAGE", minimum: 12, comfortable: 16, ideal: min(max(longestMessage, 16), 100), givesWay: 2
            ) { run, width in
                if let record = actions.record(of: run.job, at: now), record.action.target.run == run.id {
                    return StyledText(record.rowText(width: width, at: now), appearance.theme.style(record.role))
                }
                let message = SafeText(run.stateMessage ?? "")
                return StyledText(message.truncated(to: width), appearance.theme.style(.text))
            }
        ]
    }

    /// The cause of a run's failure. It is worth more than the service's message, which often says only that a task failed.
    private func causeColumn(of entry: JobEntry) -> Column<JobRun, RunSortKey> {
        let longest = entry.runs.lazy.compactMap { entry.cause(of: $0)?.text.count }.max() ?? 0
        return Column(
            title: "CAUSE", minimum: 12, comfortable: 20, ideal: min(max(longest, 20), 60), givesWay: 2, grows: 1
        ) { run, width in
            causeCell(entry.cause(of: run), width: width)
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
