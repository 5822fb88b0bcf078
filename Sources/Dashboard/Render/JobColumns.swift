import Polling
import Runs
import Screen

extension DashboardState {
    /// The columns of the table of jobs, from left to right. A row shows one run: the one that says how the job is.
    var jobColumns: [Column<JobEntry>] {
        let runsShown = min(max(board.longestHistory, 5), 10)
        var columns: [Column<JobEntry>] = [
            Column(
                title: " STATUS", minimum: 2, comfortable: 11, ideal: 20, givesWay: 0,
                sortKey: JobSortKey.status.rawValue
            ) { entry, width in
                entry.leadingRun(at: self.now).map {
                    self.statusCell($0, mark: self.mark(of: entry, showing: $0), width: width)
                }
                    ?? self.statusCell(without: entry, width: width)
            },
            Column(
                title: "JOB", minimum: 6, comfortable: 18, ideal: min(max(jobs.longestName, 18), JobsView.widestName),
                givesWay: 0,
                sortKey: JobSortKey.name.rawValue
            ) { entry, width in
                StyledText(SafeText(entry.name).truncated(to: width), self.appearance.theme.style(.text))
            },
            Column(title: "RUNS", minimum: runsShown, comfortable: runsShown, ideal: runsShown, givesWay: 3) {
                entry, width in
                self.stripCell(entry, width: width)
            },
            Column(
                title: "STARTED", minimum: 11, comfortable: 11, ideal: 11, givesWay: 4,
                sortKey: JobSortKey.started.rawValue
            ) { entry, _ in
                entry.leadingRun(at: self.now).map { self.startCell($0) } ?? self.nothing
            },
            Column(
                title: "TIME", minimum: 7, comfortable: 7, ideal: 8, givesWay: 1, alignment: .trailing,
                sortKey: JobSortKey.duration.rawValue
            ) { entry, _ in
                entry.leadingRun(at: self.now).map { self.timeCell($0, of: entry) } ?? self.nothing
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
                self.launchCell(entry.leadingRun(at: self.now)?.launch, width: width)
            },
        ]
        if jobs.showsAge {
            columns.append(
                Column(title: "AGE", minimum: 4, comfortable: 4, ideal: 4, givesWay: 6, alignment: .trailing) {
                    entry, _ in
                    guard self.showsAge(of: entry) else { return StyledText("", .plain) }
                    guard let answered = entry.freshness.lastAnswer else { return self.nothing }
                    return StyledText(TimeText.age(of: answered, at: self.now), self.appearance.theme.style(.quiet))
                })
        }
        columns.append(
            Column(
                title: "WHO", minimum: 12, comfortable: 12, ideal: 30, givesWay: 7, sortKey: JobSortKey.who.rawValue
            ) { entry, _ in
                entry.leadingRun(at: self.now).map { self.whoCell($0) } ?? self.nothing
            })
        return columns
    }

    /// Whether a row's age says more than the header's: the row is stale, or has had no answer for several refreshes.
    func showsAge(of entry: JobEntry) -> Bool {
        guard entry.freshness.reason == nil else { return true }
        return entry.freshness.lastAnswer.map { Duration(from: $0, to: now) > poller.interval.duration * 3 } ?? false
    }
}
