import Foundation

/// A data platform's jobs and all their runs, as a pure function of a seed, a moment, and what people did by way of the
/// API. Nothing is stored but the jobs and those acts, so it costs the same after a month as after a second.
struct World: Sendable {
    /// How many slots of a job's past can be listed.
    static let history = 60

    let seed: UInt64
    let jobs: [Job]
    let interventions = Interventions()
    private let indexByKey: [String: Int]

    /// A world of so many jobs, its schedules `speed` times as fast as they say, its texts hostile if any are given.
    init(seed: UInt64, jobCount: Int, speed: Double, hostile: [String] = []) {
        self.seed = seed
        jobs = Catalogue.jobs(count: jobCount, seed: seed, speed: speed, hostile: hostile)
        indexByKey = Dictionary(uniqueKeysWithValues: jobs.map { ($0.key, $0.index) })
    }

    /// The job a key names.
    func job(key: String) -> Job? { indexByKey[key].map { jobs[$0] } }

    /// A job's runs at a moment, newest first, at most so many.
    func runs(of job: Job, at date: Date, limit: Int = history) -> [Run] {
        runs(of: job, at: Milliseconds(clamping: date), limit: limit)
    }

    /// A job's runs at a moment, newest first, at most so many.
    func runs(of job: Job, at moment: Milliseconds, limit: Int = history) -> [Run] {
        runs(of: job, at: moment, limit: limit, after: interventions.all)
    }

    /// A job's runs at a moment and after these acts of people, newest first, at most so many.
    func runs(of job: Job, at moment: Milliseconds, limit: Int = history, after acts: Acts) -> [Run] {
        var found: [Run] = []
        found.reserveCapacity(min(limit, Self.history))
        let newest = job.schedule.slot(at: moment)
        let byHand = Dictionary(grouping: acts.started[job.index] ?? [], by: \.slot)
        var slot = newest
        while slot >= 0, slot > newest - Self.history, found.count < limit {
            let own = [1, 0].map { RunKey(job: job.index, slot: slot, number: $0) }
            var runs = (own + (byHand[slot] ?? [])).compactMap { run($0, at: moment, after: acts) }
            if byHand[slot] != nil { runs.sort { ($0.created, $0.key.number) > ($1.created, $1.key.number) } }
            found += runs.prefix(limit - found.count)
            slot -= 1
        }
        return found
    }

    /// The run a key names, if it exists at that moment and is still remembered.
    func run(key: String, at moment: Milliseconds) -> Run? {
        RunKey(key, seed: seed).flatMap { run($0, at: moment, after: interventions.all) }
    }

    /// The run a key names at a moment and after these acts of people.
    func run(_ key: RunKey, at moment: Milliseconds, after acts: Acts) -> Run? {
        guard key.job < jobs.count else { return nil }
        let job = jobs[key.job]
        let newest = job.schedule.slot(at: moment)
        guard key.slot <= newest, key.slot > newest - Self.history else { return nil }
        let launch = key.number == 0 ? job.launch : .manual
        let attempts = acts.attempts[key] ?? ownAttempts(key, of: job, at: moment)
        return Run(key: key, launch: launch, attempts: attempts, at: moment)
    }

    /// The attempts at a run without any intervention; none for a run that the schedule does not make.
    private func ownAttempts(_ key: RunKey, of job: Job, at moment: Milliseconds) -> [Attempt] {
        guard key.number < 2 else { return [] }
        let created = created(job, slot: key.slot)
        guard created <= moment else { return [] }
        let course = course(of: job, slot: key.slot)
        guard key.number == 1 else { return [Attempt(begun: created, course: course)] }
        return rerun(of: job, slot: key.slot, after: course).map { [$0] } ?? []
    }

    /// A scheduler is prompt but not exact; a person is neither.
    private func created(_ job: Job, slot: Int) -> Milliseconds {
        var dice = Dice(seed: seed, job: job.index, slot: slot, decision: 1)
        let latest = job.launch == .scheduled ? 0.01 : 0.04
        return job.schedule.start(of: slot) + job.schedule.length(of: slot).share(dice.between(0, latest))
    }

    /// The course of the slot's first run, decided by its upstream first and its own temper then.
    private func course(of job: Job, slot: Int) -> Course {
        let room = job.schedule.length(of: slot)
        var dice = Dice(seed: seed, job: job.index, slot: slot, decision: 2)
        var course = Course.own(of: job, slot: slot, room: room, dice: &dice)
        if let upstream = job.upstream.map({ jobs[$0] }) {
            let before = self.course(of: upstream, slot: slot)
            let wait = created(upstream, slot: slot) + before.length - created(job, slot: slot)
            let blocked = wait > 0 ? [Course.Wait(status: .blocked, length: wait)] : []
            if let consequence = before.outcome.consequence { return Course(waits: blocked, outcome: consequence) }
            course.waits = blocked + course.waits
        }
        if !job.overruns(slot: slot) { course.fit(within: room.share(0.93)) }
        return course
    }

    /// Now and then a person starts a failed job again, and mostly that helps.
    private func rerun(of job: Job, slot: Int, after first: Course) -> Attempt? {
        let room = job.schedule.length(of: slot)
        var dice = Dice(seed: seed, job: job.index, slot: slot, decision: 3)
        guard first.outcome == .failed, first.length < room.share(0.6), dice.chance(0.35) else { return nil }
        var course = Course(
            waits: [.init(status: .queued, length: room.share(0.01))], running: job.usualDuration,
            outcome: dice.chance(0.8) ? .success : .failed)
        course.fit(within: room.share(0.2))
        return Attempt(begun: job.schedule.start(of: slot) + room.share(dice.between(0.68, 0.75)), course: course)
    }

    /// Who a run is put down to: the job's owner, or for a run started by hand someone of the team.
    func person(of run: Run) -> Person {
        guard run.launch == .manual else { return jobs[run.key.job].owner }
        var dice = Dice(seed: seed, job: run.key.job, slot: run.key.slot, decision: 4)
        return dice.pick(Catalogue.people(seed: seed))
    }
}
