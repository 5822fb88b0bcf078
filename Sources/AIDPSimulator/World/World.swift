import Synchronization

/// A data platform's jobs and all their runs, as a pure function of a seed, a time, and the changes that people made
/// with the API. Only the jobs and the changes are stored, so that memory and time per request do not grow with uptime.
struct World: Sendable {
    /// The number of past slots of a job that can be listed.
    static let history = 60

    let seed: UInt64
    let jobs: [SimulatedJob]
    let storedChanges = RunChangeStore()
    /// The minimum size of the outputs of tasks, in bytes.
    let outputSize: Int
    private let indexByKey: [String: Int]

    /// - Parameters:
    ///   - speed: the speed of the jobs relative to their schedules.
    ///   - hostile: texts that replace names, messages and traces; empty for normal texts.
    ///   - outputSize: the minimum size of the outputs of tasks, in bytes.
    init(seed: UInt64, jobCount: Int, speed: Double, hostile: [String] = [], outputSize: Int = 0) {
        self.seed = seed
        self.outputSize = outputSize
        jobs = Catalogue.jobs(count: jobCount, seed: seed, speed: speed, hostile: hostile)
        indexByKey = Dictionary(uniqueKeysWithValues: jobs.map { ($0.key, $0.index) })
    }

    /// The job with this key.
    func job(key: String) -> SimulatedJob? { indexByKey[key].map { jobs[$0] } }

    /// The runs of a job at a time, newest first, at most `limit`.
    func runs(of job: SimulatedJob, at moment: Milliseconds, limit: Int = history) -> [SimulatedRun] {
        runs(of: job, at: moment, limit: limit, after: storedChanges.all)
    }

    /// The runs of a job at a time that were created since another time, newest first.
    func runs(of job: SimulatedJob, at moment: Milliseconds, since: Milliseconds) -> [SimulatedRun] {
        runs(of: job, at: moment, limit: Self.history, since: since, after: storedChanges.all)
            .filter { $0.created >= since }
    }

    /// The runs of a job at a time that have not ended, newest first. A run that nobody changed ends within
    /// ``longestLife`` slots.
    func openRuns(of job: SimulatedJob, at moment: Milliseconds) -> [SimulatedRun] {
        let changes = storedChanges.all
        let oldest = job.schedule.slot(at: moment) - Self.longestLife + 1
        var found = runs(
            of: job, at: moment, limit: Self.history, since: job.schedule.start(of: oldest), after: changes)
        let changed = changes.attempts.keys.filter { $0.job == job.index && $0.slot < oldest }
        found += changed.sorted { $0.plain > $1.plain }.compactMap { run($0, at: moment, after: changes) }
        return found.filter { !$0.status.isTerminal }
    }

    /// The longest run takes one and a half slots, and waits for another one as long.
    private static let longestLife = 4

    /// At most `limit` runs of a job at a time with these changes, newest first, of slots that end after `since`.
    func runs(
        of job: SimulatedJob, at moment: Milliseconds, limit: Int, since: Milliseconds = .min, after changes: RunChanges
    ) -> [SimulatedRun] {
        var found: [SimulatedRun] = []
        found.reserveCapacity(min(limit, Self.history))
        let newest = job.schedule.slot(at: moment)
        let byHand = Dictionary(grouping: changes.started[job.index] ?? [], by: \.slot)
        var slot = newest
        while slot >= 0, slot > newest - Self.history, found.count < limit, job.schedule.start(of: slot + 1) > since {
            let own = [1, 0].map { SimulatedRunKey(job: job.index, slot: slot, number: $0) }
            var runs = (own + (byHand[slot] ?? [])).compactMap { run($0, at: moment, after: changes) }
            if byHand[slot] != nil { runs.sort { ($0.created, $0.key.number) > ($1.created, $1.key.number) } }
            found += runs.prefix(limit - found.count)
            slot -= 1
        }
        return found
    }

    /// The run with this key, if it exists at that time and can still be listed.
    func run(key: String, at moment: Milliseconds) -> SimulatedRun? {
        SimulatedRunKey(key, seed: seed).flatMap { run($0, at: moment, after: storedChanges.all) }
    }

    /// The run with this key at a time and after these changes.
    func run(_ key: SimulatedRunKey, at moment: Milliseconds, after changes: RunChanges) -> SimulatedRun? {
        guard key.job < jobs.count else { return nil }
        let job = jobs[key.job]
        let newest = job.schedule.slot(at: moment)
        guard key.slot <= newest, key.slot > newest - Self.history else { return nil }
        let launch = key.number == 0 ? job.launch : .manual
        let attempts = changes.attempts[key] ?? scheduledAttempts(key, of: job, at: moment)
        return SimulatedRun(key: key, launch: launch, attempts: attempts, at: moment)
    }

    /// The attempts of a run that nobody changed; none for a run that the schedule does not create.
    private func scheduledAttempts(_ key: SimulatedRunKey, of job: SimulatedJob, at moment: Milliseconds) -> [Attempt] {
        guard key.number < 2, !job.forgets(slot: key.slot) else { return [] }
        let created = created(job, slot: key.slot)
        guard created <= moment else { return [] }
        let timeline = timeline(of: job, slot: key.slot)
        guard key.number == 1 else { return [Attempt(created: created, timeline: timeline)] }
        return rerun(of: job, slot: key.slot, after: timeline).map { [$0] } ?? []
    }

    /// When the run of a slot is created: shortly after the slot begins, later for runs that a person starts.
    private func created(_ job: SimulatedJob, slot: Int) -> Milliseconds {
        var dice = Dice(seed: seed, job: job.index, slot: slot, decision: 1)
        let latest = job.launch == .scheduled ? 0.01 : 0.04
        return job.schedule.start(of: slot) + job.schedule.length(of: slot).share(dice.between(0, latest))
    }

    /// The timeline of the slot's first run. A failed upstream determines it, otherwise the job's pattern.
    private func timeline(of job: SimulatedJob, slot: Int) -> RunTimeline {
        let room = job.schedule.length(of: slot)
        var dice = Dice(seed: seed, job: job.index, slot: slot, decision: 2)
        var timeline = RunTimeline.planned(for: job, slot: slot, room: room, dice: &dice)
        if let upstream = job.upstream.map({ jobs[$0] }) {
            let before = self.timeline(of: upstream, slot: slot)
            let wait = created(upstream, slot: slot) + before.length - created(job, slot: slot)
            let blocked = wait > 0 ? [RunTimeline.Step(status: .blocked, length: wait)] : []
            if let consequence = before.outcome.consequence { return RunTimeline(waits: blocked, outcome: consequence) }
            timeline.waits = blocked + timeline.waits
        }
        if !job.overruns(slot: slot) { timeline.fit(within: room.share(0.93)) }
        return timeline
    }

    /// A person starts some failed jobs again. Four of five of these runs succeed.
    private func rerun(of job: SimulatedJob, slot: Int, after first: RunTimeline) -> Attempt? {
        let room = job.schedule.length(of: slot)
        var dice = Dice(seed: seed, job: job.index, slot: slot, decision: 3)
        guard first.outcome == .failed, first.length < room.share(0.6), dice.chance(0.35) else { return nil }
        var timeline = RunTimeline(
            waits: [.init(status: .queued, length: room.share(0.01))], running: job.usualDuration,
            outcome: dice.chance(0.8) ? .success : .failed)
        timeline.fit(within: room.share(0.2))
        return Attempt(created: job.schedule.start(of: slot) + room.share(dice.between(0.68, 0.75)), timeline: timeline)
    }

    /// Who started a run: the job's owner, or a member of the team for a manual run.
    func person(of run: SimulatedRun) -> Person {
        guard run.launch == .manual else { return jobs[run.key.job].owner }
        var dice = Dice(seed: seed, job: run.key.job, slot: run.key.slot, decision: 4)
        return dice.pick(Catalogue.people(seed: seed))
    }
}

extension World {
    /// A run's key in the API.
    func name(of key: SimulatedRunKey) -> String { key.text(seed: seed) }

    /// A run's display name: the job's name and the time of creation.
    func title(of run: SimulatedRun) -> String { "\(jobs[run.key.job].name)_\(run.created.compact)" }

    /// A task run's key in the API.
    func name(of task: SimulatedTaskRun, in run: SimulatedRun) -> String {
        SimulatedTaskRunKey(run: run.key, place: task.place).text(seed: seed)
    }
}

/// The runs that people started, cancelled and repaired with the API. A world stores no other runs, and removes those
/// that are too old to be listed.
final class RunChangeStore: Sendable {
    private let changes = Mutex(RunChanges())

    /// All changes so far.
    var all: RunChanges { changes.withLock { $0 } }

    /// Makes one change, or throws. Changes are made one at a time.
    func update<Outcome: Sendable>(_ body: (inout RunChanges) throws(APIError) -> Outcome) throws(APIError) -> Outcome {
        try changes.withLock { changes throws(APIError) in try body(&changes) }
    }
}

/// The changes that people made.
struct RunChanges: Sendable {
    /// The attempts of each run that a person started or changed. They replace the scheduled ones.
    private(set) var attempts: [SimulatedRunKey: [Attempt]] = [:]
    /// The runs that people started, by job, newest last.
    private(set) var started: [Int: [SimulatedRunKey]] = [:]
    private var answered: [String: Answered] = [:]

    /// A request that was carried out, by its `opc-retry-token`.
    struct Answered: Sendable {
        let request: String
        let run: SimulatedRunKey
        let at: Milliseconds
    }

    /// The lifetime of a retry token, as in all of OCI: 24 hours.
    static let tokenLife: Milliseconds = 86_400_000

    /// Starts a run.
    mutating func start(_ key: SimulatedRunKey, _ attempt: Attempt) {
        attempts[key] = [attempt]
        started[key.job, default: []].append(key)
    }

    /// Replaces the attempts of a run.
    mutating func replaceAttempts(of key: SimulatedRunKey, with changed: [Attempt]) { attempts[key] = changed }

    /// The request with this token in the last 24 hours.
    func answered(_ token: String, at moment: Milliseconds) -> Answered? {
        answered[token].flatMap { moment - $0.at < Self.tokenLife ? $0 : nil }
    }

    mutating func remember(_ token: String, _ answer: Answered) {
        answered = answered.filter { answer.at - $0.value.at < Self.tokenLife }
        answered[token] = answer
    }

    /// Removes the runs of a job before this slot.
    mutating func forget(job: Int, before slot: Int) {
        started[job]?.removeAll { $0.slot < slot }
        attempts = attempts.filter { $0.key.job != job || $0.key.slot >= slot }
    }
}
