/// One task of a run, as it stands at the moment the run is seen.
struct TaskRun: Sendable {
    let plan: TaskPlan
    let place: Int
    let status: Status
    let started: Milliseconds?
    let ended: Milliseconds?
    /// Tries before this one; above 0 the task has been retried.
    let retries: Int

    /// A try that failed and was followed by another.
    struct Try: Sendable {
        let number: Int
        let started: Milliseconds
        let ended: Milliseconds
    }

    /// The tries before this one, one after the other in the first half of the task's time.
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
    /// The tasks of a run: those of its present attempt, and where that is a repair in part, the others as it found them.
    func taskRuns(of run: Run) -> [TaskRun] {
        let plans = jobs[run.key.job].tasks
        guard let repaired = run.present.tasks, let before = run.beforeRepair else {
            return attempted(plans.indices, of: run)
        }
        let again = attempted(plans.indices.filter { repaired.contains(plans[$0].key) }, of: run)
        return zip(taskRuns(of: before), again).map { repaired.contains($0.plan.key) ? $1 : $0 }
    }

    /// All tasks of a run when its present attempt runs these, in the order of its graph and consistent with its status:
    /// what ran before the present moment has succeeded, the one at work carries the run's own status, the rest wait or
    /// will never come.
    private func attempted(_ places: some Collection<Int>, of run: Run) -> [TaskRun] {
        let plans = jobs[run.key.job].tasks
        guard let start = run.started else {
            return plans.enumerated().map { place, plan in
                TaskRun(
                    plan: plan, place: place, status: run.status.isTerminal ? run.status : .pending, started: nil,
                    ended: nil, retries: 0)
            }
        }
        var dice = Dice(seed: seed, job: run.key.job, slot: run.key.slot, decision: 5)
        let skipped = untakenBranch(of: plans, dice: &dice)
        var order = places.filter { $0 != skipped }
        // Asked to repeat the branch that was not taken, and nothing else, it takes that one.
        if order.isEmpty { order = Array(places) }
        // The one the run ends in: the last for a success, any for the rest.
        let final = run.course.outcome == .success ? order.count - 1 : dice.below(order.count)
        let weights = order[...final].map { plans[$0].weight }
        let whole = (run.course.running ?? 0) + run.course.canceling
        var elapsed = 0.0
        var found: [TaskRun] = plans.enumerated().map { place, plan in
            TaskRun(plan: plan, place: place, status: .excluded, started: nil, ended: nil, retries: 0)
        }
        for (step, place) in order.enumerated() {
            guard step <= final else {
                found[place] = neverReached(plans[place], place: place, run: run, dependsOn: order[final], plans: plans)
                continue
            }
            let begins = start + whole.share(elapsed / weights.reduce(0, +))
            elapsed += plans[place].weight
            let ends = step == final ? start + whole : start + whole.share(elapsed / weights.reduce(0, +))
            let retries = dice.chance(0.06) ? 1 + dice.below(2) : 0
            found[place] = standing(
                plans[place], place: place, from: begins, to: ends, isFinal: step == final, run: run, retries: retries)
        }
        return found
    }

    private func standing(
        _ plan: TaskPlan, place: Int, from begins: Milliseconds, to ends: Milliseconds, isFinal: Bool, run: Run,
        retries: Int
    ) -> TaskRun {
        if run.seen < begins {
            return TaskRun(plan: plan, place: place, status: .pending, started: nil, ended: nil, retries: 0)
        }
        if run.seen < ends {
            return TaskRun(plan: plan, place: place, status: run.status, started: begins, ended: nil, retries: retries)
        }
        return TaskRun(
            plan: plan, place: place, status: isFinal ? run.course.outcome : .success, started: begins, ended: ends,
            retries: retries)
    }

    /// A task behind the one the run ended in: it waits while the run is active, and never comes once it has ended.
    private func neverReached(_ plan: TaskPlan, place: Int, run: Run, dependsOn culprit: Int, plans: [TaskPlan])
        -> TaskRun
    {
        var status = Status.pending
        if run.status.isTerminal {
            status = run.status.consequence.flatMap { reaches(place, from: culprit, in: plans) ? $0 : nil } ?? .canceled
        }
        return TaskRun(plan: plan, place: place, status: status, started: nil, ended: nil, retries: 0)
    }

    private func reaches(_ place: Int, from culprit: Int, in plans: [TaskPlan]) -> Bool {
        place == culprit || plans[place].after.contains { reaches($0, from: culprit, in: plans) }
    }

    /// Behind an if/else with two branches one of them is left out.
    private func untakenBranch(of plans: [TaskPlan], dice: inout Dice) -> Int? {
        guard let fork = plans.firstIndex(where: { $0.kind == .ifElse }) else { return nil }
        let branches = plans.indices.filter { plans[$0].after == [fork] }
        return branches.count > 1 ? dice.pick(branches) : nil
    }
}
