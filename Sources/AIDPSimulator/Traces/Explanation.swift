/// What the service reports about a run besides its status: `stateMessage`, `errorTrace`, and whether a user cancelled
/// it or it timed out.
struct Explanation {
    /// One line, for `stateMessage`.
    var message: String?
    /// The whole output of a failed run, for `errorTrace`.
    var trace: String?
    var isUserCanceledOrTimedOut = false
}

extension World {
    /// The explanation of a status of a run, for the run itself or for the task that the run ended in.
    func explanation(of status: Status, in run: SimulatedRun) -> Explanation {
        let job = jobs[run.key.job]
        var explained = plainExplanation(of: status, in: run, job: job)
        if let hostile = job.hostileText {
            explained.message = explained.message.map { _ in hostile }
            explained.trace = explained.trace.map { _ in hostile + "\n\n" + hostile }
        }
        return explained
    }

    private func plainExplanation(of status: Status, in run: SimulatedRun, job: SimulatedJob) -> Explanation {
        var dice = Dice(seed: seed, job: job.index, slot: run.key.slot, decision: 6 + UInt64(run.key.number))
        let above = job.upstream.map { jobs[$0].name } ?? "an upstream job"
        switch status {
        case .success, .running:
            return Explanation()
        case .pending:
            return Explanation(message: "Waiting for cluster \(job.cluster) to start")
        case .queued:
            return Explanation(message: "In the queue of cluster \(job.cluster), position \(1 + dice.below(5))")
        case .blocked:
            return Explanation(message: "Waiting for \(above) to end")
        case .pausedMaintenance:
            return Explanation(message: "Paused: \(job.cluster) is under planned maintenance")
        case .skipped:
            return Explanation(
                message: "Skipped: the job's earlier run was still active and at most 1 may run at a time")
        case .excluded:
            return Explanation(message: "Excluded: the run condition month_end == true was not met")
        case .canceling, .canceled:
            return Explanation(
                message: "Canceled by \(dice.pick(Catalogue.people(seed: seed)).name)", isUserCanceledOrTimedOut: true)
        case .timedOut:
            let limit = (run.timeline.running ?? 0) / 1_000
            return Explanation(
                message: "Timed out after \(limit) s",
                trace: "java.util.concurrent.TimeoutException: run exceeded its time-out of \(limit) s\n"
                    + javaFrames(["oracle.aidp.runtime.RunSupervisor.awaitCompletion"], count: 3, dice: &dice),
                isUserCanceledOrTimedOut: true)
        case .upstreamFailed:
            return Explanation(message: "Not run: \(above) failed")
        case .upstreamCanceled:
            return Explanation(message: "Not run: \(above) was canceled")
        case .internalError:
            return Explanation(
                message:
                    "The service met an internal error. Contact support with incident \(dice.hex(12).uppercased())",
                trace: "INTERNAL_ERROR: driver pod \(job.cluster)-driver-\(dice.hex(5)) was evicted: node not ready")
        case .failed:
            return job.trace.failure(of: job, at: run.ended ?? run.seen, dice: &dice)
        }
    }
}

/// The kinds of error output of a failed job.
enum TraceKind: Sendable, CaseIterable {
    case pySpark, pandas, oracle, analysis, shell, dbt, outOfMemory
}

extension TraceKind {
    /// A failure of a run of this job at this time, with random details.
    func failure(of job: SimulatedJob, at moment: Milliseconds, dice: inout Dice) -> Explanation {
        switch self {
        case .pySpark: pySparkFailure(job: job, at: moment, dice: &dice)
        case .pandas: pandasFailure(job: job, dice: &dice)
        case .oracle: oracleFailure(job: job, dice: &dice)
        case .analysis: analysisFailure(job: job, dice: &dice)
        case .shell: shellFailure(job: job, at: moment, dice: &dice)
        case .dbt: dbtFailure(job: job, at: moment, dice: &dice)
        case .outOfMemory: outOfMemoryFailure(job: job, at: moment, dice: &dice)
        }
    }
}
