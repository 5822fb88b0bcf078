import Foundation

/// What started a run.
package enum Launch: Hashable, Sendable {
    case scheduled
    case manual
    /// A value that the reference does not list, unchanged.
    case unknown(String)

    /// Reads the API's value. An absent value is `nil`, because the service does not send the documented default `MANUAL`.
    package init?(wireValue: String?) {
        switch wireValue {
        case nil, "": return nil
        case "SCHEDULED": self = .scheduled
        case "MANUAL": self = .manual
        case .some(let value): self = .unknown(value)
        }
    }

    package var wireValue: String {
        switch self {
        case .scheduled: "SCHEDULED"
        case .manual: "MANUAL"
        case .unknown(let value): value
        }
    }
}

/// One run of a job. Texts are unchanged from the service: hostile until the screen makes them safe.
///
/// The board, the poller and the screen all keep thousands of runs, so copies share their fields.
package struct JobRun: Hashable, Sendable, Identifiable {
    private struct Fields: Hashable, Sendable {
        let id: RunID
        var name: String?
        var jobName: String?
        var status: RunStatus
        var stateMessage: String?
        var errorTrace: String?
        var isUserCanceledOrTimedOut: Bool?
        var created: Date?
        var updated: Date?
        var started: Date?
        var ended: Date?
        var executionDuration: Duration?
        var launch: Launch?
        var createdBy: String?
        var createdByName: String?
        var runAs: String?
        var repaired: Date?
    }

    private var fields: Shared<Fields>

    package init(id: RunID, status: RunStatus) {
        fields = Shared(Fields(id: id, status: status))
    }

    package var id: RunID { fields.value.id }
    package var job: JobID { id.job }

    package static func == (left: JobRun, right: JobRun) -> Bool {
        left.fields.isSame(as: right.fields) || left.fields.value == right.fields.value
    }

    /// Hashes only the id: runs with the same id are nearly always equal.
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// A hash of all fields, to detect any change.
    package var contentHash: Int { fields.value.hashValue }

    package var name: String? {
        get { fields.value.name }
        set { fields.change { $0.name = newValue } }
    }

    package var jobName: String? {
        get { fields.value.jobName }
        set { fields.change { $0.jobName = newValue } }
    }

    package var status: RunStatus {
        get { fields.value.status }
        set { fields.change { $0.status = newValue } }
    }

    package var stateMessage: String? {
        get { fields.value.stateMessage }
        set { fields.change { $0.stateMessage = newValue } }
    }

    package var errorTrace: String? {
        get { fields.value.errorTrace }
        set { fields.change { $0.errorTrace = newValue } }
    }

    /// A hint next to CANCELED and FAILED; if they disagree, the status is right.
    package var isUserCanceledOrTimedOut: Bool? {
        get { fields.value.isUserCanceledOrTimedOut }
        set { fields.change { $0.isUserCanceledOrTimedOut = newValue } }
    }

    /// When the run was created or queued.
    package var created: Date? {
        get { fields.value.created }
        set { fields.change { $0.created = newValue } }
    }

    package var updated: Date? {
        get { fields.value.updated }
        set { fields.change { $0.updated = newValue } }
    }

    /// When execution began.
    package var started: Date? {
        get { fields.value.started }
        set { fields.change { $0.started = newValue } }
    }

    /// When the run ended; `nil` before that, and if the service sent an impossible value.
    package var ended: Date? {
        get { fields.value.ended }
        set { fields.change { $0.ended = newValue } }
    }

    /// How long execution took, measured by the service.
    package var executionDuration: Duration? {
        get { fields.value.executionDuration }
        set { fields.change { $0.executionDuration = newValue } }
    }

    package var launch: Launch? {
        get { fields.value.launch }
        set { fields.change { $0.launch = newValue } }
    }

    /// The OCID of the user who triggered the run.
    package var createdBy: String? {
        get { fields.value.createdBy }
        set { fields.change { $0.createdBy = newValue } }
    }

    package var createdByName: String? {
        get { fields.value.createdByName }
        set { fields.change { $0.createdByName = newValue } }
    }

    /// The identity that the run uses.
    package var runAs: String? {
        get { fields.value.runAs }
        set { fields.change { $0.runAs = newValue } }
    }

    /// When the run was last repaired; `nil` if it was not, or runtop did not see it.
    ///
    /// A list of runs does not contain it; it follows from two answers, see ``repair(after:)``.
    package var repaired: Date? {
        get { fields.value.repaired }
        set { fields.change { $0.repaired = newValue } }
    }

    /// When the run was last repaired, compared with its state in an earlier answer: if it was finished then and is active
    /// now, the time of its last change; `nil` if that is unknown.
    func repair(after earlier: JobRun) -> Date? {
        guard status.isActive, !earlier.status.isActive, earlier.status.meaning != .unknown else {
            return earlier.repaired
        }
        return updated
    }

    /// When the current attempt was created: the creation of the run, or its last repair.
    package var attemptCreated: Date? { repaired ?? created }

    /// When the current attempt started. The service may keep the start of the first attempt: then a repaired run that is
    /// running has started when it was repaired.
    package var attemptStarted: Date? {
        guard let repaired, let started, started < repaired else { return started }
        return status.isWaiting ? nil : repaired
    }

    /// How long the run took, or how long an active run has taken until `now`.
    ///
    /// For an active run, now − start; for a finished run, the service's own value if it is more than zero, else end −
    /// start. `nil` before the start, and for a finished run without an end time.
    package func duration(at now: Date) -> Duration? {
        if status.isActive {
            return attemptStarted.map { Duration(from: $0, to: now) }
        }
        if let executionDuration, executionDuration > .zero { return executionDuration }
        guard let started, let ended else { return nil }
        return Duration(from: started, to: ended)
    }

    /// The time from the creation, or the repair, to the start, or until `now` if the run has not started.
    package func queueWait(at now: Date) -> Duration? {
        guard let attemptCreated else { return nil }
        if let attemptStarted { return Duration(from: attemptCreated, to: attemptStarted) }
        return status.isActive ? Duration(from: attemptCreated, to: now) : nil
    }

    /// The time that orders the runs: the creation, or else the start, or else the end.
    package var moment: Date? { created ?? started ?? ended }

    /// Who triggered the run: the name, or else the OCID; `nil` if the service sends neither.
    package var who: String? { [createdByName, createdBy].lazy.compactMap(\.self).first { !$0.isEmpty } }
}

/// One task of a run.
package struct TaskRun: Hashable, Sendable, Identifiable {
    package let key: String
    package var name: String?
    package var taskKey: String?
    package var status: RunStatus
    package var stateMessage: String?
    package var errorTrace: String?
    package var started: Date?
    package var ended: Date?
    /// 0 for the first attempt.
    package var retryAttempt: Int?

    package var id: String { key }

    package init(key: String, status: RunStatus) {
        self.key = key
        self.status = status
    }

    /// How long the task took, or how long an active one has taken until `now`.
    package func duration(at now: Date) -> Duration? {
        guard let started else { return nil }
        if status.isActive { return Duration(from: started, to: now) }
        return ended.map { Duration(from: started, to: $0) }
    }
}

extension Duration {
    /// The time from `start` to `end`; zero if `end` is earlier, because the clocks disagree.
    package init(from start: Date, to end: Date) {
        // A hostile date may be as large as the type allows; a century is longer than any run.
        let century = 100.0 * 366 * 86_400
        let seconds = end.timeIntervalSince(start)
        self = seconds.isFinite ? .seconds(min(max(seconds, 0), century)) : .zero
    }
}
