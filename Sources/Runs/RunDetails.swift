import Foundation

/// The fields of a single run that a list of runs does not contain.
package struct RunDetails: Hashable, Sendable {
    /// The run itself, with the keys of its place.
    package var run: JobRun
    /// How long the set-up, the work and the clean-up took.
    package var setup: Duration?
    package var execution: Duration?
    package var cleanup: Duration?
    package var parameters: [RunParameter] = []
    /// The attempts, oldest first; empty for a run that was never repaired.
    package var attempts: [RunAttempt] = []
    /// The key of the run whose task started it.
    package var parent: String?
    /// The key of the first run in the chain of runs that started each other.
    package var root: String?

    package init(run: JobRun) { self.run = run }
}

/// One attempt at a run or at a task: the first, a repair, a retry.
package struct RunAttempt: Hashable, Sendable {
    /// Starts at 0.
    package var number: Int?
    /// `ORIGINAL` or `REPAIR`, unchanged.
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

/// A task as the job describes it, whether it has run or not.
package struct TaskNode: Hashable, Sendable {
    package let key: String
    /// The type, such as `NOTEBOOK_TASK`, unchanged.
    package var kind: String?
    /// The keys of the tasks that this task waits for.
    package var after: [String]
    package var mostRetries: Int?

    package init(key: String, kind: String? = nil, after: [String] = [], mostRetries: Int? = nil) {
        (self.key, self.kind, self.after, self.mostRetries) = (key, kind, after, mostRetries)
    }
}

/// Identifies a task of a run.
package struct TaskRunID: Hashable, Sendable {
    package let run: RunID
    package let key: String

    package init(run: RunID, key: String) { (self.run, self.key) = (run, key) }
}

/// The output of a task, and other fields that only the single task has.
package struct TaskOutput: Hashable, Sendable {
    /// The printed text, with a line in place of each part that is not text.
    package var text: String
    package var errorTrace: String?
    /// Whether the service kept only part of the output.
    package var isTruncated = false
    package var setup: Duration?
    package var execution: Duration?
    package var cleanup: Duration?
    /// The earlier attempts, oldest first.
    package var earlierTries: [RunAttempt] = []
    /// Whether the task has any output.
    package var exists = true

    package init(text: String) { self.text = text }
}
