import Foundation

/// An action as the journal stores it: when, by whom, what, and its outcome.
package struct ActionRecord: Hashable, Sendable, Identifiable {
    /// The retry token that was sent with the action; unique to it.
    package let id: String
    package let action: RunAction
    /// When the user confirmed it.
    package let begun: Date
    package let actor: Actor
    /// The display name of the place, or its key.
    package let placeName: String
    package var outcome: Outcome
    /// The answer of the service, or the network error; one sentence. Untrusted text.
    package var answer: String
    /// When the outcome became known; `nil` before that.
    package var ended: Date?
    /// The service's `opc-request-id` of the request.
    package var requestID: String?
    /// The key of the run that a trigger started.
    package var startedRun: String?

    /// Who requested an action.
    package struct Actor: Hashable, Sendable {
        /// The user of the operating system.
        package var systemUser: String
        /// The principal for OCI: a user's OCID, or how runtop is signed in.
        package var principal: String

        package init(systemUser: String, principal: String) {
            self.systemUser = systemUser
            self.principal = principal
        }
    }

    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// In progress; in a record of another session: it ended before the outcome was known.
        case sent
        /// Done: a later answer of the service shows the run.
        case confirmed
        /// Not done: its target has changed, or the service does not allow it.
        case refused
        /// Not done: the service was unreachable.
        case failed
        /// The answer was lost, and the run does not show whether the action was done.
        case unconfirmed

        /// The text for the user.
        package var words: String {
            switch self {
            case .sent, .confirmed, .refused, .failed: rawValue
            case .unconfirmed: "sent, not confirmed"
            }
        }
    }

    package init(
        id: String, action: RunAction, begun: Date, actor: Actor, placeName: String, outcome: Outcome = .sent,
        answer: String = "", ended: Date? = nil, requestID: String? = nil, startedRun: String? = nil
    ) {
        (self.id, self.action, self.begun, self.actor) = (id, action, begun, actor)
        (self.placeName, self.outcome, self.answer) = (placeName, outcome, answer)
        (self.ended, self.requestID, self.startedRun) = (ended, requestID, startedRun)
    }

    /// The text of the outcome of a stored record: one that is still “sent” was interrupted.
    package var outcomeWords: String { outcome == .sent ? Outcome.unconfirmed.words : outcome.words }

    /// The same record with an outcome.
    package func ended(_ outcome: Outcome, _ answer: String, at moment: Date) -> ActionRecord {
        var record = self
        (record.outcome, record.answer, record.ended) = (outcome, answer, moment)
        return record
    }
}

/// Stores actions.
package protocol ActionJournal: Sendable {
    /// Stores a record, and replaces an earlier state of it.
    func keep(_ record: ActionRecord) async throws

    /// At most `most` records, the newest first.
    func newestActions(_ most: Int) async throws -> [ActionRecord]
}

/// An error with a sentence for the user.
package protocol ReasonedError: Error {
    var reason: String { get }
}
