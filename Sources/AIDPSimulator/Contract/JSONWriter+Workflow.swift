import JSON

/// Jobs and workspaces as JSON of the API.
extension JSONWriter {
    /// `JobSummary`.
    mutating func jobSummary(_ job: SimulatedJob) {
        object { writer in
            writer.summaryFields(of: job)
            writer.field("clusters") { $0.array([job.cluster]) { $0.string($1) } }
        }
    }

    /// `Job`: the fields of the summary, and those that lists omit.
    mutating func job(_ job: SimulatedJob, in world: World) {
        object { writer in
            writer.summaryFields(of: job)
            writer.field("description", job.upstream.map { "Runs after \(world.jobs[$0].name)." })
            writer.field("maxConcurrentRuns", 1)
            writer.field("timeoutSeconds", job.timeoutSeconds)
            writer.field("parameters") { $0.parameters([RunParameter(name: "cluster", value: job.cluster)]) }
            if job.launch != .scheduled {
                writer.field("continuous") { $0.object { $0.field("pauseStatus", "PAUSED") } }
            }
            writer.field("tasks") { $0.array(job.tasks) { $0.task($1, of: job) } }
        }
    }

    /// `Task`.
    private mutating func task(_ plan: TaskPlan, of job: SimulatedJob) {
        object { writer in
            writer.field("type", plan.kind.rawValue)
            writer.field("taskKey", plan.key)
            writer.field("maxRetries", 2)
            writer.field("dependsOn") { writer in
                writer.array(plan.after) { writer, place in
                    writer.object { $0.field("taskKey", job.tasks[place].key) }
                }
            }
        }
    }

    private mutating func summaryFields(of job: SimulatedJob) {
        let created = job.created.rfc3339
        field("key", job.key)
        field("name", job.name)
        field("path", job.path)
        field("createdBy", job.owner.ocid)
        field("createdByName", job.owner.name)
        field("updatedBy", job.owner.ocid)
        field("updatedByName", job.owner.name)
        field("runAs", job.owner.ocid)
        field("timeCreated", created)
        field("timeUpdated", created)
        field("jobClusters") { writer in
            writer.array([job.cluster]) { writer, cluster in
                writer.object { writer in
                    writer.field("clusterKey", cluster)
                    writer.field("clusterName", cluster)
                }
            }
        }
        guard job.launch == .scheduled, let cron = job.cron else { return }
        field("schedule") { writer in
            writer.object { writer in
                writer.field("quartzCronExpression", cron)
                writer.field("timezoneId", "UTC")
                writer.field("pauseStatus", "UNPAUSED")
            }
        }
    }

    /// `WorkspaceSummary`.
    mutating func workspaceSummary(key: String, name: String, owner: Person) {
        object { writer in
            writer.field("key", key)
            writer.field("displayName", name)
            writer.field("type", "USER")
            writer.field("lifecycleState", "ACTIVE")
            writer.field("createdBy", owner.ocid)
            writer.field("createdByName", owner.name)
            writer.field("timeCreated", Milliseconds(1_735_689_600_000).rfc3339)
            writer.field("timeUpdated", Milliseconds(1_735_689_600_000).rfc3339)
        }
    }
}

/// Job runs and task runs as JSON of the API.
extension JSONWriter {
    /// `JobRunSummary`, one item of a list.
    mutating func jobRunSummary(_ run: SimulatedRun, in world: World) {
        object { $0.summaryFields(of: run, in: world) }
    }

    /// `JobRun`: the fields of the summary, and those that lists omit.
    mutating func jobRun(_ run: SimulatedRun, in world: World, includingTasks: Bool) {
        let job = world.jobs[run.key.job]
        object { writer in
            writer.summaryFields(of: run, in: world)
            writer.field("maxConcurrentRuns", 1)
            writer.field("setupDuration", run.started.map { $0 - run.present.created })
            writer.field("cleanupDuration", run.ended == nil ? nil : run.timeline.canceling)
            writer.field("runDuration", run.duration)
            writer.field("timeoutSeconds", job.timeoutSeconds)
            writer.field("version", Int64(run.attempts.count))
            let above = world.runsAbove(run)
            writer.field("parentJobRunKey", above.first.map { world.name(of: $0) })
            writer.field("rootJobRunKey", world.name(of: above.last ?? run.key))
            writer.field("parameters") { $0.parameters(world.parameters(of: run)) }
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

    private mutating func summaryFields(of run: SimulatedRun, in world: World) {
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
        field("timeCreated", run.created.rfc3339)
        field("timeUpdated", run.updated.rfc3339)
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

    private mutating func parameters(_ parameters: [RunParameter]) {
        array(parameters) { writer, parameter in
            writer.object { writer in
                writer.field("name", parameter.name)
                writer.field("value", parameter.value)
            }
        }
    }

    /// The attempts of a repaired run, numbered from 0; empty if the run was not repaired.
    private mutating func repairHistory(of run: SimulatedRun, in world: World) {
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
    private mutating func lifecycleStates(of run: SimulatedRun) {
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

/// Task runs and their output as JSON of the API.
extension JSONWriter {
    /// `TaskRunSummary`.
    mutating func taskRunSummary(_ task: SimulatedTaskRun, of run: SimulatedRun, in world: World) {
        object { $0.summaryFields(of: task, of: run, in: world) }
    }

    /// `TaskRun`: the fields of the summary, and those that lists omit.
    mutating func taskRun(_ task: SimulatedTaskRun, of run: SimulatedRun, in world: World) {
        let job = world.jobs[run.key.job]
        object { writer in
            writer.summaryFields(of: task, of: run, in: world)
            writer.field("jobKey", job.key)
            writer.field("version", Int64(run.attempts.count))
            writer.field("task") { $0.task(task.plan, of: job) }
            guard let started = task.started else { return }
            writer.field("outputKey", world.outputKey(of: task, nil, in: run))
            writer.field("setupDuration", 0)
            writer.field("executionDuration", (task.ended ?? run.seen) - started)
            writer.field("cleanupDuration", 0)
            writer.field("retries") {
                $0.array(task.earlierTries(until: run.seen)) { $0.earlierTry($1, of: task, run, in: world) }
            }
        }
    }

    /// `TaskRunRetry`.
    private mutating func earlierTry(
        _ attempt: SimulatedTaskRun.Try, of task: SimulatedTaskRun, _ run: SimulatedRun, in world: World
    ) {
        object { writer in
            writer.field("key", "\(world.name(of: task, in: run))-\(attempt.number)")
            writer.field("taskRunKey", world.name(of: task, in: run))
            writer.field("retryNumber", Int64(attempt.number))
            writer.field("startTime", attempt.started)
            writer.field("endTime", attempt.ended)
            writer.field("outputKey", world.outputKey(of: task, attempt, in: run))
            writer.field("state") { $0.state(.failed, world.explanation(of: .failed, in: run)) }
        }
    }

    /// `TaskRunOutput` of the newest try, or of an earlier one.
    mutating func taskRunOutput(
        _ task: SimulatedTaskRun, _ attempt: SimulatedTaskRun.Try?, of run: SimulatedRun, in world: World
    ) {
        let output = world.output(of: attempt.map(task.inTry) ?? task, in: run)
        let explanation =
            attempt == nil ? world.explanation(of: task, in: run) : world.explanation(of: .failed, in: run)
        object { writer in
            writer.field("key", world.outputKey(of: task, attempt, in: run))
            writer.field("taskType", task.plan.kind.rawValue)
            writer.field("isTruncated", output.isTruncated)
            writer.field("errorTrace", explanation.trace)
            writer.field("data") { writer in
                writer.array([output.text]) { writer, text in
                    writer.object { writer in
                        writer.field("type", "TEXT_PLAIN")
                        writer.field("length", Int64(text.utf8.count))
                        writer.field("charset", "UTF_8")
                        writer.field("isBase64", false)
                        writer.field("value", text)
                    }
                }
            }
        }
    }

    private mutating func summaryFields(of task: SimulatedTaskRun, of run: SimulatedRun, in world: World) {
        let runKey = world.name(of: run.key)
        field("key", world.name(of: task, in: run))
        field("name", task.plan.key)
        field("taskKey", task.plan.key)
        field("jobRunKey", runKey)
        field("rootJobRunKey", runKey)
        field("startTime", task.started)
        field("endTime", task.ended)
        field("retryAttempt", Int64(task.retries))
        field("state") { $0.state(task.status, world.explanation(of: task, in: run)) }
    }
}
