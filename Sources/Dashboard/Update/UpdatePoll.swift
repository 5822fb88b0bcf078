import AIDPClient
import Foundation
import Polling
import Runs
import Screen

extension DashboardState {
    /// Takes what the poller tells. A failure marks what it concerns, and erases nothing.
    mutating func take(_ event: PollEvent) {
        switch event {
        case .phase(let phase):
            poller.phase = phase
        case .jobsListed(let jobs, let moment):
            board.watch(jobs)
            poller.jobsListed = moment
            needsArranging = true
        case .jobListFailed(let error, _):
            poller.meet(error, at: now)
        case .runs(let runs, let keys, let moment):
            board.record(runs, of: keys, at: moment)
            refreshOpenRuns(of: Set(keys))
            needsArranging = true
        case .runsFailed(let error, let keys, _):
            board.recordFailure(of: keys, reason: error.summary)
            poller.meet(error, at: now)
            needsArranging = true
        case .cycleEnded(let report):
            poller.finish(report)
        case .tasksListed(let tasks, let run, _):
            show(.listed(tasks), of: run)
        case .tasksFailed(let error, let run, _):
            show(.failed(error.summary), of: run)
        }
    }

    /// Brings the open runs up to date with the board. One that is no longer among the recent runs stays as it was.
    private mutating func refreshOpenRuns(of jobs: Set<JobKey>) {
        for (depth, inner) in inner.enumerated() {
            guard case .run(var view) = inner, jobs.contains(view.run.jobKey) else { continue }
            let listed = board[view.run.jobKey]?.listedRuns.first { $0.key == view.run.key }
            view.isListed = listed != nil
            if let listed, listed != view.run { changeDocument(of: &view) { $0.take(listed) } }
            self.inner[depth] = .run(view)
        }
    }

    private mutating func show(_ tasks: RunView.TaskList, of run: RunKey) {
        for (depth, inner) in inner.enumerated() {
            guard case .run(var view) = inner, view.run.key == run else { continue }
            changeDocument(of: &view) { $0.tasks = tasks }
            self.inner[depth] = .run(view)
        }
    }

    /// Changes a run's document without moving the trace being read.
    private func changeDocument(of view: inout RunView, _ change: (inout RunView) -> Void) {
        let before = RunDocument(of: view, in: self).traceStart
        change(&view)
        let after = RunDocument(of: view, in: self).traceStart
        view.pager.shift(by: after - before, from: before)
    }
}

extension RunView {
    /// Takes the run as the newest answer has it.
    fileprivate mutating func take(_ run: JobRun) {
        if run.errorTrace != self.run.errorTrace { trace = ErrorTrace(run.errorTrace) }
        self.run = run
    }
}
