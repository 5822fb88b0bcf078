import AIDP
import Foundation
import Runs

/// Carries out a ``PollingPlan``: asks the service, waits, handles commands, and reports what happened as ``PollEvent``s.
///
/// Waits go by the clock handed in, ages by `now`; the two may disagree after a machine's sleep, or when the clock was set:
/// then one cycle comes soon and at random, and the cycles that were missed are not made up for.
package actor Poller {
    /// What happens, in order; ends when ``run()`` does. One reader.
    package nonisolated let events: AsyncStream<PollEvent>

    private enum Signal: Sendable {
        case command(PollCommand)
        /// A wait is over.
        case woke
        case jobs(Fetcher.Answer<[Job]>)
        case runs([JobID], Fetcher.Answer<Fetcher.ChunkRuns>)
        case tasks(RunID, Fetcher.Answer<[TaskRun]>)
    }

    /// How soon it is detected that the machine has slept, however long the wait.
    private static let longestSleep: Duration = .seconds(30)

    private nonisolated let eventSink: AsyncStream<PollEvent>.Continuation
    private nonisolated let signalSink: AsyncStream<Signal>.Continuation
    private let signals: AsyncStream<Signal>
    private let fetcher: Fetcher
    private let time: Timebase
    private let now: @Sendable () -> Date
    private let random: @Sendable (ClosedRange<Double>) -> Double
    private let settings: PollingSettings
    /// Looks up the workspace's display name; used once.
    private var workspaceName: (@Sendable () async -> String?)?

    private var plan: PollingPlan
    /// What is known: to count what an answer changes, and to complete an answer that is not whole.
    private var board = JobBoard()
    /// What was wrong with the newest list of jobs: true until there is another list.
    private var jobListProblems: (notes: [String?], flaws: Flaws) = ([], Flaws())
    private var flaws = Flaws()
    private var report = CycleReport(began: Date(timeIntervalSince1970: 0))
    private var phase: PollingPlan.Phase?
    private var clockWatch = ClockWatch()
    private var alarm: Task<Void, Never>?

    /// - Parameter workspaceName: looks up the workspace's display name, with one request. It is called once, after a
    ///   cycle in which all was well; `nil` for no name to look up.
    package init(
        service: any WorkflowService, place: Place, settings: PollingSettings, clock: some Clock<Duration>,
        now: @escaping @Sendable () -> Date, random: @escaping @Sendable (ClosedRange<Double>) -> Double,
        workspaceName: (@Sendable () async -> String?)? = nil
    ) {
        (events, eventSink) = AsyncStream.makeStream()
        (signals, signalSink) = AsyncStream.makeStream()
        fetcher = Fetcher(service: service, place: place, settings: settings)
        time = Timebase(clock)
        self.now = now
        self.random = random
        self.settings = settings
        self.workspaceName = workspaceName
        plan = PollingPlan(settings: settings, place: place)
    }

    /// Sends a command; one sent before ``run()`` has begun is kept for it.
    package nonisolated func send(_ command: PollCommand) {
        signalSink.yield(.command(command))
    }

    /// Polls until its task is cancelled. Only once: a poller that has ended cannot run again.
    package func run() async {
        eventSink.yield(.phase(.starting))
        if !plan.watched.isEmpty { watch(plan.watched.map { Job(id: $0) }) }
        await withDiscardingTaskGroup { group in
            followPlan(in: &group)
            for await signal in signals {
                detectClockJump()
                handle(signal)
                followPlan(in: &group)
            }
            group.cancelAll()
        }
        alarm?.cancel()
        eventSink.finish()
    }

    /// Does what the plan says until it says to wait.
    private func followPlan(in group: inout DiscardingTaskGroup) {
        while true {
            switch plan.next(at: time.elapsed(), random: random) {
            case .begin: (report, flaws) = (CycleReport(began: now()), Flaws())
            case .ask(let request): ask(request, in: &group)
            case .end(let end):
                close(end)
                askForWorkspaceName(in: &group)
            case .wait(let moment):
                reportPhase()
                wait(until: moment)
                return
            }
        }
    }

    private func ask(_ request: PollRequest, in group: inout DiscardingTaskGroup) {
        let (fetcher, signalSink) = (fetcher, signalSink)
        group.addTask {
            switch request {
            case .jobs: signalSink.yield(.jobs(await fetcher.jobs()))
            case .runs(let chunk): signalSink.yield(.runs(chunk, await fetcher.runs(of: chunk)))
            case .tasks(let run): signalSink.yield(.tasks(run, await fetcher.tasks(of: run)))
            }
        }
    }

    /// Asks for the workspace's name once all is well: whatever it meets, polling does not depend on it.
    private func askForWorkspaceName(in group: inout DiscardingTaskGroup) {
        guard let workspaceName, case .waiting = plan.phase else { return }
        self.workspaceName = nil
        plan.chargeOne(at: time.elapsed())
        let eventSink = eventSink
        group.addTask {
            if let name = await workspaceName() { eventSink.yield(.workspaceNamed(name)) }
        }
    }

    private func close(_ end: PollingPlan.CycleEnd) {
        report.duration = end.duration
        report.notes.appendNew(jobListProblems.notes + end.notes + [settings.orderNote])
        flaws.add(jobListProblems.flaws.count, jobListProblems.flaws.first ?? "")
        report.flaws = flaws.count
        report.firstFlaw = flaws.first
        report.interval = end.interval
        eventSink.yield(.cycleEnded(report))
    }

    private func wait(until moment: Duration?) {
        alarm?.cancel()
        alarm = nil
        guard let moment else { return }
        let start = time.elapsed()
        let wake = min(moment, start + Self.longestSleep)
        clockWatch.waiting(wake - start, wall: now())
        let (sleep, signalSink) = (time.sleep, signalSink)
        alarm = Task {
            guard (try? await sleep(wake)) != nil else { return }
            signalSink.yield(.woke)
        }
    }

    private func detectClockJump() {
        guard clockWatch.woke(wall: now(), interval: plan.interval) else { return }
        plan.clockJumped(at: time.elapsed(), random: random)
        // The moments in it have other dates now.
        phase = nil
    }
}

// MARK: - Signals

extension Poller {
    private func handle(_ signal: Signal) {
        switch signal {
        case .woke: break
        case .command(let command): carryOut(command)
        case .jobs(let answer): handle(answer)
        case .runs(let chunk, let answer): handle(answer, of: chunk)
        case .tasks(let run, let answer): handle(answer, of: run)
        }
    }

    private func carryOut(_ command: PollCommand) {
        let moment = time.elapsed()
        switch command {
        case .pause: plan.pause()
        case .resume: plan.resume(at: moment)
        case .refreshNow: plan.refresh(at: moment)
        case .setInterval(let interval): plan.setInterval(interval, at: moment, random: random)
        case .listTasks(let run):
            if let refusal = plan.wantTasks(of: run, at: moment) {
                eventSink.yield(.tasksFailed(RequestFailure(refusal), of: run, at: now()))
            }
        }
    }

    private func handle(_ answer: Fetcher.Answer<[Job]>) {
        count(answer.cost)
        switch answer.result {
        case .success(let jobs):
            jobListProblems = ([answer.note, answer.gap], answer.flaws)
            let listed = answer.gap == nil ? jobs : knownJobs(updatedBy: jobs)
            watch(listed)
            plan.listed(listed.map(\.id), cost: answer.cost, at: time.elapsed())
        case .failure(let error):
            let failure = plan.failed(.jobs, error, cost: answer.cost, at: time.elapsed(), wall: now())
            report.errors.append(error)
            eventSink.yield(.jobListFailed(RequestFailure(error), at: now()))
            announce(failure, error)
        }
    }

    private func handle(_ answer: Fetcher.Answer<Fetcher.ChunkRuns>, of chunk: [JobID]) {
        count(answer.cost)
        report.notes.appendNew([answer.note, answer.gap])
        if let reason = answer.flaws.first { flaws.add(answer.flaws.count, reason) }
        let date = now()
        switch answer.result {
        case .success(let found):
            let answered = chunk.filter { !found.missing.contains($0) }
            let runs = answer.gap == nil ? found.runs : knownRuns(of: answered, updatedBy: found.runs)
            let active = Set(runs.lazy.filter(\.status.isActive).map(\.job))
            plan.answered(chunk, active: active, missing: found.missing, cost: answer.cost, at: time.elapsed())
            report.changes += board.record(runs, of: answered, at: date).count
            if !answered.isEmpty { eventSink.yield(.runs(runs, of: answered, at: date)) }
            if let reason = answer.gap, !found.missing.isEmpty {
                eventSink.yield(.runsMissing(reason: reason, of: found.missing, at: date))
            }
        case .failure(let error):
            let failure = plan.failed(.runs(of: chunk), error, cost: answer.cost, at: time.elapsed(), wall: date)
            if !failure.isRetriedInParts { report.errors.append(error) }
            announce(failure, error)
        }
    }

    /// The jobs that are known, with those of a list that is not whole: one that it lacks has not vanished.
    private func knownJobs(updatedBy listed: [Job]) -> [Job] {
        let new = Dictionary(listed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let known = plan.watched.compactMap { key in new[key] ?? board[key]?.job }
        let knownKeys = Set(plan.watched)
        return known + listed.filter { !knownKeys.contains($0.id) }
    }

    /// The runs of an answer that is not whole, with those known before as far as there is room for them.
    private func knownRuns(of jobs: [JobID], updatedBy runs: [JobRun]) -> [JobRun] {
        let byJob = Dictionary(grouping: runs, by: \.job)
        return jobs.flatMap { job in
            let new = byJob[job] ?? []
            let newKeys = Set(new.map(\.id))
            let known = board[job]?.runs.filter { !newKeys.contains($0.id) } ?? []
            return new + known.prefix(max(0, settings.recordCount - newKeys.count))
        }
    }

    private func handle(_ answer: Fetcher.Answer<[TaskRun]>, of run: RunID) {
        switch answer.result {
        case .success(let tasks):
            plan.tasksListed(cost: answer.cost, at: time.elapsed())
            eventSink.yield(.tasksListed(tasks, of: run, at: now(), note: answer.note ?? answer.flaws.first))
        case .failure(let error):
            _ = plan.failed(.tasks(of: run), error, cost: answer.cost, at: time.elapsed(), wall: now())
            eventSink.yield(.tasksFailed(RequestFailure(error), of: run, at: now()))
        }
    }

    private func count(_ cost: RequestCost) {
        report.requests += cost.requests
        report.retries += cost.retries
    }

    private func watch(_ jobs: [Job]) {
        board.watch(jobs)
        eventSink.yield(.jobsListed(jobs, at: now()))
    }

    private func announce(_ failure: PollingPlan.Failure, _ error: ServiceError) {
        for keys in [failure.failed, failure.givenUp] where !keys.isEmpty {
            eventSink.yield(.runsFailed(RequestFailure(error), of: keys, at: now()))
        }
    }

    /// Reports what the poller is doing, when that has changed.
    private func reportPhase() {
        guard plan.phase != phase else { return }
        phase = plan.phase
        let (moment, date) = (time.elapsed(), now())
        func wall(_ other: Duration) -> Date { date.addingTimeInterval((other - moment) / .seconds(1)) }
        switch plan.phase {
        case .polling(_, let done, let total):
            eventSink.yield(.phase(.polling(since: report.began, done: done, of: total)))
        case .waiting(let next): eventSink.yield(.phase(.waiting(next: wall(next))))
        case .backingOff(let next, let reason):
            eventSink.yield(.phase(.backingOff(next: wall(next), reason: reason)))
        case .pausing: eventSink.yield(.phase(.pausing))
        case .paused: eventSink.yield(.phase(.paused))
        }
    }
}
