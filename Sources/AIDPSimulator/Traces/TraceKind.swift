/// The kinds of error output of a failed job.
enum TraceKind: Sendable, CaseIterable {
    case pySpark, pandas, oracle, analysis, shell, dbt, outOfMemory
}

/// The texts of a failed run: one line for `stateMessage`, and the whole output for `errorTrace`.
struct Failure {
    let message: String
    let trace: String
}

extension TraceKind {
    /// The failure of a run of this job at that moment, with random details.
    func failure(of job: Job, at moment: Milliseconds, dice: inout Dice) -> Failure {
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
