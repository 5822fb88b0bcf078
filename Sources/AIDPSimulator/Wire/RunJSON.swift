/// Job runs and task runs as the API spells them.
extension JSONWriter {
    /// `JobRunSummary`, one item of a list.
    mutating func jobRunSummary(_ run: Run, in world: World) {
        object { $0.summaryFields(of: run, in: world) }
    }

    /// `JobRun`: the summary's fields and those that only the single run has.
    mutating func jobRun(_ run: Run, in world: World, includingTasks: Bool) {
        let job = world.jobs[run.key.job]
        object { writer in
            writer.summaryFields(of: run, in: world)
            writer.field("maxConcurrentRuns", 1)
            writer.field("setupDuration", run.started.map { $0 - run.created })
            writer.field("cleanupDuration", run.ended == nil ? nil : run.course.canceling)
            writer.field("runDuration", run.duration)
            writer.field("timeoutSeconds", max(60, job.usualDuration / 250))
            writer.field("version", 1)
            writer.field("rootJobRunKey", world.name(of: run.key))
            writer.field("parameters") { $0.array([String]()) { $0.string($1) } }
            writer.field("repairHistory") { $0.array([String]()) { $0.string($1) } }
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

    /// `TaskRunSummary`.
    mutating func taskRunSummary(_ task: TaskRun, of run: Run, in world: World) {
        let runKey = world.name(of: run.key)
        object { writer in
            writer.field("key", world.name(of: task, in: run))
            writer.field("name", task.plan.key)
            writer.field("taskKey", task.plan.key)
            writer.field("jobRunKey", runKey)
            writer.field("rootJobRunKey", runKey)
            writer.field("startTime", task.started)
            writer.field("endTime", task.ended)
            writer.field("retryAttempt", Int64(task.retries))
            writer.field("state") { writer in
                let decides = task.status == run.status && task.status != .success
                writer.state(task.status, decides ? world.explanation(of: task.status, in: run) : Explanation())
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

    private mutating func state(_ status: Status, _ explanation: Explanation) {
        object { writer in
            writer.field("status", status.rawValue)
            writer.field("stateMessage", explanation.message)
            writer.field("errorTrace", explanation.trace)
            writer.field("isUserCanceledOrTimedOut", explanation.isUserCanceledOrTimedOut)
        }
    }

    /// The statuses a run has been through, as far as it has got.
    private mutating func lifecycleStates(of run: Run) {
        var since = run.created
        var steps: [(status: Status, length: Milliseconds)] = run.course.waits.map { ($0.status, $0.length) }
        if let running = run.course.running { steps.append((.running, running)) }
        if run.course.canceling > 0 { steps.append((.canceling, run.course.canceling)) }
        steps.append((run.course.outcome, 0))
        let begun = steps.compactMap { step -> (status: Status, from: Milliseconds, to: Milliseconds)? in
            defer { since += step.length }
            return since <= run.seen ? (step.status, since, since + step.length) : nil
        }
        array(begun) { writer, step in
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

    /// A run's display name: the job's with the moment of creation.
    func title(of run: Run) -> String { "\(jobs[run.key.job].name)_\(CivilTime(run.created).compact)" }

    /// A task run's key, drawn from its run's.
    func name(of task: TaskRun, in run: Run) -> String {
        var dice = Dice(
            seed: seed, job: run.key.job, slot: run.key.slot, decision: 100 + UInt64(task.place * 16 + run.key.attempt))
        return "\(dice.hex(8))-\(dice.hex(4))-4\(dice.hex(3))-b\(dice.hex(3))-\(dice.hex(12))"
    }
}
