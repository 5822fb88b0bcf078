import Synchronization

/// What people did by the API: runs started, cancelled and repaired. It is all that a world stores, and it forgets what
/// can no longer be asked for.
final class Interventions: Sendable {
    private let acts = Mutex(Acts())

    /// The acts so far.
    var all: Acts { acts.withLock { $0 } }

    /// Carries out one act, or refuses it, while all others wait.
    func act<Outcome: Sendable>(_ body: (inout Acts) throws(Refusal) -> Outcome) throws(Refusal) -> Outcome {
        try acts.withLock { acts throws(Refusal) in try body(&acts) }
    }
}

/// The acts of people, as values.
struct Acts: Sendable {
    /// The attempts of every run that a person started or changed, in place of those the world would have made.
    private(set) var attempts: [RunKey: [Attempt]] = [:]
    /// The runs that people started, by job; the newest last.
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

    /// Puts these attempts in place of a run's own.
    mutating func change(_ key: RunKey, _ changed: [Attempt]) { attempts[key] = changed }

    /// The request a token was used for, if that is remembered.
    func answered(_ token: String, at moment: Milliseconds) -> Answered? {
        answered[token].flatMap { moment - $0.at < Self.tokenLife ? $0 : nil }
    }

    mutating func remember(_ token: String, _ answer: Answered) {
        answered = answered.filter { answer.at - $0.value.at < Self.tokenLife }
        answered[token] = answer
    }

    /// Forgets the runs of a job from before this slot.
    mutating func forget(job: Int, before slot: Int) {
        started[job]?.removeAll { $0.slot < slot }
        attempts = attempts.filter { $0.key.job != job || $0.key.slot >= slot }
    }
}
