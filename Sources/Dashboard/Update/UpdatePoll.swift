import Foundation
import Polling
import Runs
import Screen

extension DashboardState {
    /// Applies an event of the poller. A failure marks what it concerns, and erases nothing.
    mutating func apply(_ event: PollEvent) {
        switch event {
        case .phase(let phase):
            poller.phase = phase
        case .jobsListed(let jobs, let moment):
            board.watch(jobs)
            poller.listAnswered(at: moment)
            markRunsOfVanishedJobs()
            needsArranging = true
        case .jobListFailed(let error, _):
            poller.listFailed(error, at: now)
        case .runs(let runs, let keys, let moment):
            board.record(runs, of: keys, at: moment)
            refreshOpenRuns(of: Set(keys), at: moment)
            needsArranging = true
        case .runsFailed(let error, let keys, _):
            board.recordFailure(of: keys, reason: error.summary)
            poller.runsFailed(error, at: now)
            needsArranging = true
        case .runsMissing(let reason, let keys, _):
            board.recordFailure(of: keys, reason: reason)
            needsArranging = true
        case .cycleEnded(let report):
            poller.cycleEnded(report)
        case .workspaceNamed(let name):
            place.workspace = name
        case .tasksListed(let tasks, let run, let moment, let note):
            changeOpenRun(run) { view in
                (view.tasks.tasks, view.tasks.answered, view.tasks.failure) = (tasks, moment, nil)
                view.tasks.note = note
            }
        case .tasksFailed(let error, let run, _):
            changeOpenRun(run) { $0.tasks.failure = error.summary }
        }
    }

    /// Brings the open runs up to date with the board. One that is no longer among the recent runs stays as it was.
    private mutating func refreshOpenRuns(of jobs: Set<JobID>, at moment: Date) {
        for (depth, inner) in inner.enumerated() {
            guard case .run(var view) = inner, let entry = board[view.run.job], jobs.contains(entry.id) else {
                continue
            }
            let listed = entry.listedRuns.first { $0.id == view.run.id }
            changeDocument(of: &view) { view in
                view.standing = listed == nil ? .olderThanListed : .listed
                if let listed { view.take(listed, at: moment) }
            }
            self.inner[depth] = .run(view)
        }
    }

    /// Marks the open runs whose job is no longer listed: no answer will contain them any more.
    private mutating func markRunsOfVanishedJobs() {
        for (depth, inner) in inner.enumerated() {
            guard case .run(var view) = inner, board[view.run.job] == nil else { continue }
            changeDocument(of: &view) { $0.standing = .jobGone }
            self.inner[depth] = .run(view)
        }
    }

    private mutating func changeOpenRun(_ run: RunID, _ change: (inout RunView) -> Void) {
        for (depth, inner) in inner.enumerated() {
            guard case .run(var view) = inner, view.run.id == run else { continue }
            changeDocument(of: &view, change)
            self.inner[depth] = .run(view)
        }
    }

    /// Changes a run's document without moving what is being read: the trace when some of it is in sight, else the
    /// tasks. The start of the text stays in sight as well.
    private func changeDocument(of view: inout RunView, _ change: (inout RunView) -> Void) {
        let before = RunDocument(of: view, in: self)
        let top = view.pager.top
        let bottom = layout(before, view.pager).position(top, movedBy: max(pagerSize.rows - 1, 0))
        change(&view)
        let after = RunDocument(of: view, in: self)
        let (tasksMoved, traceMoved) = (after.tasksStart - before.tasksStart, after.traceStart - before.traceStart)
        view.pager.shiftMatch(by: tasksMoved, within: before.tasksStart..<before.traceStart)
        view.pager.shiftMatch(by: traceMoved, within: before.traceStart..<before.lines.count)
        guard top > Pager.Position() else { return }
        if bottom.line >= before.traceStart {
            view.pager.top.line = max(top.line + traceMoved, 0)
        } else if bottom.line >= before.tasksStart {
            view.pager.top.line = max(top.line + tasksMoved, 0)
        }
    }
}

extension RunView {
    /// Takes the run of the newest answer.
    fileprivate mutating func take(_ run: JobRun, at moment: Date) {
        lastSeen = moment
        guard run != self.run else { return }
        if run.errorTrace != self.run.errorTrace { trace = ErrorTrace(run.errorTrace) }
        self.run = run
        tasks.isOutdated = true
    }
}
