import Foundation

/// What the service says of a single run besides what a list of runs has.
package struct RunDetails: Hashable, Sendable {
    /// The run itself, with the keys of its place.
    package var run: JobRun
    /// How long it took to make ready, to do its work, and to clean up.
    package var setup: Duration?
    package var execution: Duration?
    package var cleanup: Duration?
    package var parameters: [RunParameter] = []
    /// The attempts at it, oldest first; empty for a run that was never repaired.
    package var attempts: [RunAttempt] = []
    /// The key of the run whose task started it.
    package var parent: String?
    /// The key of the run that all began with.
    package var root: String?

    package init(run: JobRun) { self.run = run }
}

/// One attempt at a run or at a task: the first, a repair, a retry.
package struct RunAttempt: Hashable, Sendable {
    /// From 0.
    package var number: Int?
    /// `ORIGINAL`, `REPAIR`, as it came.
    package var kind: String?
    package var status: RunStatus
    package var started: Date?
    package var ended: Date?
    package var message: String?

    package init(status: RunStatus) { self.status = status }

    package var duration: Duration? {
        guard let started, let ended else { return nil }
        return Duration(from: started, to: ended)
    }
}

/// A task of a job as the job describes it, whether it has run or not.
package struct TaskNode: Hashable, Sendable {
    package let key: String
    /// `NOTEBOOK_TASK` and the like, as it came.
    package var kind: String?
    /// The keys of the tasks that it waits for.
    package var after: [String]
    package var mostRetries: Int?

    package init(key: String, kind: String? = nil, after: [String] = [], mostRetries: Int? = nil) {
        (self.key, self.kind, self.after, self.mostRetries) = (key, kind, after, mostRetries)
    }
}

/// The key of a task of a run, and the run.
package struct TaskRunID: Hashable, Sendable {
    package let run: RunID
    package let key: String

    package init(run: RunID, key: String) { (self.run, self.key) = (run, key) }
}

/// What a task printed, and what else the service says of the task alone.
package struct TaskOutput: Hashable, Sendable {
    /// What it printed; of parts that are no text, a line that says so.
    package var text: String
    package var errorTrace: String?
    /// Whether the service kept only a part.
    package var isTruncated = false
    package var setup: Duration?
    package var execution: Duration?
    package var cleanup: Duration?
    /// The tries before the one whose output this is, oldest first.
    package var earlierTries: [RunAttempt] = []
    /// Whether the task has an output at all.
    package var exists = true

    package init(text: String) { self.text = text }
}
