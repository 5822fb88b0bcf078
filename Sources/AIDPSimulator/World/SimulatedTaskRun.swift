/// One task of a run, at the time of the run's view.
struct SimulatedTaskRun: Sendable {
    let plan: TaskPlan
    let place: Int
    let status: Status
    var started: Milliseconds?
    var ended: Milliseconds?
    /// The number of earlier tries.
    var retries = 0

    /// A failed try that was retried.
    struct Try: Sendable {
        let number: Int
        let started: Milliseconds
        let ended: Milliseconds
    }

    /// The task as it was in an earlier try.
    func inTry(_ attempt: Try) -> SimulatedTaskRun {
        SimulatedTaskRun(
            plan: plan, place: place, status: .failed, started: attempt.started, ended: attempt.ended)
    }

    /// The earlier tries, one after the other in the first half of the task's duration.
    func earlierTries(until now: Milliseconds) -> [Try] {
        guard let started, retries > 0 else { return [] }
        let half = ((ended ?? now) - started) / 2
        return (0..<retries).map { number in
            let (begin, end) = (half * Int64(number) / Int64(retries), half * Int64(number + 1) / Int64(retries))
            return Try(number: number, started: started + begin, ended: started + end)
        }
    }
}

extension World {
    /// The tasks of a run. In a repair of some tasks, the others keep their state from before the repair.
    func taskRuns(of run: SimulatedRun) -> [SimulatedTaskRun] {
        let plans = jobs[run.key.job].tasks
        guard let repaired = run.present.tasks, let before = run.beforeRepair else {
            return taskRuns(executing: plans.indices, of: run)
        }
        let again = taskRuns(executing: plans.indices.filter { repaired.contains(plans[$0].key) }, of: run)
        return zip(taskRuns(of: before), again).map { repaired.contains($0.plan.key) ? $1 : $0 }
    }

    /// All tasks of a run whose current attempt executes `places`, in the order of its graph and consistent with the
    /// run's status: earlier tasks have succeeded, the current one has the run's status, and the rest are pending or
    /// did not run.
    private func taskRuns(executing places: some Collection<Int>, of run: SimulatedRun) -> [SimulatedTaskRun] {
        let plans = jobs[run.key.job].tasks
        guard let start = run.started else {
            return plans.enumerated().map { place, plan in
                SimulatedTaskRun(plan: plan, place: place, status: run.status.isTerminal ? run.status : .pending)
            }
        }
        var dice = Dice(seed: seed, job: run.key.job, slot: run.key.slot, decision: 5)
        let skipped = untakenBranch(of: plans, dice: &dice)
        var order = places.filter { $0 != skipped }
        // A repair of only the branch that was not taken runs that branch.
        if order.isEmpty { order = Array(places) }
        // The task in which the run ends: the last one of a successful run, a random one otherwise.
        let final = run.timeline.outcome == .success ? order.count - 1 : dice.below(order.count)
        let weights = order[...final].map { plans[$0].weight }
        let whole = (run.timeline.running ?? 0) + run.timeline.canceling
        var elapsed = 0.0
        var found: [SimulatedTaskRun] = plans.enumerated().map { place, plan in
            SimulatedTaskRun(plan: plan, place: place, status: .excluded)
        }
        for (step, place) in order.enumerated() {
            guard step <= final else {
                found[place] = unreachedTask(
                    plans[place], place: place, run: run, dependsOn: order[final], plans: plans)
                continue
            }
            let begins = start + whole.share(elapsed / weights.reduce(0, +))
            elapsed += plans[place].weight
            let ends = step == final ? start + whole : start + whole.share(elapsed / weights.reduce(0, +))
            let retries = dice.chance(0.06) ? 1 + dice.below(2) : 0
            found[place] = taskRun(
                plans[place], place: place, from: begins, to: ends, isFinal: step == final, run: run, retries: retries)
        }
        return found
    }

    private func taskRun(
        _ plan: TaskPlan, place: Int, from begins: Milliseconds, to ends: Milliseconds, isFinal: Bool,
        run: SimulatedRun, retries: Int
    ) -> SimulatedTaskRun {
        if run.seen < begins {
            return SimulatedTaskRun(plan: plan, place: place, status: .pending)
        }
        if run.seen < ends {
            return SimulatedTaskRun(
                plan: plan, place: place, status: run.status, started: begins, retries: retries)
        }
        return SimulatedTaskRun(
            plan: plan, place: place, status: isFinal ? run.timeline.outcome : .success, started: begins, ended: ends,
            retries: retries)
    }

    /// A task after the one in which the run ends: pending while the run is active, not run when it has ended.
    private func unreachedTask(
        _ plan: TaskPlan, place: Int, run: SimulatedRun, dependsOn endingTask: Int, plans: [TaskPlan]
    ) -> SimulatedTaskRun {
        var status = Status.pending
        if run.status.isTerminal {
            status =
                run.status.consequence.flatMap { reaches(place, from: endingTask, in: plans) ? $0 : nil } ?? .canceled
        }
        return SimulatedTaskRun(plan: plan, place: place, status: status)
    }

    private func reaches(_ place: Int, from endingTask: Int, in plans: [TaskPlan]) -> Bool {
        place == endingTask || plans[place].after.contains { reaches($0, from: endingTask, in: plans) }
    }

    /// The branch of an if/else that is not taken.
    private func untakenBranch(of plans: [TaskPlan], dice: inout Dice) -> Int? {
        guard let fork = plans.firstIndex(where: { $0.kind == .ifElse }) else { return nil }
        let branches = plans.indices.filter { plans[$0].after == [fork] }
        return branches.count > 1 ? dice.pick(branches) : nil
    }
}

extension World {
    /// The explanation of a task's status. Empty except for the task in which the run ended.
    func explanation(of task: SimulatedTaskRun, in run: SimulatedRun) -> Explanation {
        let decides = task.status == run.status && task.status != .success
        return decides ? explanation(of: task.status, in: run) : Explanation()
    }

    /// The key of a task's output, or of that of an earlier try.
    func outputKey(of task: SimulatedTaskRun, _ attempt: SimulatedTaskRun.Try?, in run: SimulatedRun) -> String {
        let number = attempt.map { UInt64($0.number + 1) << 32 } ?? 0
        return Dice.mix(
            run.key.plain ^ Dice.mix(seed ^ number ^ UInt64(task.place + 1) << 8 ^ UInt64(run.attempts.count))
        ).hex(16)
    }

    /// The output of a task so far, and whether it is cut off at the end.
    struct Output: Sendable {
        var text: String
        var isTruncated = false
    }

    /// The number of characters of an output that the service keeps, unless a setting requests longer outputs.
    private static let keptCharacters = 10_000

    /// The output of a task so far. Every third job logs each step; the service keeps only the beginning.
    func output(of task: SimulatedTaskRun, in run: SimulatedRun) -> Output {
        guard let started = task.started else { return Output(text: "") }
        var dice = Dice(
            seed: seed, job: run.key.job, slot: run.key.slot, decision: 100 + UInt64(task.place * 16 + run.key.number))
        let (job, end) = (jobs[run.key.job], task.ended ?? run.seen)
        if let hostile = job.hostileText { return Output(text: hostile) }
        let isVerbose = job.index % 3 == 0
        let steps = isVerbose ? 150 + dice.below(150) : 2 + dice.below(6)
        var text = "\(started.sparkLog) INFO \(job.cluster): started \(task.plan.key)\n"
        for step in 1...steps {
            let moment = started + (end - started).share(Double(step) / Double(steps + 1))
            text += "\(moment.sparkLog) INFO \(task.plan.key): \(dice.below(900_000) + 1_000) rows\n"
        }
        while text.utf8.count < outputSize {
            text += "\(end.sparkLog) INFO \(task.plan.key): stage \(dice.below(90)).0 of \(dice.hex(16))\n"
            for _ in 0..<20 { text += "\tat org.apache.spark.scheduler.Task.run(Task.scala:\(dice.below(900)))\n" }
        }
        if task.ended != nil { text += "\(end.sparkLog) INFO \(task.plan.key): \(task.status.rawValue)\n" }
        guard outputSize == 0, text.utf8.count > Self.keptCharacters else { return Output(text: text) }
        return Output(text: String(text.prefix(Self.keptCharacters)), isTruncated: true)
    }
}

extension World {
    /// The runs that started this run, nearest first: those of the same slot of its job's upstream jobs.
    func runsAbove(_ run: SimulatedRun) -> [SimulatedRunKey] {
        guard run.key.number == 0 else { return [] }
        var above: [SimulatedRunKey] = []
        var job = jobs[run.key.job]
        while let upstream = job.upstream {
            let key = SimulatedRunKey(job: upstream, slot: run.key.slot, number: 0)
            guard self.run(key, at: run.seen, after: storedChanges.all) != nil else { break }
            above.append(key)
            job = jobs[upstream]
        }
        return above
    }

    /// The parameters of a run: those that a person gave, or else those of the schedule.
    func parameters(of run: SimulatedRun) -> [RunParameter] {
        if !run.present.parameters.isEmpty { return run.present.parameters }
        let job = jobs[run.key.job]
        return [
            RunParameter(name: "cluster", value: job.cluster),
            RunParameter(name: "run_date", value: String(run.created.rfc3339.prefix(10))),
        ]
    }
}
