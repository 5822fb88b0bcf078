import Runs
import Screen

extension DashboardState {
    mutating func performOnJobs(_ intent: Intent) -> [Effect] {
        if let cursor = moved(jobs.cursor, intent, rows: jobs.rows, height: jobsTableHeight) {
            jobs.cursor = cursor
            jobs.isSettled = intent != .top
            return []
        }
        needsArranging = true
        switch intent {
        case .filter:
            overlay = .filter(LineEditor(jobs.filter.text), before: jobs.filter.text)
        case .back:
            jobs.filter = JobFilter()
            jobs.isSettled = false
        case .focus:
            jobs.filter.focus = jobs.filter.focus.next
        case .sort:
            overlay = .sortMenu(picked: JobSortKey.allCases.firstIndex(of: jobs.order.key) ?? 0)
        case .reverse:
            jobs.order.isReversed.toggle()
        case .open:
            guard let entry = selectedJob else { return [] }
            openRuns(of: entry)
        case .openTrace:
            return selectedJob.map { openTrace(of: $0) } ?? []
        case .copy:
            return selectedJob.map { copy($0.job.key.rawValue, called: "the job key") } ?? []
        default:
            break
        }
        return []
    }

    mutating func performOnRuns(_ intent: Intent, _ view: RunsView) -> [Effect] {
        var view = view
        if let cursor = moved(view.cursor, intent, rows: view.rows, height: runsTableHeight) {
            view.cursor = cursor
            inner[inner.count - 1] = .runs(view)
            return []
        }
        needsArranging = true
        let selected = board[view.job]?.runs.first { $0.key == view.cursor.selection }
        switch intent {
        case .open:
            return selected.map { open($0) } ?? []
        case .openTrace:
            return board[view.job].map { openTrace(of: $0) } ?? []
        case .sort:
            overlay = .sortMenu(picked: RunSortKey.allCases.firstIndex(of: view.order.key) ?? 0)
        case .reverse:
            view.order.isReversed.toggle()
            inner[inner.count - 1] = .runs(view)
        case .nextView:
            jobs.cursor.move(by: 1, of: jobs.rows)
            jobs.isSettled = true
            if let entry = selectedJob, entry.id != view.job {
                inner.removeLast()
                openRuns(of: entry)
            } else {
                say("This is the last job of the table.")
            }
        case .copy:
            return selected.map { copy($0.key.rawValue, called: "the run key") } ?? []
        default:
            break
        }
        return []
    }

    var selectedJob: JobEntry? { jobs.cursor.selection.flatMap { board[$0] } }

    /// Opens a job's runs, on the newest failure where the job is broken.
    private mutating func openRuns(of entry: JobEntry) {
        // Whoever comes back finds the job again.
        jobs.isSettled = true
        let isBroken = entry.health(at: now) == .broken
        let selection = isBroken ? entry.latestFailure : entry.latest
        inner.append(.runs(RunsView(job: entry.id, cursor: TableCursor(selection: selection?.key))))
        needsArranging = true
    }

    /// Opens the newest failure of a job at its root cause.
    private mutating func openTrace(of entry: JobEntry) -> [Effect] {
        guard let failure = entry.latestFailure else {
            say("None of the known runs of \(entry.name) failed.")
            return []
        }
        jobs.isSettled = true
        return open(failure, atRootCause: true)
    }
}

extension JobFilter.Focus {
    /// The one that `f` shows after this.
    var next: JobFilter.Focus {
        let all = Self.allCases
        guard let index = all.firstIndex(of: self) else { return .all }
        return all[(index + 1) % all.count]
    }
}
