import AIDP
import Foundation
import Runs

/// Carries out permitted actions: checks the target again, writes the journal, sends the request once, and polls the
/// run until the outcome is known.
package struct ActionSender: Sendable {
    let service: any ActionService
    private let journal: SessionJournal
    private let actor: ActionRecord.Actor
    private let environment: Environment

    /// The clock, the sleep function and the tokens. Tests replace them.
    package struct Environment: Sendable {
        package var now: @Sendable () -> Date
        package var newToken: @Sendable () -> String
        package var sleep: @Sendable (Duration) async throws -> Void

        package init(
            now: @escaping @Sendable () -> Date, newToken: @escaping @Sendable () -> String,
            sleep: @escaping @Sendable (Duration) async throws -> Void
        ) {
            (self.now, self.newToken, self.sleep) = (now, newToken, sleep)
        }

        package static let live = Environment(
            now: { Date() }, newToken: { UUID().uuidString.lowercased() }, sleep: { try await Task.sleep(for: $0) })
    }

    /// Receives the current record, and why the journal could not be written, if so.
    package typealias Report = @Sendable (ActionRecord, String?) async -> Void

    /// - Parameter actor: the user, for the journal.
    package init(
        service: any ActionService, journal: SessionJournal, actor: ActionRecord.Actor,
        environment: Environment = .live
    ) {
        (self.service, self.journal, self.actor, self.environment) = (service, journal, actor, environment)
    }

    /// The pauses between the polls while the outcome is unknown: one minute in total.
    static let pauses: [Duration] = [1, 1, 2, 3, 5, 8, 10, 10, 10, 10].map { .seconds($0) }

    /// Carries out an action.
    ///
    /// - Parameter report: receives the record before the request is sent, when its answer is lost, and at the end.
    /// - Returns: the record with its outcome, as it is in the journal.
    package func carryOut(
        _ permitted: PermittedAction, placeName: String, report: Report = { _, _ in }
    ) async -> ActionRecord {
        let action = permitted.action
        var record = ActionRecord(
            id: environment.newToken(), action: action, begun: environment.now(), actor: actor, placeName: placeName)
        let target: TargetBefore
        switch await look(at: action.target) {
        case .success(let found): target = found
        case .failure(let reason): return await end(record, reason.outcome, reason.answer, report)
        }
        await report(record, await journal.keep(record))
        let options = MutationOptions(retryToken: record.id, ifMatch: target.etag)
        switch await answer(to: permitted, options) {
        case .success(let answer):
            record.requestID = answer.opcRequestID
            if action.target.run == nil { record.startedRun = answer.item.summary.key }
            return await confirm(record, since: target, accepted: answer.item.summary.state?.status, report)
        case .failure(let error):
            record.requestID = error.opcRequestID
            guard error.mayHaveBeenCarriedOut else {
                return await end(record, error.isRefusal ? .refused : .failed, ActionWords.answer(error), report)
            }
            record.answer = ActionWords.answer(error)
            record.outcome = .unconfirmed
            await report(record, await journal.keep(record))
            return await confirm(record, since: target, accepted: nil, report)
        }
    }

    private func answer(
        to permitted: PermittedAction, _ options: MutationOptions
    ) async -> Result<Fetched<JobRunDetails>, ServiceError> {
        do throws(ServiceError) {
            return .success(try await service.carryOut(permitted, options))
        } catch {
            return .failure(error)
        }
    }

    /// Polls the run until it shows the outcome of the request, or the time is over.
    ///
    /// - Parameter accepted: the run's status in the service's answer; `nil` if the answer was lost.
    private func confirm(
        _ sent: ActionRecord, since before: TargetBefore, accepted: String?, _ report: Report
    ) async -> ActionRecord {
        var record = sent
        for pause in [.zero] + Self.pauses {
            if pause > .zero, (try? await environment.sleep(pause)) == nil { break }
            guard let seen = await before.evidence(of: record, from: service) else { continue }
            record.startedRun = seen.startedRun ?? record.startedRun
            return await end(record, seen.outcome, seen.words, report)
        }
        let words =
            accepted.map { "The service accepted it (\($0)), but the run has not been seen changed since." }
            ?? sent.answer
        return await end(record, .unconfirmed, words, report)
    }

    private func end(
        _ record: ActionRecord, _ outcome: ActionRecord.Outcome, _ answer: String, _ report: Report
    ) async -> ActionRecord {
        let ended = record.ended(outcome, answer, at: environment.now())
        await report(ended, await journal.keep(ended))
        return ended
    }
}

extension ServiceError {
    /// Whether the service rejected the request, so that a retry would not help.
    var isRefusal: Bool { status.map { 400..<500 ~= $0 && $0 != 429 && $0 != 408 } ?? false }
}

/// The messages for outcomes.
enum ActionWords {
    /// The message of the service or the network.
    static func answer(_ error: ServiceError) -> String {
        switch error.status {
        case 412: "The run has changed since it was read (412)."
        default: error.summary
        }
    }
}
