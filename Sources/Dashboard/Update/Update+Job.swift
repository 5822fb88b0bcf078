import Runs
import Screen

/// The keys on the page of a job, a text in a pager that leads to its runs and its newest failure.
extension DashboardState {
    mutating func performOnJob(_ intent: Intent) -> [Effect] {
        guard let view = shownJob else { return [] }
        switch intent {
        case .open:
            // The page may have been opened from the runs.
            if inner.dropLast().last?.runs?.job == view.page.job {
                inner.removeLast()
                needsSorting = true
            } else if let entry = board[view.page.job] {
                return openRuns(of: entry)
            }
        case .openTrace:
            return board[view.page.job].map { openTrace(of: $0) } ?? []
        case .nextView:
            return openNextJob(after: view.page.job) { $0.openJob($1) }
        case .copy:
            return copy(view.page.job.key, called: "the job key")
        default:
            let text = view.layout(in: layout.text.size)
            shownJob?.pager.move(intent, in: text)
        }
        return []
    }

    /// Opens the page of a job, and requests all its runs from the history.
    mutating func openJob(_ entry: JobEntry) -> [Effect] {
        jobs.isSettled = true
        inner.append(.job(JobView(of: entry, clock: clock)))
        needsSorting = true
        return [.recallPast(of: entry.id)]
    }

    /// Adds all runs of a job from the history to its open pages.
    mutating func recallPast(_ runs: [PastRun], of job: JobID) {
        for depth in inner.indices {
            if inner[depth].job?.page.job == job { inner[depth].job?.page.recall(runs) }
            if inner[depth].runs?.job == job { inner[depth].runs?.page.recall(runs) }
        }
    }
}
