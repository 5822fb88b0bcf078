import Foundation

/// An action that was asked for, as the journal keeps it: when, who, what, and what came of it.
package struct ActionRecord: Hashable, Sendable, Identifiable {
    /// The retry token that it was sent with: another one for each action.
    package let id: String
    package let action: RunAction
    /// When the person said yes.
    package let begun: Date
    package let actor: Actor
    /// The display name of the place, or its key.
    package let placeName: String
    package var outcome: Outcome
    /// What the service, or the network, said; a sentence. Untrusted text.
    package var answer: String
    /// When the outcome was known; `nil` before that.
    package var ended: Date?
    /// The service's `opc-request-id` of the request.
    package var requestID: String?
    /// The key of the run that a trigger started.
    package var startedRun: String?

    /// Who acted.
    package struct Actor: Hashable, Sendable {
        /// The user of the operating system.
        package var systemUser: String
        /// Whom OCI takes the request to be from: a user's OCID, or how it was signed in.
        package var principal: String

        package init(systemUser: String, principal: String) {
            self.systemUser = systemUser
            self.principal = principal
        }
    }

    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Under way; of an action of another session: it ended before the outcome was known.
        case sent
        /// Carried out: the run was seen after it.
        case confirmed
        /// Not carried out: what it was meant for has changed, or the service does not allow it.
        case refused
        /// Not carried out: the service could not be asked.
        case failed
        /// The answer was lost, and the run does not show whether it was carried out.
        case unconfirmed

        /// The words for it.
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

    /// The outcome of a record that is read back: one that says no more than “sent” was interrupted.
    package var outcomeWords: String { outcome == .sent ? Outcome.unconfirmed.words : outcome.words }

    /// The same record with its outcome.
    package func ended(_ outcome: Outcome, _ answer: String, at moment: Date) -> ActionRecord {
        var record = self
        (record.outcome, record.answer, record.ended) = (outcome, answer, moment)
        return record
    }
}

/// Where actions are written down.
package protocol ActionJournal: Sendable {
    /// Writes a record, in place of an earlier state of it.
    func keep(_ record: ActionRecord) async throws

    /// Up to so many records, the newest first.
    func newestActions(_ most: Int) async throws -> [ActionRecord]
}

/// An error that says in a sentence what is wrong.
package protocol ReasonedError: Error {
    var reason: String { get }
}
