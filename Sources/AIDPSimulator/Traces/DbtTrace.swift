/// dbt: the log of a build in which one model fails and later ones are skipped.
func dbtFailure(job: Job, at moment: Milliseconds, dice: inout Dice) -> Failure {
    let clock = CivilTime(moment).clock
    let models = 18 + dice.below(30)
    let broken = 4 + dice.below(models - 8)
    let subject = dice.pick(["orders", "customers", "payments", "sessions", "campaigns"])
    let schema = job.name.hasPrefix("dbt_") ? String(job.name.dropFirst(4)) : job.name
    var lines = [
        "\(clock)  Running with dbt=1.9.4", "\(clock)  Registered adapter: spark=1.9.2",
        "\(clock)  Found \(models) models, 61 data tests, 9 sources, 478 macros",
        "\(clock)  Concurrency: 4 threads (target='prod')",
    ]
    for model in 1...models {
        let name = model == broken ? "fct_\(subject)" : "stg_\(schema)_\(model.padded(2))"
        let outcome: String
        if model == broken {
            outcome =
                "ERROR creating sql table model \(schema).\(name) ... [ERROR in \(dice.below(90)).\(dice.below(99).padded(2))s]"
        } else if model > broken && dice.chance(0.5) {
            outcome = "SKIP relation \(schema).\(name) due to upstream failure ... [SKIP]"
        } else {
            outcome =
                "OK created sql table model \(schema).\(name) ... [OK in \(dice.below(40)).\(dice.below(99).padded(2))s]"
        }
        lines.append("\(clock)  \(model) of \(models) \(outcome)")
    }
    let error = "Runtime Error in model fct_\(subject) (models/marts/fct_\(subject).sql)"
    lines += [
        "", "\(clock)  Completed with 1 error, 0 partial successes, and 0 warnings:", "", "\(clock)    \(error)",
        "  [DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge fields '\(subject)_id' and '\(subject)_id'. SQLSTATE: 22005",
        "  Failed to merge incompatible data types LongType and StringType",
        "  compiled code at target/run/retail/models/marts/fct_\(subject).sql", "",
        "\(clock)  Done. PASS=\(broken - 1) WARN=0 ERROR=1 SKIP=\(models - broken) TOTAL=\(models)",
    ]
    return Failure(message: error, trace: lines.joined(separator: "\n"))
}
