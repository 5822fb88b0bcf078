import Foundation

/// What a person asks the service to do: to repair a run, to run a job again, or to cancel a run.
package struct RunAction: Hashable, Sendable {
    package var verb: Verb
    package let target: ActionTarget

    package init(_ verb: Verb, of target: ActionTarget) {
        self.verb = verb
        self.target = target
    }

    package enum Verb: Hashable, Sendable {
        case repair(RunRepair)
        /// Runs the job with these parameters in place of its own; none leaves all as they are.
        case trigger([RunParameter])
        case cancel
    }

    /// The word of the command line and of the journal.
    package var word: String {
        switch verb {
        case .repair: "repair"
        case .trigger: "trigger"
        case .cancel: "cancel"
        }
    }

    /// What a person reads: `repair`, `run`, `cancel`.
    package var name: String {
        if case .trigger = verb { "run" } else { word }
    }

    /// How it is carried out, where there is something to say: `rerun`, `tasks load, publish`, `day=today`.
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
        /// Only the tasks that did not succeed, and those after them.
        case resume
        /// All tasks.
        case rerun
    }

    package var mode: Mode
    /// The tasks to run again, and all that depend on them; empty leaves the choice to the mode.
    package var tasks: [String]

    package init(_ mode: Mode = .resume, tasks: [String] = []) {
        self.mode = mode
        self.tasks = tasks
    }
}

/// A name and a value handed to a run.
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

/// What an action is meant for, and what was known of it when the person was asked: another state of it is another target.
package struct ActionTarget: Hashable, Sendable {
    package let job: JobID
    package let jobName: String
    /// `nil` for a job that is run again.
    package let run: RunID?
    /// What was known of the run.
    package let known: KnownRun?
    /// The run whose parameters a job is to be run with again.
    package let parametersOf: RunID?

    package struct KnownRun: Hashable, Sendable {
        package var status: RunStatus
        /// When the service last changed it, where it says so.
        package var updated: Date?

        package init(status: RunStatus, updated: Date? = nil) {
            self.status = status
            self.updated = updated
        }

        package init(_ run: JobRun) { self.init(status: run.status, updated: run.updated) }

        /// Whether a run is as it was known: its status, and when it was changed where both say so.
        package func isSame(as other: KnownRun) -> Bool {
            guard status == other.status else { return false }
            guard let updated, let changed = other.updated else { return true }
            // A list may give fewer digits of a second than the single run.
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

    /// A run of a job.
    package init(_ run: JobRun, jobName: String) {
        self.init(job: run.job, jobName: jobName, run: run.id, known: KnownRun(run))
    }

    package var place: Place { job.place }
}

/// How a person said yes.
package enum ActionConfirmation: Hashable, Sendable {
    /// With a key or an option for that alone.
    case yes
    /// By typing the name of the place.
    case placeName(String)
}

/// An action that a person said yes to. Whether it is allowed is decided where it is carried out.
package struct ActionRequest: Hashable, Sendable {
    package var action: RunAction
    package var confirmation: ActionConfirmation

    package init(_ action: RunAction, confirmed confirmation: ActionConfirmation) {
        self.action = action
        self.confirmation = confirmation
    }
}
