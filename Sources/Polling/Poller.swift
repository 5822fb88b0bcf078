import AIDP
import Foundation
import Runs

/// Executes a ``PollingPlan``: sends requests, waits, handles commands, and reports what happened as ``PollEvent``s.
///
/// `clock` measures waits, `now` gives dates. They disagree after the machine slept or its clock was set. Then one cycle
/// begins soon, at a random time, and missed cycles are skipped.
package actor Poller {
    /// The events, in order; the stream ends when ``run()`` ends. It supports one reader.
    package nonisolated let events: AsyncStream<PollEvent>

    private enum Signal: Sendable {
        case command(PollCommand)
        /// A wait has ended.
        case woke
        case answer(Answer)
    }

    /// The longest wait, so that the poller soon detects that the machine slept.
    private static let longestSleep: Duration = .seconds(30)

    private nonisolated let eventSink: AsyncStream<PollEvent>.Continuation
    private nonisolated let signalSink: AsyncStream<Signal>.Continuation
    private let signals: AsyncStream<Signal>
    private let fetcher: Fetcher
    private let time: Timebase
    private let now: @Sendable () -> Date
    private let random: @Sendable (ClosedRange<Double>) -> Double
    private let settings: PollingSettings
    /// Requests the workspace's display name; used once.
    private var workspaceName: (@Sendable () async -> String?)?

    private var plan: PollingPlan
    private let inspector: RunInspector?
    /// The inspections to send next.
    private var inspections: [Inspection] = []
    /// The jobs whose tasks are known or were requested.
    private var graphsAsked: Set<JobID> = []
    /// The known values that complete an incomplete answer.
    private var known = KnownAnswers()
    /// The problems of the newest list of jobs: every cycle reports them until there is another list.
    private var jobListProblems: (notes: [String?], flaws: Flaws) = ([], Flaws())
    /// When the current or last cycle began.
    private var cycleBegan = Date.distantPast
    private var notes: [String] = []
    private var flaws = Flaws()
    private var phase: PollingPlan.Phase?
    private var clockWatch = ClockWatch()
    private var alarm: Task<Void, Never>?

    /// - Parameter workspaceName: requests the workspace's display name. It is called once, after a cycle that succeeded;
    ///   `nil` to show no name.
    package init(
        service: any WorkflowService, place: Place, settings: PollingSettings, clock: some Clock<Duration>,
        now: @escaping @Sendable () -> Date, random: @escaping @Sendable (ClosedRange<Double>) -> Double,
        workspaceName: (@Sendable () async -> String?)? = nil, inspector: RunInspector? = nil
    ) {
        (events, eventSink) = AsyncStream.makeStream()
        (signals, signalSink) = AsyncStream.makeStream()
        fetcher = Fetcher(service: service, place: place, settings: settings)
        time = Timebase(clock)
        self.now = now
        self.random = random
        self.settings = settings
        self.workspaceName = workspaceName
        self.inspector = inspector
        plan = PollingPlan(settings: settings, place: place)
    }

    /// Sends a command. One sent before ``run()`` is handled when that starts.
    package nonisolated func send(_ command: PollCommand) {
        signalSink.yield(.command(command))
    }

    /// Polls until its task is cancelled. A poller that has ended cannot run again.
    package func run() async {
        eventSink.yield(.phase(.starting))
        if !plan.watched.isEmpty { reportJobs(plan.watched.map { Job(id: $0) }) }
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

    /// Executes the steps of the plan until it says to wait.
    private func followPlan(in group: inout DiscardingTaskGroup) {
        inspect(in: &group)
        while true {
            switch plan.next(at: time.elapsed(), random: random) {
            case .begin: (cycleBegan, notes, flaws) = (now(), [], Flaws())
            case .ask(let request): ask(request, in: &group)
            case .end(let notes):
                reportCycle(notes)
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
        group.addTask { signalSink.yield(.answer(await fetcher.answer(to: request))) }
    }

    /// Sends the requested inspections at once, because the user waits for them, and charges them to the budget.
    private func inspect(in group: inout DiscardingTaskGroup) {
        guard let inspector else { return inspections.removeAll() }
        let (eventSink, now) = (eventSink, now)
        for inspection in inspections {
            for _ in 0..<RunInspector.cost(of: inspection) { plan.chargeOne(at: time.elapsed()) }
            group.addTask {
                let result = await inspector.result(of: inspection)
                eventSink.yield(.inspected(inspection, result, at: now()))
            }
        }
        inspections.removeAll()
    }

    private func want(_ inspection: Inspection, at moment: Duration) {
        if let refusal = plan.refusal(at: moment) {
            eventSink.yield(.inspected(inspection, .failed(RequestFailure(refusal)), at: now()))
        } else if !inspections.contains(inspection) {
            inspections.append(inspection)
        }
    }

    /// Requests the workspace's name once a cycle has succeeded. Polling does not depend on it.
    private func askForWorkspaceName(in group: inout DiscardingTaskGroup) {
        guard let workspaceName, case .waiting = plan.phase else { return }
        self.workspaceName = nil
        plan.chargeOne(at: time.elapsed())
        let eventSink = eventSink
        group.addTask {
            if let name = await workspaceName() { eventSink.yield(.workspaceNamed(name)) }
        }
    }

    private func reportCycle(_ planNotes: [String]) {
        notes.appendNew(jobListProblems.notes + planNotes + [settings.orderNote])
        flaws.add(jobListProblems.flaws.count, jobListProblems.flaws.first ?? "")
        eventSink.yield(.cycleEnded(CycleReport(flaws: flaws.count, firstFlaw: flaws.first, notes: notes)))
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
        // The times in the phase have other dates now.
        phase = nil
    }
}

// MARK: - Signals

extension Poller {
    private func handle(_ signal: Signal) {
        switch signal {
        case .woke: break
        case .command(let command): carryOut(command)
        case .answer(let answer): handle(answer)
        }
    }

    private func carryOut(_ command: PollCommand) {
        let moment = time.elapsed()
        switch command {
        case .pause: plan.pause()
        case .resume: plan.resume(at: moment)
        case .refreshNow:
            graphsAsked.removeAll()
            plan.refresh(at: moment)
        case .setInterval(let interval): plan.setInterval(interval, at: moment, random: random)
        case .fillIn(let windows): plan.backfill.want(windows)
        case .listTasks(let run):
            if let refusal = plan.wantTasks(of: run, at: moment) {
                eventSink.yield(.tasksFailed(RequestFailure(refusal), of: run, at: now()))
                return
            }
            want(.run(run), at: moment)
            if graphsAsked.insert(run.job).inserted { want(.graph(of: run.job), at: moment) }
        case .inspect(let inspection): want(inspection, at: moment)
        }
    }

    private func handle(_ answer: Answer) {
        var answer = answer
        if answer.gap != nil { known.complete(&answer, mostRuns: settings.recordCount) }
        known.record(&answer)
        let date = now()
        let outcome = plan.apply(answer, at: time.elapsed(), wall: date)
        switch answer.content {
        case .jobs(let jobs):
            jobListProblems = ([answer.note, answer.gap], answer.flaws)
            reportJobs(jobs)
        case .runs(let found):
            count(answer)
            if !found.answered.isEmpty { eventSink.yield(.runs(found.runs, of: found.answered, at: date)) }
            if let reason = answer.gap, !found.missing.isEmpty {
                eventSink.yield(.runsMissing(reason: reason, of: found.missing, at: date))
            }
        case .tasks(let tasks, let run):
            eventSink.yield(.tasksListed(tasks, of: run, at: date, note: answer.note ?? answer.flaws.first))
        case .listed(_, let request):
            if request.isForRuns { count(answer) }
            let source: RunsSource = request.isForRuns ? .sweep : .backfill
            if !outcome.found.isEmpty { eventSink.yield(.runsFound(outcome.found, by: source, at: date)) }
        case .failed(let request, let error):
            if request.isForRuns { count(answer) }
            reportFailure(of: request, RequestFailure(error), outcome.failure, at: date)
        }
        if let moment = outcome.confirmedAt, !outcome.confirmed.isEmpty {
            eventSink.yield(.confirmed(outcome.confirmed, at: moment))
        }
        if let progress = outcome.backfill { eventSink.yield(.backfill(progress)) }
    }

    /// Counts the flaws of an answer of this cycle.
    private func count(_ answer: Answer) {
        notes.appendNew([answer.note, answer.gap])
        if let reason = answer.flaws.first { flaws.add(answer.flaws.count, reason) }
    }

    private func reportJobs(_ jobs: [Job]) {
        known.replaceJobs(jobs)
        eventSink.yield(.jobsListed(jobs, at: now()))
    }

    private func reportFailure(
        of request: PollRequest, _ error: RequestFailure, _ failure: PollingPlan.Failure?, at date: Date
    ) {
        switch request {
        case .jobs: eventSink.yield(.jobListFailed(error, at: date))
        case .tasks(let run): eventSink.yield(.tasksFailed(error, of: run, at: date))
        case .runs, .newRuns, .activeRuns, .pastRuns: break
        }
        guard let failure else { return }
        for jobs in [failure.failed, failure.givenUp] where !jobs.isEmpty {
            eventSink.yield(.runsFailed(error, of: jobs, at: date))
        }
    }

    /// Reports the phase of the poller if it has changed.
    private func reportPhase() {
        guard plan.phase != phase else { return }
        phase = plan.phase
        let (moment, date) = (time.elapsed(), now())
        func wall(_ other: Duration) -> Date { date.addingTimeInterval((other - moment) / .seconds(1)) }
        switch plan.phase {
        case .polling(_, let done, let total):
            eventSink.yield(.phase(.polling(since: cycleBegan, done: done, of: total)))
        case .waiting(let next): eventSink.yield(.phase(.waiting(next: wall(next))))
        case .backingOff(let next, let reason):
            eventSink.yield(.phase(.backingOff(next: wall(next), reason: reason)))
        case .pausing: eventSink.yield(.phase(.pausing))
        case .paused: eventSink.yield(.phase(.paused))
        }
    }
}

/// A clock of any type: the time since polling began, and a function that sleeps until such a time.
struct Timebase: Sendable {
    let elapsed: @Sendable () -> Duration
    let sleep: @Sendable (_ until: Duration) async throws -> Void

    init<C: Clock<Duration>>(_ clock: C) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { moment in try await clock.sleep(until: start.advanced(by: moment), tolerance: nil) }
    }
}

/// Detects that the machine slept or its clock was set: the wall clock moved much further than the wait.
struct ClockWatch: Sendable {
    private var last: (wall: Date, wait: Duration)?

    /// Records that a wait of this length starts.
    mutating func waiting(_ wait: Duration, wall: Date) { last = (wall, wait) }

    /// Records that the wait has ended. Returns whether the wall clock moved forward by more than the wait and three
    /// intervals, or back by more than three intervals.
    mutating func woke(wall: Date, interval: Duration) -> Bool {
        defer { last = nil }
        guard let last else { return false }
        let moved = wall.timeIntervalSince(last.wall)
        let tolerated = interval * 3 / .seconds(1)
        return moved > last.wait / .seconds(1) + tolerated || moved < -tolerated
    }
}
