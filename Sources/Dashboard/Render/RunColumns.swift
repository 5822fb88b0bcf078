import Runs
import Screen

extension DashboardState {
    /// The columns of the table of a job's runs, from left to right.
    func runColumns(of entry: JobEntry) -> [Column<JobRun>] {
        let longestMessage = entry.runs.lazy.map { SafeText($0.stateMessage ?? "").width }.max() ?? 0
        return [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0,
                sortKey: RunSortKey.status.rawValue
            ) { run, width in
                self.statusCell(run, mark: self.lateMark(of: run, in: entry), width: width)
            },
            Column(
                title: "CREATED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 0,
                sortKey: RunSortKey.created.rawValue
            ) { run, _ in
                self.momentCell(run.moment)
            },
            Column(
                title: "TIME", minimum: 7, comfortable: 7, ideal: 8, givesWay: 1, alignment: .trailing,
                sortKey: RunSortKey.duration.rawValue
            ) { run, _ in
                self.timeCell(run, of: entry)
            },
            Column(title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 3, alignment: .trailing) { run, _ in
                self.ratioCell(run.duration(at: entry.moment(at: self.now)).flatMap { entry.usual?.ratio(of: $0) })
            },
            Column(
                title: "WAIT", minimum: 6, comfortable: 6, ideal: 6, givesWay: 5, alignment: .trailing,
                sortKey: RunSortKey.wait.rawValue
            ) { run, _ in
                guard let wait = run.queueWait(at: entry.moment(at: self.now)) else { return self.nothing }
                return StyledText(TimeText.duration(wait), self.appearance.theme.style(.quiet))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 4,
                sortKey: RunSortKey.trigger.rawValue
            ) { run, width in
                self.launchCell(run.launch, width: width)
            },
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 24, givesWay: 6, sortKey: RunSortKey.who.rawValue
            ) { run, _ in
                self.whoCell(run)
            },
            Column(
                title: "MESSAGE", minimum: 12, comfortable: 16, ideal: min(max(longestMessage, 16), 100), givesWay: 2
            ) { run, width in
                let message = SafeText(run.stateMessage ?? "")
                return StyledText(message.truncated(to: width), self.appearance.theme.style(.text))
            },
        ]
    }
}
