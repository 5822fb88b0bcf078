import Synchronization

/// The runs that people started, cancelled and repaired with the API. A world stores nothing else, and removes the runs
/// that are too old to be listed.
final class Interventions: Sendable {
    private let changes = Mutex(RunChanges())

    /// All changes so far.
    var all: RunChanges { changes.withLock { $0 } }

    /// Makes one change, or refuses it. Changes are made one at a time.
    func update<Outcome: Sendable>(_ body: (inout RunChanges) throws(Refusal) -> Outcome) throws(Refusal) -> Outcome {
        try changes.withLock { changes throws(Refusal) in try body(&changes) }
    }
}

/// The changes that people made, as a value.
struct RunChanges: Sendable {
    /// The attempts of every run that a person started or changed, which replace the scheduled ones.
    private(set) var attempts: [RunKey: [Attempt]] = [:]
    /// The runs that people started, by job, newest last.
    private(set) var started: [Int: [RunKey]] = [:]
    private var answered: [String: Answered] = [:]

    /// A request that was carried out, by its `opc-retry-token`.
    struct Answered: Sendable {
        let request: String
        let run: RunKey
        let at: Milliseconds
    }

    /// How long a retry token is remembered, as in all of OCI: 24 hours.
    static let tokenLife: Milliseconds = 86_400_000

    /// Starts a run.
    mutating func start(_ key: RunKey, _ attempt: Attempt) {
        attempts[key] = [attempt]
        started[key.job, default: []].append(key)
    }

    /// Replaces the attempts of a run.
    mutating func replaceAttempts(of key: RunKey, with changed: [Attempt]) { attempts[key] = changed }

    /// The request that a token was used for in the last 24 hours.
    func answered(_ token: String, at moment: Milliseconds) -> Answered? {
        answered[token].flatMap { moment - $0.at < Self.tokenLife ? $0 : nil }
    }

    mutating func remember(_ token: String, _ answer: Answered) {
        answered = answered.filter { answer.at - $0.value.at < Self.tokenLife }
        answered[token] = answer
    }

    /// Removes the runs of a job before this slot.
    mutating func forget(job: Int, before slot: Int) {
        started[job]?.removeAll { $0.slot < slot }
        attempts = attempts.filter { $0.key.job != job || $0.key.slot >= slot }
    }
}
