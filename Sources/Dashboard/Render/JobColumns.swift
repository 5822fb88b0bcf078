import Runs
import Screen

extension DashboardState {
    /// The columns of the table of jobs, from left to right.
    var jobColumns: [Column<JobEntry>] {
        let runsShown = min(max(board.longestHistory, 5), 10)
        return [
            Column(
                title: "STATUS", minimum: 1, comfortable: 10, ideal: 19, givesWay: 0,
                sortKey: JobSortKey.status.rawValue
            ) { entry, width in
                entry.latest.map { self.statusCell($0.status, width: width) }
                    ?? self.statusCell(without: entry, width: width)
            },
            Column(
                title: "JOB", minimum: 6, comfortable: 20, ideal: 44, givesWay: 0, sortKey: JobSortKey.name.rawValue
            ) { entry, width in
                StyledText(SafeText(entry.name).truncated(to: width), self.appearance.theme.style(.text))
            },
            Column(title: "RUNS", minimum: runsShown, comfortable: runsShown, ideal: runsShown, givesWay: 3) {
                entry, width in
                self.stripCell(entry.runs, width: width)
            },
            Column(
                title: "STARTED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 4,
                sortKey: JobSortKey.started.rawValue
            ) { entry, _ in
                self.momentCell(entry.latest?.started ?? entry.latest?.created)
            },
            Column(
                title: "TIME", minimum: 6, comfortable: 6, ideal: 8, givesWay: 1, alignment: .trailing,
                sortKey: JobSortKey.duration.rawValue
            ) { entry, _ in
                entry.latest.map { self.durationCell($0) } ?? self.nothing
            },
            Column(
                title: "VS", minimum: 5, comfortable: 5, ideal: 6, givesWay: 2, alignment: .trailing,
                sortKey: JobSortKey.ratio.rawValue
            ) { entry, _ in
                self.ratioCell(entry.ratio(at: self.now))
            },
            Column(
                title: "TRIGGER", minimum: 8, comfortable: 8, ideal: 9, givesWay: 5,
                sortKey: JobSortKey.trigger.rawValue
            ) { entry, width in
                self.launchCell(entry.latest?.launch, width: width)
            },
            Column(
                title: "AGE", minimum: 4, comfortable: 4, ideal: 4, givesWay: 6, alignment: .trailing
            ) { entry, _ in
                guard let answered = entry.freshness.lastAnswer else { return self.nothing }
                return StyledText(TimeText.age(of: answered, at: self.now), self.appearance.theme.style(.quiet))
            },
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 30, givesWay: 7, sortKey: JobSortKey.who.rawValue
            ) { entry, _ in
                entry.latest.map { self.whoCell($0) } ?? self.nothing
            },
        ]
    }
}
