import AIDP
import Foundation
import Runs

// What became of a request of the plan.

extension PollingPlan {
    /// How long a failed list of jobs is not asked for again, at most.
    private static let jobListRetry: Duration = .seconds(60)

    /// What an answer means for the rows.
    struct Outcome: Sendable, Equatable {
        /// Set when it is a failure.
        var failure: Failure?
        /// The runs of a list that are unknown or have changed; of the past, all.
        var found: [JobRun] = []
        /// The jobs whose rows are as fresh as the lists, and since when.
        var confirmed: [JobID] = []
        var confirmedAt: Date?
        var backfill: BackfillProgress?
    }

    /// What a failure means for the rows.
    struct Failure: Sendable, Equatable {
        /// The jobs whose request failed.
        var failed: [JobID] = []
        /// The jobs that were not asked for because of it.
        var givenUp: [JobID] = []
        /// The request is made again in smaller parts: the failure need not be reported.
        var isRetriedInParts = false
    }

    /// Applies an answer; `wall` is the time of the wall clock. Returns what it means for the rows.
    mutating func apply(_ answer: Answer, at now: Duration, wall: Date) -> Outcome {
        sweep.learnTime(serviceDate: answer.serviceDate, at: now, wall: wall)
        switch answer.content {
        case .jobs(let jobs):
            listed(jobs.map(\.id), cost: answer.cost, at: now)
        case .runs(let found):
            let active = Set(found.runs.lazy.filter(\.status.isActive).map(\.job))
            let behind = sweep.learn(found, at: now) { watchlist.hasNews($0) }
            answered(found.jobs, active: active, missing: found.missing, cost: answer.cost, at: now)
            watchlist.hasNews(behind)
        case .tasks:
            tasksListed(cost: answer.cost, at: now)
        case .listed(let runs, .pastRuns):
            charge(answer.cost, at: now)
            let progress = backfill.answered(runs: runs.count, gap: answer.gap)
            return Outcome(found: runs.filter { watchlist.contains($0.job) }, backfill: progress)
        case .listed(let runs, let request):
            return listed(runs, request, answer, at: now, wall: wall)
        case .failed(let request, let error):
            return failed(request, error, cost: answer.cost, at: now, wall: wall)
        }
        return Outcome()
    }

    /// A list of a sweep was answered.
    private mutating func listed(
        _ runs: [JobRun], _ request: PollRequest, _ answer: Answer, at now: Duration, wall: Date
    ) -> Outcome {
        charge(answer.cost, at: now)
        cycle?.succeeded(request, at: now)
        guard let listing = request.listing else { return Outcome() }
        let before = sweep.reach
        let news = sweep.answered(
            listing, runs: runs.filter { watchlist.contains($0.job) }, gap: answer.gap,
            serviceDate: answer.serviceDate, at: now, wall: wall)
        // What comes after the end of a window that is given up would be missed.
        if let before, sweep.reach == nil { backfill.add(PastWindow(since: before.earlier(by: Sweep.margin))) }
        watchlist.hasNews(news.map(\.job))
        if !sweep.isPending { cycle?.drop(.activeRuns) }
        return listsEnded(Outcome(found: news), at: now)
    }

    /// Asks for what the lists of a cycle say once all of them are there or failed.
    private mutating func listsEnded(_ outcome: Outcome, at now: Duration) -> Outcome {
        guard !sweep.isPending else { return outcome }
        watchlist.hasNews(sweep.jobsWithEndedRuns)
        var outcome = outcome
        if let followsActive = sweep.followsActive, let date = sweep.confirms {
            (outcome.confirmed, outcome.confirmedAt) = (watchlist.confirmed(followsActive: followsActive), date)
        }
        fill(at: now)
        return outcome
    }

    /// The list of jobs was answered.
    mutating func listed(_ jobs: [JobID], cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        watchlist.watch(jobs)
        sweep.watch(Set(jobs))
        jobListDue = now + settings.jobListInterval
        cycle?.succeeded(.jobs, at: now)
        fill(at: now)
    }

    /// A chunk was answered; `active` are the jobs with a run that is not over, `missing` those without a run in an
    /// incomplete answer.
    mutating func answered(
        _ chunk: [JobID], active: Set<JobID>, missing: [JobID] = [], cost: RequestCost, at now: Duration
    ) {
        charge(cost, at: now)
        cycle?.succeeded(.runs(of: chunk), at: now)
        guard !missing.isEmpty else { return watchlist.answered(chunk, active: active, at: now) }
        watchlist.answered(chunk.filter { !missing.contains($0) }, active: active, at: now)
        watchlist.failed(missing, mayBeOneJob: true, at: now)
    }

    /// Tasks were answered.
    mutating func tasksListed(cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        tasksUnderWay -= 1
    }

    /// A request failed; `wall` is the time of the wall clock, by which the service says when to come back.
    private mutating func failed(
        _ request: PollRequest, _ error: ServiceError, cost: RequestCost, at now: Duration, wall: Date
    ) -> Outcome {
        charge(cost, at: now)
        let isRateLimited = learn(from: error, at: now, wall: wall)
        switch request {
        case .tasks:
            tasksUnderWay -= 1
            if isRateLimited { cycle?.rateLimited() }
            return Outcome(failure: Failure())
        case .pastRuns:
            if isRateLimited { cycle?.rateLimited() }
            return Outcome(failure: Failure(), backfill: pastFailed(error, at: now))
        case .newRuns: return listFailed(.newRuns, request, error, at: now)
        case .activeRuns: return listFailed(.activeRuns, request, error, at: now)
        case .jobs:
            let pause = isRateLimited ? settings.jobListInterval : min(Self.jobListRetry, settings.jobListInterval)
            jobListDue = watchlist.isEmpty ? now : now + pause
            return Outcome(failure: Failure(givenUp: cycle?.failed(request, error, at: now) ?? []))
        case .runs(let chunk): return Outcome(failure: chunkFailed(chunk, error, at: now))
        }
    }

    private mutating func chunkFailed(_ chunk: [JobID], _ error: ServiceError, at now: Duration) -> Failure {
        if let parts = parts(of: chunk, after: error, at: now) {
            cycle?.cut(at: now)
            cycle?.retry(parts, note: "the service refused \(chunk.count) jobs in one request; asked for fewer")
            cycle?.cutQueue(largestChunk: watchlist.largestChunk(at: now))
            return Failure(isRetriedInParts: true)
        }
        let isExpected = watchlist.isKnownToFail(chunk)
        watchlist.failed(chunk, mayBeOneJob: error.mayBeOneJob, at: now)
        return Failure(
            failed: chunk,
            givenUp: cycle?.failed(.runs(of: chunk), error, isExpected: isExpected, at: now) ?? [])
    }

    /// A list of a sweep failed: the cycle asks for every job, or for every active one.
    private mutating func listFailed(
        _ listing: Sweep.Listing, _ request: PollRequest, _ error: ServiceError, at now: Duration
    ) -> Outcome {
        let isNotThere = sweep.failed(
            listing, error, isItsOwn: (cycle?.answers ?? 0) > 0, interval: pace.effective, at: now)
        if !sweep.isPending { cycle?.drop(.activeRuns) }
        // The jobs are queued first: where nothing more can be sent, they are given up with the queue.
        var outcome = listsEnded(Outcome(), at: now)
        if isNotThere {
            cycle?.cut(at: now)
            outcome.failure = Failure()
        } else {
            outcome.failure = Failure(givenUp: cycle?.failed(request, error, at: now) ?? [])
        }
        return outcome
    }

    /// A slice of the past failed; returns the progress when nothing more is filled in because of it.
    private mutating func pastFailed(_ error: ServiceError, at now: Duration) -> BackfillProgress? {
        guard sweep.pastFailed(error, at: now) else {
            backfill.failed(interval: pace.effective, at: now)
            return nil
        }
        return backfill.stop(error.summary)
    }

    /// The smaller requests to try in place of a chunk that was refused, if that may help and more may be sent.
    private mutating func parts(of chunk: [JobID], after error: ServiceError, at now: Duration) -> [[JobID]]? {
        guard chunk.count > 1, let cycle, cycle.stop == nil else { return nil }
        if error.kind == .uriTooLong { return watchlist.halve(chunk, isForAll: true, at: now) }
        if error.kind == .notFound { return watchlist.isolate(chunk, at: now) }
        return error.mayPassInParts ? watchlist.halve(chunk, isForAll: false, at: now) : nil
    }

    /// Keeps what an error says about waiting, for every request; returns whether it asks to wait.
    private mutating func learn(from error: ServiceError, at now: Duration, wall: Date) -> Bool {
        if error.asksToWait {
            pace.rateLimited(for: error.retryAt.map { Duration(from: wall, to: $0) }, at: now)
            refusal = error
            return true
        }
        if error.kind.isAboutCredentials { refusal = error }
        return false
    }

    /// Charges the budget with what an answer cost beyond the one token of its request.
    private mutating func charge(_ cost: RequestCost, at now: Duration) {
        let more = max(cost.requests, cost.attempts) - 1
        if more > 0 { bucket?.consume(more, at: now) }
    }

    /// Charges the budget with a request that the plan did not make.
    mutating func chargeOne(at now: Duration) { bucket?.consume(1, at: now) }
}
