import Foundation

/// A change that a person requests: to repair a run, to run a job again, or to cancel a run.
package struct RunAction: Hashable, Sendable {
    package var verb: Verb
    package let target: ActionTarget

    package init(_ verb: Verb, of target: ActionTarget) {
        self.verb = verb
        self.target = target
    }

    package enum Verb: Hashable, Sendable {
        case repair(RunRepair)
        /// Runs the job with these parameters in place of its own; an empty list changes none.
        case trigger([RunParameter])
        case cancel
    }

    /// The word in the command line and in the journal.
    package var word: String {
        switch verb {
        case .repair: "repair"
        case .trigger: "trigger"
        case .cancel: "cancel"
        }
    }

    /// The word on the screen: `repair`, `run`, `cancel`.
    package var name: String {
        if case .trigger = verb { "run" } else { word }
    }

    /// The options, if any: `rerun`, `tasks load, publish`, `day=today`.
    package var details: String {
        switch verb {
        case .repair(let repair):
            let tasks = repair.tasks.isEmpty ? "" : " tasks " + repair.tasks.joined(separator: ", ")
            return repair.mode.rawValue + tasks
        case .trigger(let parameters): return parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        case .cancel: return ""
        }
    }
}

/// How a run is repaired.
package struct RunRepair: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Only the tasks that did not succeed, and the tasks that depend on them.
        case resume
        /// All tasks.
        case rerun
    }

    package var mode: Mode
    /// The tasks to run again, with all tasks that depend on them; if empty, the mode decides.
    package var tasks: [String]

    package init(_ mode: Mode = .resume, tasks: [String] = []) {
        self.mode = mode
        self.tasks = tasks
    }
}

/// A name and a value passed to a run.
package struct RunParameter: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Reads `NAME=VALUE`; `nil` without a name or without `=`.
    package init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let name = text[..<equals].trimmingPrefix { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        guard !name.isEmpty else { return nil }
        self.init(name: String(name), value: String(text[text.index(after: equals)...]))
    }
}

/// The target of an action, with its state when the person was asked. The same run in another state is another target.
package struct ActionTarget: Hashable, Sendable {
    package let job: JobID
    package let jobName: String
    /// `nil` for a job to run again.
    package let run: RunID?
    /// The known state of the run.
    package let known: KnownRun?
    /// The run whose parameters to use when the job is run again.
    package let parametersOf: RunID?

    package struct KnownRun: Hashable, Sendable {
        package var status: RunStatus
        /// When the service last changed it; `nil` if it does not say.
        package var updated: Date?

        package init(status: RunStatus, updated: Date? = nil) {
            self.status = status
            self.updated = updated
        }

        package init(_ run: JobRun) { self.init(status: run.status, updated: run.updated) }

        /// Whether the run has not changed: it has the same status, and the same time of change if both are known.
        package func isSame(as other: KnownRun) -> Bool {
            guard status == other.status else { return false }
            guard let updated, let changed = other.updated else { return true }
            // A list may have fewer digits of a second than the single run.
            return abs(updated.timeIntervalSince(changed)) < 1
        }
    }

    package init(
        job: JobID, jobName: String, run: RunID? = nil, known: KnownRun? = nil, parametersOf: RunID? = nil
    ) {
        self.job = job
        self.jobName = jobName
        self.run = run
        self.known = known
        self.parametersOf = parametersOf
    }

    package init(_ run: JobRun, jobName: String) {
        self.init(job: run.job, jobName: jobName, run: run.id, known: KnownRun(run))
    }

    package var place: Place { job.place }
}

/// How a person confirmed an action.
package enum ActionConfirmation: Hashable, Sendable {
    /// By a key or an option that only confirms.
    case yes
    /// By typing the name of the place.
    case placeName(String)
}

/// An action that a person confirmed. The gate decides later whether it is allowed.
package struct ActionRequest: Hashable, Sendable {
    package var action: RunAction
    package var confirmation: ActionConfirmation

    package init(_ action: RunAction, confirmed confirmation: ActionConfirmation) {
        self.action = action
        self.confirmation = confirmation
    }
}
