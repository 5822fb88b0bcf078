import Foundation

/// `POST …/jobRuns`, `…/jobRuns/{key}/actions/cancel` and `…/jobRuns/{key}/actions/repair`: the operations that change a run.
///
/// A request with the `opc-retry-token` of an earlier request is not carried out again; the answer is the current run.
/// `if-match` is compared with the run's version.
extension SimulatedService {
    func createJobRun(_ content: RequestContent, at moment: Milliseconds) throws(APIError) -> Reply {
        struct CreateJobRunDetails: Decodable { let jobKey: String, parameters: [RunParameter]? }
        let details = try content.details(CreateJobRunDetails.self, "jobKey, a string")
        guard let job = world.job(key: details.jobKey) else { throw .notFound }
        return try change(content, at: moment) { changes throws(APIError) in
            let slot = job.schedule.slot(at: moment)
            changes.forget(job: job.index, before: slot - World.history + 1)
            let taken = changes.started[job.index]?.count { $0.slot == slot } ?? 0
            guard taken < 14, slot >= 0 else {
                throw .incorrectState("Job \(job.name) was started by hand too often; wait for its next schedule.")
            }
            let key = SimulatedRunKey(job: job.index, slot: slot, number: 2 + taken)
            let isBusy = world.runs(of: job, at: moment, limit: 5, after: changes).contains { !$0.status.isTerminal }
            let timeline = isBusy ? RunTimeline(outcome: .skipped) : manualTimeline(job, key, part: 1)
            changes.start(key, Attempt(created: moment, timeline: timeline, parameters: details.parameters ?? []))
            return key
        }
    }

    func cancelJobRun(_ key: String, _ content: RequestContent, at moment: Milliseconds) throws(APIError) -> Reply {
        try change(content, at: moment) { changes throws(APIError) in
            let run = try run(key, content, at: moment, after: changes)
            guard !run.status.isTerminal, run.status != .canceling else {
                throw .incorrectState("The run is \(run.status.rawValue): it cannot be canceled.")
            }
            var attempts = run.attempts
            attempts[attempts.count - 1].timeline = run.timeline.canceled(after: moment - run.present.created)
            changes.replaceAttempts(of: run.key, with: attempts)
            return run.key
        }
    }

    func repairJobRun(_ key: String, _ content: RequestContent, at moment: Milliseconds) throws(APIError) -> Reply {
        let details = try content.details(RepairJobRunDetails.self, "repairMode, taskKeys and parameters")
        guard ["RESUME", "RERUN"].contains(details.repairMode ?? "RESUME") else {
            throw .invalidParameter("repairMode must be RESUME or RERUN.")
        }
        return try change(content, at: moment) { changes throws(APIError) in
            let run = try run(key, content, at: moment, after: changes)
            guard run.status.isTerminal else {
                throw .incorrectState("The run is \(run.status.rawValue): only a run that has ended can be repaired.")
            }
            let job = world.jobs[run.key.job]
            let tasks = try tasks(toRepair: run, details)
            guard !tasks.isEmpty else { throw .incorrectState("Every task of the run has succeeded.") }
            let weight = { (plans: [TaskPlan]) in plans.reduce(0) { $0 + $1.weight } }
            let part = weight(job.tasks.filter { tasks.contains($0.key) }) / weight(job.tasks)
            let isResumed = (details.repairMode ?? "RESUME") == "RESUME"
            let timeline = manualTimeline(job, run.key, part: part, within: isResumed ? job.longestRepair : .max)
            let attempt = Attempt(
                created: moment, timeline: timeline, tasks: tasks,
                parameters: details.parameters ?? run.present.parameters)
            changes.replaceAttempts(of: run.key, with: run.attempts + [attempt])
            return run.key
        }
    }

    private struct RepairJobRunDetails: Decodable {
        let taskKeys: [String]?
        let repairMode: String?
        let parameters: [RunParameter]?
    }

    /// The named tasks, or all tasks, or those that did not succeed; and every task that depends on one of them.
    private func tasks(toRepair run: SimulatedRun, _ details: RepairJobRunDetails) throws(APIError) -> Set<String> {
        let plans = world.jobs[run.key.job].tasks
        var chosen = Set(details.taskKeys ?? [])
        if let unknown = chosen.first(where: { key in !plans.contains { $0.key == key } }) {
            throw .invalidParameter("taskKeys: the job has no task \(unknown).")
        }
        if chosen.isEmpty {
            let isResumed = (details.repairMode ?? "RESUME") == "RESUME"
            let wanting = world.taskRuns(of: run).filter { !isResumed || ![.success, .excluded].contains($0.status) }
            chosen = Set(wanting.map(\.plan.key))
        }
        for plan in plans where plan.after.contains(where: { chosen.contains(plans[$0].key) }) {
            chosen.insert(plan.key)
        }
        return chosen
    }

    /// The timeline of a run that a person starts or repairs with the API. It succeeds, as if the error had been fixed.
    ///
    /// - Parameters:
    ///   - part: the share of the job's usual duration.
    ///   - longest: the longest time from the request to the end.
    private func manualTimeline(
        _ job: SimulatedJob, _ key: SimulatedRunKey, part: Double, within longest: Milliseconds = .max
    ) -> RunTimeline {
        let room = job.schedule.length(of: key.slot)
        var timeline = RunTimeline(
            waits: [.init(status: .queued, length: min(room.share(0.01), longest / 10))],
            running: max(1, job.usualDuration.share(part)), outcome: .success)
        timeline.fit(within: min(room.share(0.4), longest))
        return timeline
    }

    /// Carries out a request once, even if it is sent again with the same token.
    private func change(
        _ content: RequestContent, at moment: Milliseconds,
        _ carryOut: (inout RunChanges) throws(APIError) -> SimulatedRunKey
    ) throws(APIError) -> Reply {
        if let token = content.retryToken, token.utf8.count > 256 {
            throw .invalidParameter("opc-retry-token must be at most 256 characters long.")
        }
        let request = "\(content.path)\u{2}\(String(decoding: content.body, as: UTF8.self))"
        let key = try world.storedChanges.update { changes throws(APIError) in
            if let token = content.retryToken, let before = changes.answered(token, at: moment) {
                guard before.request == request else { throw .invalidatedRetryToken }
                return before.run
            }
            let key = try carryOut(&changes)
            if let token = content.retryToken { changes.remember(token, .init(request: request, run: key, at: moment)) }
            return key
        }
        guard let run = world.run(key, at: moment, after: world.storedChanges.all) else { throw .notFound }
        return reply(run)
    }

    /// The run to change, if `if-match` names its current version.
    private func run(
        _ key: String, _ content: RequestContent, at moment: Milliseconds, after changes: RunChanges
    ) throws(APIError) -> SimulatedRun {
        guard let key = SimulatedRunKey(key, seed: world.seed), let run = world.run(key, at: moment, after: changes)
        else { throw .notFound }
        if let etag = content.ifMatch, etag != "*", etag != run.etag(seed: world.seed) { throw .noEtagMatch }
        return run
    }
}

extension SimulatedService.RequestContent {
    /// Decodes the body.
    /// - Parameter expected: the fields of the body, for the error message.
    func details<Details: Decodable>(_ type: Details.Type, _ expected: String) throws(APIError) -> Details {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw .invalidParameter("The body must be a JSON object with \(expected).")
        }
    }
}
