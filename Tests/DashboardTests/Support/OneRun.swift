import Foundation
import Polling
import Runs
import Screen
import TestSupport

@testable import Dashboard

/// A board with one job and one run, for the tests of the run's screen.
enum OneRun {
    static let job = Job(id: JobID("job"), name: "orders")
    static let key = RunID("run")

    static func run(
        _ status: RunStatus = .failed, trace: String? = nil, message: String? = nil,
        _ change: (inout JobRun) -> Void = { _ in }
    ) -> JobRun {
        var run = JobRun(id: key, status: status)
        run.jobName = job.name
        run.created = Sample.now.addingTimeInterval(-240)
        run.started = Sample.now.addingTimeInterval(-228)
        if !status.isActive { run.ended = Sample.now.addingTimeInterval(-168) }
        run.errorTrace = trace
        run.stateMessage = message
        change(&run)
        return run
    }

    /// The board, and the keys pressed on it.
    static func state(_ run: JobRun, _ size: Size = Size(rows: 24, columns: 80), _ keys: Key...) -> DashboardState {
        var state = Sample.state(size, board: false)
        state.feed(.jobsListed([job], at: Sample.now))
        state.feed(.runs([run], of: [job.id], at: Sample.now))
        for key in keys { state.press(key) }
        return state
    }

    /// `line 1.` to `line 100.`: a text longer than a screen.
    static let lines = (1...100).map { "line \($0)." }

    /// The board with the run open, whose trace these lines are: 21 rows of it are in sight on 24 rows.
    static func reading(
        _ lines: [String] = lines, _ size: Size = Size(rows: 24, columns: 80), _ keys: Key...
    ) -> DashboardState {
        var state = state(run(trace: lines.joined(separator: "\n")), size, .enter, .enter)
        for key in keys { state.press(key) }
        return state
    }

    static func tasks(_ count: Int, _ status: RunStatus = .success) -> [TaskRun] {
        (0..<count).map { index in
            var task = TaskRun(key: "task-\(index)", status: status)
            task.started = Sample.now.addingTimeInterval(-100)
            if !status.isActive { task.ended = Sample.now.addingTimeInterval(-40) }
            return task
        }
    }

    /// A trace whose cause has many lines before and after it.
    static let longTrace =
        (1...60).map { "before \($0)" }.joined(separator: "\n") + "\nKeyError: 'id'\n"
        + (1...60).map { "after \($0)" }.joined(separator: "\n")
}
