/// Task runs and their output as JSON of the API.
extension JSONWriter {
    /// `TaskRunSummary`.
    mutating func taskRunSummary(_ task: TaskRun, of run: Run, in world: World) {
        object { $0.summaryFields(of: task, of: run, in: world) }
    }

    /// `TaskRun`: the summary's fields and those that only a single task run has.
    mutating func taskRun(_ task: TaskRun, of run: Run, in world: World) {
        let job = world.jobs[run.key.job]
        object { writer in
            writer.summaryFields(of: task, of: run, in: world)
            writer.field("jobKey", job.key)
            writer.field("version", Int64(run.attempts.count))
            writer.field("task") { $0.task(task.plan, of: job) }
            guard let started = task.started else { return }
            writer.field("outputKey", world.outputKey(of: task, in: run))
            writer.field("setupDuration", 0)
            writer.field("executionDuration", (task.ended ?? run.seen) - started)
            writer.field("cleanupDuration", 0)
            writer.field("retries") {
                $0.array(task.earlierTries(until: run.seen)) { $0.earlierTry($1, of: task, run, in: world) }
            }
        }
    }

    /// `TaskRunRetry`.
    private mutating func earlierTry(_ attempt: TaskRun.Try, of task: TaskRun, _ run: Run, in world: World) {
        object { writer in
            writer.field("key", "\(world.name(of: task, in: run))-\(attempt.number)")
            writer.field("taskRunKey", world.name(of: task, in: run))
            writer.field("retryNumber", Int64(attempt.number))
            writer.field("startTime", attempt.started)
            writer.field("endTime", attempt.ended)
            writer.field("state") { $0.state(.failed, world.explanation(of: .failed, in: run)) }
        }
    }

    /// `TaskRunOutput`.
    mutating func taskRunOutput(_ task: TaskRun, of run: Run, in world: World) {
        let text = world.output(of: task, in: run)
        object { writer in
            writer.field("key", world.outputKey(of: task, in: run))
            writer.field("taskType", task.plan.kind.rawValue)
            writer.field("isTruncated", false)
            writer.field("errorTrace", world.explanation(of: task, in: run).trace)
            writer.field("data") { writer in
                writer.array([text]) { writer, text in
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

    private mutating func summaryFields(of task: TaskRun, of run: Run, in world: World) {
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

extension World {
    /// The explanation of a task's status: empty, except for the task that the run ended in.
    func explanation(of task: TaskRun, in run: Run) -> Explanation {
        let decides = task.status == run.status && task.status != .success
        return decides ? explanation(of: task.status, in: run) : Explanation()
    }

    /// The key of a task's output.
    func outputKey(of task: TaskRun, in run: Run) -> String {
        Dice.mix(run.key.plain ^ Dice.mix(seed ^ UInt64(task.place + 1) << 8 ^ UInt64(run.attempts.count))).hex(16)
    }

    /// The output of a task so far.
    func output(of task: TaskRun, in run: Run) -> String {
        guard let started = task.started else { return "" }
        var dice = Dice(
            seed: seed, job: run.key.job, slot: run.key.slot, decision: 100 + UInt64(task.place * 16 + run.key.number))
        let (job, end) = (jobs[run.key.job], task.ended ?? run.seen)
        if let hostile = job.hostileText { return hostile }
        var lines = ["\(CivilTime(started).sparkLog) INFO \(job.cluster): started \(task.plan.key)"]
        let steps = 2 + dice.below(6)
        for step in 1...steps {
            let moment = started + (end - started).share(Double(step) / Double(steps + 1))
            lines.append("\(CivilTime(moment).sparkLog) INFO \(task.plan.key): \(dice.below(900_000) + 1_000) rows")
        }
        if task.ended != nil {
            lines.append("\(CivilTime(end).sparkLog) INFO \(task.plan.key): \(task.status.rawValue)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
