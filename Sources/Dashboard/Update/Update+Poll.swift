import Foundation
import Polling
import Runs
import Screen

/// The events of the poller.
extension DashboardState {
    /// Applies an event of the poller. A failure marks the affected rows, and deletes nothing.
    mutating func apply(_ event: PollEvent) {
        switch event {
        case .phase(let phase):
            poller.phase = phase
        case .jobsListed(let jobs, let moment):
            board.watch(jobs, at: moment)
            poller.listAnswered(at: moment)
            markRunsOfVanishedJobs()
            boardHasChanged = true
        case .jobListFailed(let error, _):
            poller.listFailed(error, at: now)
        case .runs(let runs, let keys, let moment):
            board.record(runs, of: keys, at: moment, cause: { FailureCause(of: $0) })
            refreshOpenRuns(of: Set(keys), at: moment)
            boardHasChanged = true
        case .confirmed(let keys, let moment):
            board.confirm(keys, at: moment)
            refreshOpenRuns(of: Set(keys), at: moment)
            boardHasChanged = true
        case .backfill(let progress):
            poller.backfill = progress
        case .runsFailed(let error, let keys, _):
            board.recordFailure(of: keys, reason: error.summary)
            poller.runsFailed(error, at: now)
            boardHasChanged = true
        case .runsMissing(let reason, let keys, _):
            board.recordFailure(of: keys, reason: reason)
            boardHasChanged = true
        case .cycleEnded(let report):
            poller.cycleEnded(report)
        case .workspaceNamed(let name):
            place.workspace = name
        case .tasksListed(let tasks, let run, let moment, let note):
            changeOpenRun(run) { view in
                (view.tasks.tasks, view.tasks.answered, view.tasks.failure) = (tasks, moment, nil)
                view.tasks.note = note
            }
            updateOutputs(of: run, with: tasks)
        case .tasksFailed(let error, let run, _):
            changeOpenRun(run) { $0.tasks.failure = error.summary }
        // The runs that were found arrive as `.learned`, with their causes.
        case .runsFound, .inspected:
            break
        }
    }

    /// Shows jobs from the history. If the service has already listed its jobs, others are ignored.
    mutating func recall(_ jobs: [RememberedJob]) {
        board.recall(
            poller.jobsListed == nil ? jobs : jobs.filter { board[$0.job.id] != nil }, cause: { FailureCause(of: $0) })
        boardHasChanged = true
    }

    /// Requests, once per cycle, the tasks of the open runs that may have changed, or whose last request failed.
    mutating func askForTasks(after event: PollEvent) -> [Effect] {
        guard case .cycleEnded = event else { return [] }
        var effects: [Effect] = []
        for depth in inner.indices {
            guard let view = inner[depth].run, view.needsTasks else { continue }
            inner[depth].run?.tasks.isOutdated = false
            effects.append(.poll(.listTasks(of: view.run.id)))
        }
        return effects + askForOutputs()
    }

    /// Updates the open runs from the board. A run that is no longer among the recent runs does not change.
    private mutating func refreshOpenRuns(of jobs: Set<JobID>, at moment: Date) {
        for depth in inner.indices {
            guard let run = inner[depth].run?.run, jobs.contains(run.job), let entry = board[run.job] else { continue }
            let listed = entry.listedRuns.first { $0.id == run.id }
            inner[depth].run?.standing = listed == nil ? .olderThanListed : .listed
            if let listed { inner[depth].run?.update(with: listed, at: moment) }
        }
    }

    /// Marks the open runs whose job is no longer listed: no later answer will contain them.
    private mutating func markRunsOfVanishedJobs() {
        for depth in inner.indices {
            guard let job = inner[depth].run?.run.job, board[job] == nil else { continue }
            inner[depth].run?.standing = .jobGone
        }
    }

    /// Changes a run on all open screens that show it, including those beneath others.
    private mutating func changeOpenRun(_ run: RunID, _ change: (inout RunView) -> Void) {
        for depth in inner.indices {
            guard var view = inner[depth].run, view.run.id == run else { continue }
            change(&view)
            inner[depth].run = view
        }
    }
}
