import Foundation

/// The fields of a run that statistics and strips need: small, because a board keeps many per job.
package struct PastRun: Hashable, Sendable, Identifiable {
    /// The run's key within its job.
    package let key: String
    package var status: RunStatus
    package var launch: Launch?
    /// The line that names the root cause of a failure, as the service sent it.
    package var cause: String?
    private var createdSeconds = CompactMoment()
    private var startedSeconds = CompactMoment()
    private var endedSeconds = CompactMoment()
    /// -1 if unknown.
    private var executionMilliseconds: Int64 = -1
    /// Whether the run is known to have been repaired: then its start does not show how long it waited at first.
    private var isRepaired = false

    package var id: String { key }

    package init(key: String, status: RunStatus) {
        self.key = key
        self.status = status
    }

    package init(_ run: JobRun, cause: String? = nil) {
        self.init(key: run.id.key, status: run.status)
        (created, started, ended) = (run.created, run.started, run.ended)
        executionDuration = run.executionDuration
        launch = run.launch
        isRepaired = run.repaired != nil
        self.cause = cause
    }

    /// The current attempt of a run, as if it were a run of its own: a repaired run waits since its repair.
    init(presentAttemptOf run: JobRun) {
        self.init(run)
        (created, started) = (run.attemptCreated, run.attemptStarted)
    }

    package var created: Date? {
        get { createdSeconds.date }
        set { createdSeconds = CompactMoment(newValue) }
    }

    package var started: Date? {
        get { startedSeconds.date }
        set { startedSeconds = CompactMoment(newValue) }
    }

    /// `nil` if it has not ended.
    package var ended: Date? {
        get { endedSeconds.date }
        set { endedSeconds = CompactMoment(newValue) }
    }

    /// How long execution took, measured by the service, in whole milliseconds.
    package var executionDuration: Duration? {
        get { executionMilliseconds < 0 ? nil : .milliseconds(executionMilliseconds) }
        set { executionMilliseconds = newValue?.wholeMilliseconds ?? -1 }
    }

    /// The time that orders the runs: the creation, or else the start, or else the end.
    package var moment: Date? { created ?? started ?? ended }

    /// How long a finished run took: the service's own value if it is more than zero, else end − start.
    package var finalDuration: Duration? {
        if let executionDuration, executionDuration > .zero { return executionDuration }
        guard let started, let ended else { return nil }
        return Duration(from: started, to: ended)
    }

    /// The time between creation and start; `nil` before the start, and for a repaired run.
    package var wait: Duration? {
        guard !isRepaired, let created, let started else { return nil }
        return Duration(from: created, to: started)
    }
}

extension JobRun {
    /// A run with only the fields of a past run.
    init(_ run: PastRun, of job: JobID) {
        self.init(id: RunID(job: job, key: run.key), status: run.status)
        (created, started, ended) = (run.created, run.started, run.ended)
        (executionDuration, launch) = (run.executionDuration, run.launch)
    }
}

/// An optional date in eight bytes.
private struct CompactMoment: Hashable, Sendable {
    private static let none = -Double.greatestFiniteMagnitude
    private var seconds = Self.none

    init(_ date: Date? = nil) {
        guard let seconds = date?.timeIntervalSinceReferenceDate, !seconds.isNaN else { return }
        self.seconds = seconds
    }

    var date: Date? { seconds == Self.none ? nil : Date(timeIntervalSinceReferenceDate: seconds) }
}
