import Foundation

/// `POST …/jobRuns`, `…/jobRuns/{key}/actions/cancel` and `…/jobRuns/{key}/actions/repair`: what changes something.
///
/// A request with the `opc-retry-token` of one that was carried out is not carried out again, and is answered with the run
/// as it is; `if-match` is held against the run's version.
extension Service {
    func createJobRun(_ asked: Asked, at moment: Milliseconds) throws(Refusal) -> Reply {
        struct CreateJobRunDetails: Decodable { let jobKey: String, parameters: [RunParameter]? }
        let details = try asked.details(CreateJobRunDetails.self, "jobKey, a string")
        guard let job = world.job(key: details.jobKey) else { throw .notFound }
        return try change(asked, at: moment) { acts throws(Refusal) in
            let slot = job.schedule.slot(at: moment)
            acts.forget(job: job.index, before: slot - World.history + 1)
            let taken = acts.started[job.index]?.count { $0.slot == slot } ?? 0
            guard taken < 14, slot >= 0 else {
                throw .incorrectState("Job \(job.name) was started by hand too often; wait for its next schedule.")
            }
            let key = RunKey(job: job.index, slot: slot, number: 2 + taken)
            let isBusy = world.runs(of: job, at: moment, limit: 5, after: acts).contains { !$0.status.isTerminal }
            let course = isBusy ? Course(outcome: .skipped) : byHand(job, key, part: 1)
            acts.start(key, Attempt(begun: moment, course: course, parameters: details.parameters ?? []))
            return key
        }
    }

    func cancelJobRun(_ key: String, _ asked: Asked, at moment: Milliseconds) throws(Refusal) -> Reply {
        try change(asked, at: moment) { acts throws(Refusal) in
            let run = try run(key, asked, at: moment, after: acts)
            guard !run.status.isTerminal, run.status != .canceling else {
                throw .incorrectState("The run is \(run.status.rawValue): it cannot be canceled.")
            }
            var attempts = run.attempts
            attempts[attempts.count - 1].course = run.course.canceled(after: moment - run.present.begun)
            acts.change(run.key, attempts)
            return run.key
        }
    }

    func repairJobRun(_ key: String, _ asked: Asked, at moment: Milliseconds) throws(Refusal) -> Reply {
        let details = try asked.details(RepairJobRunDetails.self, "repairMode, taskKeys and parameters")
        guard ["RESUME", "RERUN"].contains(details.repairMode ?? "RESUME") else {
            throw .invalidParameter("repairMode must be RESUME or RERUN.")
        }
        return try change(asked, at: moment) { acts throws(Refusal) in
            let run = try run(key, asked, at: moment, after: acts)
            guard run.status.isTerminal else {
                throw .incorrectState("The run is \(run.status.rawValue): only a run that has ended can be repaired.")
            }
            let job = world.jobs[run.key.job]
            let tasks = try tasks(toRepair: run, details)
            guard !tasks.isEmpty else { throw .incorrectState("Every task of the run has succeeded.") }
            let weight = { (plans: [TaskPlan]) in plans.reduce(0) { $0 + $1.weight } }
            let part = weight(job.tasks.filter { tasks.contains($0.key) }) / weight(job.tasks)
            let attempt = Attempt(
                begun: moment, course: byHand(job, run.key, part: part), tasks: tasks,
                parameters: details.parameters ?? run.present.parameters)
            acts.change(run.key, run.attempts + [attempt])
            return run.key
        }
    }

    private struct RepairJobRunDetails: Decodable {
        let taskKeys: [String]?
        let repairMode: String?
        let parameters: [RunParameter]?
    }

    /// The tasks named, or all, or those that did not succeed; and whatever waits for one of them.
    private func tasks(toRepair run: Run, _ details: RepairJobRunDetails) throws(Refusal) -> Set<String> {
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

    /// A person who starts a run mostly knows what they do.
    private func byHand(_ job: Job, _ key: RunKey, part: Double) -> Course {
        var dice = Dice(seed: world.seed, job: key.job, slot: key.slot, decision: 300 + UInt64(key.number))
        let room = job.schedule.length(of: key.slot)
        var course = Course(
            waits: [.init(status: .queued, length: room.share(0.01))],
            running: max(1, job.usualDuration.share(part)), outcome: dice.chance(0.8) ? .success : .failed)
        course.fit(within: room.share(0.4))
        return course
    }

    /// Carries a request out once, however often it is sent.
    private func change(
        _ asked: Asked, at moment: Milliseconds, _ act: (inout Acts) throws(Refusal) -> RunKey
    ) throws(Refusal) -> Reply {
        if let token = asked.retryToken, token.utf8.count > 256 {
            throw .invalidParameter("opc-retry-token must be at most 256 characters long.")
        }
        let request = "\(asked.path)\u{2}\(String(decoding: asked.body, as: UTF8.self))"
        let key = try world.interventions.act { acts throws(Refusal) in
            if let token = asked.retryToken, let before = acts.answered(token, at: moment) {
                guard before.request == request else { throw .invalidatedRetryToken }
                return before.run
            }
            let key = try act(&acts)
            if let token = asked.retryToken { acts.remember(token, .init(request: request, run: key, at: moment)) }
            return key
        }
        guard let run = world.run(key, at: moment, after: world.interventions.all) else { throw .notFound }
        return reply(run)
    }

    /// The run to be changed, if it is the version meant.
    private func run(
        _ key: String, _ asked: Asked, at moment: Milliseconds, after acts: Acts
    ) throws(Refusal) -> Run {
        guard let key = RunKey(key, seed: world.seed), let run = world.run(key, at: moment, after: acts) else {
            throw .notFound
        }
        if let etag = asked.ifMatch, etag != "*", etag != run.etag(seed: world.seed) { throw .noEtagMatch }
        return run
    }
}

extension Service.Asked {
    /// The body, read.
    /// - Parameter expected: what it takes, for the refusal.
    func details<Details: Decodable>(_ type: Details.Type, _ expected: String) throws(Refusal) -> Details {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw .invalidParameter("The body must be a JSON object with \(expected).")
        }
    }
}
