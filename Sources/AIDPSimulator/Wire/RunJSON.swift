/// Job runs and task runs as JSON of the API.
extension JSONWriter {
    /// `JobRunSummary`, one item of a list.
    mutating func jobRunSummary(_ run: Run, in world: World) {
        object { $0.summaryFields(of: run, in: world) }
    }

    /// `JobRun`: the summary's fields and those that only a single run has.
    mutating func jobRun(_ run: Run, in world: World, includingTasks: Bool) {
        let job = world.jobs[run.key.job]
        object { writer in
            writer.summaryFields(of: run, in: world)
            writer.field("maxConcurrentRuns", 1)
            writer.field("setupDuration", run.started.map { $0 - run.present.created })
            writer.field("cleanupDuration", run.ended == nil ? nil : run.timeline.canceling)
            writer.field("runDuration", run.duration)
            writer.field("timeoutSeconds", job.timeoutSeconds)
            writer.field("version", Int64(run.attempts.count))
            writer.field("rootJobRunKey", world.name(of: run.key))
            writer.field("parameters") { $0.parameters(run.present.parameters) }
            writer.field("repairHistory") { $0.repairHistory(of: run, in: world) }
            writer.field("lifecycleStates") { $0.lifecycleStates(of: run) }
            guard includingTasks else { return }
            writer.field("taskRunSummaryMap") { writer in
                writer.object { writer in
                    for task in world.taskRuns(of: run) {
                        writer.field(task.plan.key) { $0.taskRunSummary(task, of: run, in: world) }
                    }
                }
            }
        }
    }

    private mutating func summaryFields(of run: Run, in world: World) {
        let job = world.jobs[run.key.job]
        let person = world.person(of: run)
        field("key", world.name(of: run.key))
        field("name", world.title(of: run))
        field("jobKey", job.key)
        field("jobName", job.name)
        field("launched", run.launch.rawValue)
        field("createdBy", person.ocid)
        field("createdByName", job.hostileText ?? person.name)
        field("runAs", job.owner.ocid)
        field("timeCreated", CivilTime(run.created).rfc3339)
        field("timeUpdated", CivilTime(run.updated).rfc3339)
        field("startTime", run.started)
        field("endTime", run.ended)
        field("executionDuration", run.duration)
        field("state") { $0.state(run.status, world.explanation(of: run.status, in: run)) }
    }

    mutating func state(_ status: Status, _ explanation: Explanation) {
        object { writer in
            writer.field("status", status.rawValue)
            writer.field("stateMessage", explanation.message)
            writer.field("errorTrace", explanation.trace)
            writer.field("isUserCanceledOrTimedOut", explanation.isUserCanceledOrTimedOut)
        }
    }

    /// `Parameter`s.
    mutating func parameters(_ parameters: [RunParameter]) {
        array(parameters) { writer, parameter in
            writer.object { writer in
                writer.field("name", parameter.name)
                writer.field("value", parameter.value)
            }
        }
    }

    /// The attempts at a run that was repaired, numbered from 0; empty for a run that was not repaired.
    private mutating func repairHistory(of run: Run, in world: World) {
        let attempts = run.attempts.count > 1 ? Array(run.attempts.enumerated()) : []
        array(attempts) { writer, attempt in
            let isPresent = attempt.offset == run.attempts.count - 1
            writer.object { writer in
                writer.field("type", attempt.offset == 0 ? "ORIGINAL" : "REPAIR")
                writer.field("key", Int64(attempt.offset))
                writer.field("startTime", attempt.element.created)
                writer.field("endTime", isPresent ? run.ended : attempt.element.end)
                writer.field("state") { writer in
                    writer.state(isPresent ? run.status : attempt.element.timeline.outcome, Explanation())
                }
                guard let tasks = attempt.element.tasks else { return }
                writer.field("repairedTasks") { $0.array(tasks.sorted()) { $0.string($1) } }
            }
        }
    }

    /// The statuses of a run so far, with their times.
    private mutating func lifecycleStates(of run: Run) {
        var reached: [(status: Status, from: Milliseconds, to: Milliseconds)] = []
        for attempt in run.attempts {
            var since = attempt.created
            for step in attempt.timeline.steps where since <= run.seen {
                reached.append((step.status, since, since + step.length))
                since += step.length
            }
        }
        array(reached) { writer, step in
            writer.object { writer in
                writer.field("status", step.status.rawValue)
                writer.field("startTime", step.from)
                writer.field("endTime", step.to <= run.seen ? step.to : nil)
            }
        }
    }
}

extension World {
    /// A run's key as the API shows it.
    func name(of key: RunKey) -> String { key.text(seed: seed) }

    /// A run's display name: the job's name and the moment of creation.
    func title(of run: Run) -> String { "\(jobs[run.key.job].name)_\(CivilTime(run.created).compact)" }

    /// A task run's key as the API shows it.
    func name(of task: TaskRun, in run: Run) -> String {
        TaskRunKey(run: run.key, place: task.place).text(seed: seed)
    }
}
