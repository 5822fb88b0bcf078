import Foundation

/// What started a run.
package enum Launch: Hashable, Sendable {
    case scheduled
    case manual
    /// A value the reference does not list, as it came.
    case unknown(String)

    /// Reads the wire's value. Absent is `nil`: the documented default `MANUAL` is not on the wire.
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

/// One run of a job. Text is as the service sent it: hostile until the screen has made it safe.
///
/// The board, the poller and the screen all hold runs, thousands of them, so their fields are shared.
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

    /// By the key alone: nearly always, runs with one key are one run.
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// A hash of every field: another one as soon as anything of the run has changed.
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

    /// A hint besides CANCELED and FAILED; where they disagree, the status is right.
    package var isUserCanceledOrTimedOut: Bool? {
        get { fields.value.isUserCanceledOrTimedOut }
        set { fields.change { $0.isUserCanceledOrTimedOut = newValue } }
    }

    /// When it was created or queued.
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

    /// When it ended; `nil` while it has not, whatever impossible value the wire carried.
    package var ended: Date? {
        get { fields.value.ended }
        set { fields.change { $0.ended = newValue } }
    }

    /// How long execution took, as the service counted it.
    package var executionDuration: Duration? {
        get { fields.value.executionDuration }
        set { fields.change { $0.executionDuration = newValue } }
    }

    package var launch: Launch? {
        get { fields.value.launch }
        set { fields.change { $0.launch = newValue } }
    }

    /// Who triggered it: an OCID.
    package var createdBy: String? {
        get { fields.value.createdBy }
        set { fields.change { $0.createdBy = newValue } }
    }

    package var createdByName: String? {
        get { fields.value.createdByName }
        set { fields.change { $0.createdByName = newValue } }
    }

    /// Who it acts as.
    package var runAs: String? {
        get { fields.value.runAs }
        set { fields.change { $0.runAs = newValue } }
    }

    /// When it was last repaired; `nil` if it was not, or nobody saw it.
    ///
    /// The service does not say it in a list of runs: two answers show it, see ``repair(after:)``.
    package var repaired: Date? {
        get { fields.value.repaired }
        set { fields.change { $0.repaired = newValue } }
    }

    /// When a run was last repaired that was `earlier` in an earlier answer: if it was over then and is active now, the
    /// moment of its last change, or else unknown.
    func repair(after earlier: JobRun) -> Date? {
        guard status.isActive, !earlier.status.isActive, earlier.status.meaning != .unknown else {
            return earlier.repaired
        }
        return updated
    }

    /// When its present attempt was created: the run itself, or its last repair.
    package var attemptCreated: Date? { repaired ?? created }

    /// When its present attempt started. A service may keep the start of the first attempt: a repaired run that runs has then
    /// started when it was repaired.
    package var attemptStarted: Date? {
        guard let repaired, let started, started < repaired else { return started }
        return status.isWaiting ? nil : repaired
    }

    /// How long it took, or has taken until `now` while it is active.
    ///
    /// The service's own count where it is more than zero, else end − start; of an active run, now − start.
    /// `nil` before it starts, and for a run that is over but does not say when it ended.
    package func duration(at now: Date) -> Duration? {
        if status.isActive {
            return attemptStarted.map { Duration(from: $0, to: now) }
        }
        if let executionDuration, executionDuration > .zero { return executionDuration }
        guard let started, let ended else { return nil }
        return Duration(from: started, to: ended)
    }

    /// How long it waited between its creation, or its repair, and its start, or has waited until `now`.
    package func queueWait(at now: Date) -> Duration? {
        guard let attemptCreated else { return nil }
        if let attemptStarted { return Duration(from: attemptCreated, to: attemptStarted) }
        return status.isActive ? Duration(from: attemptCreated, to: now) : nil
    }

    /// The moment by which runs are ordered: when it was created, else started, else ended.
    package var moment: Date? { created ?? started ?? ended }

    /// Who triggered it: the name, else the OCID; `nil` when the service names nobody.
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
    /// 0 for the first try.
    package var retryAttempt: Int?

    package var id: String { key }

    package init(key: String, status: RunStatus) {
        self.key = key
        self.status = status
    }

    /// How long it took, or has taken until `now` while it is active.
    package func duration(at now: Date) -> Duration? {
        guard let started else { return nil }
        if status.isActive { return Duration(from: started, to: now) }
        return ended.map { Duration(from: started, to: $0) }
    }
}

extension Duration {
    /// The time from one moment to a later one; zero when the clocks disagree about which is later.
    package init(from start: Date, to end: Date) {
        // A hostile date may be as far as the type reaches; a century is longer than any run.
        let century = 100.0 * 366 * 86_400
        let seconds = end.timeIntervalSince(start)
        self = seconds.isFinite ? .seconds(min(max(seconds, 0), century)) : .zero
    }
}
