import AIDP
import Foundation
import Runs

// The results of requests.

extension PollingPlan {
    /// The longest pause before a failed list of jobs is requested again.
    private static let jobListRetry: Duration = .seconds(60)

    /// What an answer changes in the rows.
    struct Outcome: Sendable, Equatable {
        /// Set if the request failed.
        var failure: Failure?
        /// The new or changed runs of a list; all runs of a list of the past.
        var found: [JobRun] = []
        /// The jobs whose rows are as current as the lists, and the time of the lists.
        var confirmed: [JobID] = []
        var confirmedAt: Date?
        var backfill: BackfillProgress?
    }

    /// What a failure changes in the rows.
    struct Failure: Sendable, Equatable {
        /// The jobs whose request failed.
        var failed: [JobID] = []
        /// The jobs that were not requested because of it.
        var givenUp: [JobID] = []
        /// The request is sent again in smaller parts, so the failure need not be reported.
        var isRetriedInParts = false
    }

    /// Applies an answer, and returns what it changes in the rows. `wall` is the wall-clock time.
    mutating func apply(_ answer: Answer, at now: Duration, wall: Date) -> Outcome {
        sweep.learnTime(serviceDate: answer.serviceDate, at: now, wall: wall)
        switch answer.content {
        case .jobs(let jobs):
            listed(jobs.map(\.id), cost: answer.cost, at: now)
        case .runs(let found):
            let active = Set(found.runs.lazy.filter(\.status.isActive).map(\.job))
            let behind = sweep.learn(found, at: now) { watchlist.mayHaveChanged($0) }
            answered(found.jobs, active: active, missing: found.missing, cost: answer.cost, at: now)
            watchlist.markChanged(behind)
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

    /// Applies the answer to a list of a sweep.
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
        // Runs created after the end of an abandoned window would be missed.
        if let before, sweep.reach == nil { backfill.add(PastWindow(since: before.earlier(by: Sweep.margin))) }
        watchlist.markChanged(news.map(\.job))
        if !sweep.isPending { cycle?.drop(.activeRuns) }
        return listsEnded(Outcome(found: news), at: now)
    }

    /// Once all lists of a cycle were answered or failed, queues the requests for the jobs that have changes.
    private mutating func listsEnded(_ outcome: Outcome, at now: Duration) -> Outcome {
        guard !sweep.isPending else { return outcome }
        watchlist.markChanged(sweep.jobsWithEndedRuns)
        var outcome = outcome
        if let followsActive = sweep.followsActive, let date = sweep.confirms {
            (outcome.confirmed, outcome.confirmedAt) = (watchlist.confirmed(followsActive: followsActive), date)
        }
        fill(at: now)
        return outcome
    }

    /// Applies the answer to the list of jobs.
    mutating func listed(_ jobs: [JobID], cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        watchlist.watch(jobs)
        sweep.watch(Set(jobs))
        jobListDue = now + settings.jobListInterval
        cycle?.succeeded(.jobs, at: now)
        fill(at: now)
    }

    /// Applies the answer for a chunk. `active` are the jobs with an unfinished run, `missing` those without a run in an
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

    /// Records that a request for tasks was answered.
    mutating func tasksListed(cost: RequestCost, at now: Duration) {
        charge(cost, at: now)
        tasksUnderWay -= 1
    }

    /// Applies a failure. `wall` is the wall-clock time, against which the service's retry time is compared.
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

    /// Records that a list of a sweep failed: the cycle requests every job, or every active job.
    private mutating func listFailed(
        _ listing: Sweep.Listing, _ request: PollRequest, _ error: ServiceError, at now: Duration
    ) -> Outcome {
        let isNotThere = sweep.failed(
            listing, error, isItsOwn: (cycle?.answers ?? 0) > 0, interval: pace.effective, at: now)
        if !sweep.isPending { cycle?.drop(.activeRuns) }
        // The jobs are queued first: if nothing more can be sent, they are dropped with the queue.
        var outcome = listsEnded(Outcome(), at: now)
        if isNotThere {
            cycle?.cut(at: now)
            outcome.failure = Failure()
        } else {
            outcome.failure = Failure(givenUp: cycle?.failed(request, error, at: now) ?? [])
        }
        return outcome
    }

    /// Records that a slice of the past failed. Returns the progress if the backfill ends because of it.
    private mutating func pastFailed(_ error: ServiceError, at now: Duration) -> BackfillProgress? {
        guard sweep.pastFailed(error, at: now) else {
            backfill.failed(interval: pace.effective, at: now)
            return nil
        }
        return backfill.stop(error.summary)
    }

    /// The smaller requests that replace a refused chunk; `nil` if that cannot help or nothing more may be sent.
    private mutating func parts(of chunk: [JobID], after error: ServiceError, at now: Duration) -> [[JobID]]? {
        guard chunk.count > 1, let cycle, cycle.stop == nil else { return nil }
        if error.kind == .uriTooLong { return watchlist.halve(chunk, isForAll: true, at: now) }
        if error.kind == .notFound { return watchlist.isolate(chunk, at: now) }
        return error.mayPassInParts ? watchlist.halve(chunk, isForAll: false, at: now) : nil
    }

    /// Stores for how long an error holds back all requests. Returns whether the error asks to wait.
    private mutating func learn(from error: ServiceError, at now: Duration, wall: Date) -> Bool {
        if error.asksToWait {
            pace.rateLimited(for: error.retryAt.map { Duration(from: wall, to: $0) }, at: now)
            refusal = error
            return true
        }
        if error.kind.isAboutCredentials { refusal = error }
        return false
    }

    /// Charges the budget for retries and further pages; the request itself has already consumed its token.
    private mutating func charge(_ cost: RequestCost, at now: Duration) {
        let more = max(cost.requests, cost.attempts) - 1
        if more > 0 { bucket?.consume(more, at: now) }
    }

    /// Charges the budget for a request that is not part of the plan.
    mutating func chargeOne(at now: Duration) { bucket?.consume(1, at: now) }
}
