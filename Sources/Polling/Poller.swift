import AIDPClient
import Foundation
import Runs

/// Carries out a ``PollingPlan``: asks the service, waits, takes commands, and tells what happened as ``PollEvent``s.
///
/// Waiting goes by the clock handed in, ages by `now`; the two may disagree, after a machine's sleep or when somebody sets
/// the clock: then one cycle comes soon and at random, and nothing is made up for.
public actor Poller {
    /// What happens, in order; ends when ``run()`` does. One reader.
    public nonisolated let events: AsyncStream<PollEvent>

    private enum Signal: Sendable {
        case command(PollCommand)
        /// A wait is over.
        case woke
        case jobs(Fetcher.Answer<[Job]>)
        case runs([JobKey], Fetcher.Answer<Fetcher.ChunkRuns>)
        case tasks(RunKey, Fetcher.Answer<[TaskRun]>)
    }

    /// A machine that slept is noticed this soon after it woke, however long the wait.
    private static let longestSleep: Duration = .seconds(30)

    private nonisolated let eventSink: AsyncStream<PollEvent>.Continuation
    private nonisolated let signalSink: AsyncStream<Signal>.Continuation
    private let signals: AsyncStream<Signal>
    private let fetcher: Fetcher
    private let time: Timebase
    private let now: @Sendable () -> Date
    private let random: @Sendable (ClosedRange<Double>) -> Double

    private var plan: PollingPlan
    /// What was known before an answer, to count what it changed.
    private var board = JobBoard()
    private var report = CycleReport(began: Date(timeIntervalSince1970: 0))
    private var phase: PollingPlan.Phase?
    private var clockWatch = ClockWatch()
    private var alarm: Task<Void, Never>?

    public init(
        service: any WorkflowService, settings: PollingSettings, clock: some Clock<Duration>,
        now: @escaping @Sendable () -> Date, random: @escaping @Sendable (ClosedRange<Double>) -> Double
    ) {
        (events, eventSink) = AsyncStream.makeStream()
        (signals, signalSink) = AsyncStream.makeStream()
        fetcher = Fetcher(service: service, settings: settings)
        time = Timebase(clock)
        self.now = now
        self.random = random
        plan = PollingPlan(settings: settings)
    }

    /// Takes a command; before ``run()`` has begun it waits for it.
    public nonisolated func send(_ command: PollCommand) {
        signalSink.yield(.command(command))
    }

    /// Polls until its task is cancelled. Once: an ended poller stays ended.
    public func run() async {
        eventSink.yield(.phase(.starting))
        if !plan.watched.isEmpty { watch(plan.watched.map { Job(key: $0) }) }
        await withDiscardingTaskGroup { group in
            carryOn(in: &group)
            for await signal in signals {
                noticeClockJump()
                take(signal)
                carryOn(in: &group)
            }
            group.cancelAll()
        }
        alarm?.cancel()
        eventSink.finish()
    }

    /// Does what the plan says until it says to wait.
    private func carryOn(in group: inout DiscardingTaskGroup) {
        while true {
            switch plan.next(at: time.elapsed(), random: random) {
            case .begin: report = CycleReport(began: now())
            case .ask(let request): ask(request, in: &group)
            case .end(let end): close(end)
            case .wait(let moment):
                tellPhase()
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

    private func close(_ end: PollingPlan.CycleEnd) {
        report.duration = end.duration
        report.notes += end.notes
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

    private func noticeClockJump() {
        guard clockWatch.woke(wall: now(), interval: plan.interval) else { return }
        plan.clockJumped(at: time.elapsed(), random: random)
        // The moments it names have other dates now.
        phase = nil
    }
}

// MARK: - What came

extension Poller {
    private func take(_ signal: Signal) {
        switch signal {
        case .woke: break
        case .command(let command): obey(command)
        case .jobs(let answer): take(answer)
        case .runs(let chunk, let answer): take(answer, of: chunk)
        case .tasks(let run, let answer): take(answer, of: run)
        }
    }

    private func obey(_ command: PollCommand) {
        let moment = time.elapsed()
        switch command {
        case .pause: plan.pause()
        case .resume: plan.resume(at: moment)
        case .refreshNow: plan.refresh(at: moment)
        case .setInterval(let interval): plan.setInterval(interval, at: moment, random: random)
        case .listTasks(let run):
            if let refusal = plan.wantTasks(of: run, at: moment) {
                eventSink.yield(.tasksFailed(refusal, of: run, at: now()))
            }
        }
    }

    private func take(_ answer: Fetcher.Answer<[Job]>) {
        count(answer)
        switch answer.result {
        case .success(let jobs):
            watch(jobs)
            plan.listed(jobs.map(\.key), cost: answer.cost, at: time.elapsed())
        case .failure(let error):
            let failure = plan.failed(.jobs, error, cost: answer.cost, at: time.elapsed(), wall: now())
            report.errors.append(error)
            eventSink.yield(.jobListFailed(error, at: now()))
            tell(failure, error)
        }
    }

    private func take(_ answer: Fetcher.Answer<Fetcher.ChunkRuns>, of chunk: [JobKey]) {
        count(answer)
        let date = now()
        switch answer.result {
        case .success(let found):
            let active = Set(found.runs.lazy.filter(\.status.isActive).map(\.jobKey))
            plan.answered(chunk, active: active, cost: answer.cost, at: time.elapsed())
            report.changes += board.record(found.runs, of: chunk, at: date).count
            eventSink.yield(.runs(found.runs, of: chunk, at: date))
        case .failure(let error):
            let failure = plan.failed(.runs(of: chunk), error, cost: answer.cost, at: time.elapsed(), wall: date)
            if !failure.isRetriedInParts { report.errors.append(error) }
            tell(failure, error)
        }
    }

    private func take(_ answer: Fetcher.Answer<[TaskRun]>, of run: RunKey) {
        switch answer.result {
        case .success(let tasks):
            plan.tasksListed(cost: answer.cost, at: time.elapsed())
            eventSink.yield(.tasksListed(tasks, of: run, at: now()))
        case .failure(let error):
            _ = plan.failed(.tasks(of: run), error, cost: answer.cost, at: time.elapsed(), wall: now())
            eventSink.yield(.tasksFailed(error, of: run, at: now()))
        }
    }

    private func count<Value>(_ answer: Fetcher.Answer<Value>) {
        report.requests += answer.cost.requests
        report.retries += answer.cost.retries
        report.flaws += answer.flaws
        if let note = answer.note, !report.notes.contains(note) { report.notes.append(note) }
    }

    private func watch(_ jobs: [Job]) {
        board.watch(jobs)
        eventSink.yield(.jobsListed(jobs, at: now()))
    }

    private func tell(_ failure: PollingPlan.Failure, _ error: ServiceError) {
        for keys in [failure.failed, failure.givenUp] where !keys.isEmpty {
            eventSink.yield(.runsFailed(error, of: keys, at: now()))
        }
    }

    /// Tells what the poller is doing, when that is something else than before.
    private func tellPhase() {
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
        case .paused: eventSink.yield(.phase(.paused))
        }
    }
}
