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
package struct JobRun: Hashable, Sendable, Identifiable {
    package let id: RunID
    package var name: String?
    package var jobName: String?
    package var status: RunStatus
    package var stateMessage: String?
    package var errorTrace: String?
    /// A hint besides CANCELED and FAILED; where they disagree, the status is right.
    package var isUserCanceledOrTimedOut: Bool?
    /// When it was created or queued.
    package var created: Date?
    package var updated: Date?
    /// When execution began.
    package var started: Date?
    /// When it ended; `nil` while it has not, whatever impossible value the wire carried.
    package var ended: Date?
    /// How long execution took, as the service counted it.
    package var executionDuration: Duration?
    package var launch: Launch?
    /// Who triggered it: an OCID.
    package var createdBy: String?
    package var createdByName: String?
    /// Who it acts as.
    package var runAs: String?

    package var job: JobID { id.job }

    package init(id: RunID, status: RunStatus) {
        self.id = id
        self.status = status
    }

    /// How long it took, or has taken until `now` while it is active.
    ///
    /// The service's own count where it is more than zero, else end − start; of an active run, now − start.
    /// `nil` before it starts, and for a run that is over but does not say when it ended.
    package func duration(at now: Date) -> Duration? {
        if status.isActive {
            return started.map { Duration(from: $0, to: now) }
        }
        if let executionDuration, executionDuration > .zero { return executionDuration }
        guard let started, let ended else { return nil }
        return Duration(from: started, to: ended)
    }

    /// How long it waited between being created and starting, or has waited until `now`.
    package func queueWait(at now: Date) -> Duration? {
        guard let created else { return nil }
        if let started { return Duration(from: created, to: started) }
        return status.isActive ? Duration(from: created, to: now) : nil
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
