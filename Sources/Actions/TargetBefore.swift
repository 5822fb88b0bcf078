import AIDP
import Foundation
import Runs

/// The state of an action's target before the request, which is compared with its state after it to find the outcome.
struct TargetBefore: Sendable {
    /// The version of the run, for `if-match`; `nil` for a job, and if the service sent none.
    var etag: String?
    /// The number of attempts of the run.
    var attempts = 0
    /// The status of the run.
    var known: ActionTarget.KnownRun?
    /// The newest runs of the job to run again.
    var runs: Set<String> = []
}

/// Why an action was not sent.
struct NotSent: Error {
    let outcome: ActionRecord.Outcome
    let answer: String

    static func refused(_ answer: String) -> NotSent { NotSent(outcome: .refused, answer: answer) }

    /// The target could not be read.
    init(_ error: ServiceError, what: String) {
        let isGone = error.status == 404
        outcome = error.isRefusal ? .refused : .failed
        answer =
            isGone ? "The \(what) is gone: \(error.summary)" : "Not sent, the \(what) cannot be read: \(error.summary)"
    }

    init(outcome: ActionRecord.Outcome, answer: String) { (self.outcome, self.answer) = (outcome, answer) }
}

extension ActionSender {
    /// Reads the target again. Fails if it has changed or disappeared since the user was asked.
    func look(at target: ActionTarget) async -> Result<TargetBefore, NotSent> {
        guard let run = target.run else { return await look(atJob: target.job) }
        do throws(ServiceError) {
            let found = try await service.jobRun(run.key, includingTaskRuns: false)
            if let job = found.item.summary.jobKey, job != target.job.key {
                return .failure(.refused("The run is of another job, \(job)."))
            }
            let now = ActionTarget.KnownRun(found.item.summary)
            if let known = target.known, !known.isSame(as: now) {
                let what = now.status == known.status ? "changed" : "is \(now.status.wireValue) now"
                return .failure(.refused("The run \(what); it was \(known.status.wireValue) when you were asked."))
            }
            return .success(
                TargetBefore(etag: found.etag, attempts: found.item.repairHistory.count, known: now))
        } catch {
            return .failure(NotSent(error, what: "run"))
        }
    }

    private func look(atJob job: JobID) async -> Result<TargetBefore, NotSent> {
        do throws(ServiceError) {
            _ = try await service.job(job.key)
            return .success(TargetBefore(runs: Set(try await service.newestRuns(of: job.key).map(\.key))))
        } catch {
            return .failure(NotSent(error, what: "job"))
        }
    }
}

/// The outcome of an action, found by reading the run.
struct ActionEvidence: Sendable {
    let outcome: ActionRecord.Outcome
    let words: String
    /// The key of the run that a trigger started.
    var startedRun: String?
}

extension TargetBefore {
    /// The outcome of an action that was sent; `nil` if it is still unknown, or if the service could not be read.
    func evidence(of record: ActionRecord, from service: any ActionService) async -> ActionEvidence? {
        do throws(ServiceError) {
            guard let run = record.action.target.run else { return try await started(record, service) }
            return evidence(of: record.action, in: try await service.jobRun(run.key, includingTaskRuns: false).item)
        } catch {
            return nil
        }
    }

    private func evidence(of action: RunAction, in run: JobRunDetails) -> ActionEvidence? {
        let now = ActionTarget.KnownRun(run.summary)
        let status = now.status.wireValue
        let isChanged = known.map { !$0.isSame(as: now) } ?? true
        switch action.verb {
        case .repair:
            let isRepaired = run.repairHistory.count > max(attempts, 1) || (attempts == 0 && isChanged)
            return isRepaired || isChanged && now.status.isActive
                ? ActionEvidence(outcome: .confirmed, words: "Repair accepted; the run is \(status).") : nil
        case .cancel where now.status == .canceling || now.status == .canceled:
            return ActionEvidence(outcome: .confirmed, words: "The run is \(status).")
        case .cancel where isChanged && !now.status.isActive:
            return ActionEvidence(outcome: .refused, words: "The run ended before it could be canceled: \(status).")
        case .cancel, .trigger:
            return nil
        }
    }

    /// The run that a trigger started: the run in the answer, or else a new run that was started manually.
    private func started(
        _ record: ActionRecord, _ service: any ActionService
    ) async throws(ServiceError) -> ActionEvidence? {
        if let key = record.startedRun {
            let status = RunStatus(wireValue: try await service.jobRun(key, includingTaskRuns: false).item.status)
            guard status.isActive || status.meaning != .inconclusive else {
                return ActionEvidence(
                    outcome: .refused, words: "The new run \(key) did not start: it is \(status.wireValue).",
                    startedRun: key)
            }
            return ActionEvidence(outcome: .confirmed, words: "The run \(key) is \(status.wireValue).", startedRun: key)
        }
        let new = try await service.newestRuns(of: record.action.target.job.key).filter {
            !runs.contains($0.key) && $0.launched == "MANUAL"
                && ($0.createdBy == nil || !record.actor.principal.hasPrefix("ocid1.user.")
                    || $0.createdBy == record.actor.principal)
        }
        // If there are several, it is unknown which one the action started.
        guard new.count == 1, let run = new.first else { return nil }
        return ActionEvidence(
            outcome: .confirmed,
            words: "The answer was lost; the job has a new run, started manually, \(run.key): "
                + "it is \(run.state?.status ?? "").",
            startedRun: run.key)
    }
}

extension ActionService {
    func newestRuns(of job: String) async throws(ServiceError) -> [JobRunSummary] {
        let request = ListJobRunsRequest(
            jobKeys: [job], limit: 25, sortBy: .timeCreated, sortOrder: .descending)
        return try await listJobRuns(request).items
    }
}

extension JobRunDetails {
    fileprivate var status: String? { summary.state?.status }
}

extension ActionTarget.KnownRun {
    package init(_ summary: JobRunSummary) {
        self.init(status: RunStatus(wireValue: summary.state?.status), updated: summary.timeUpdated)
    }
}
