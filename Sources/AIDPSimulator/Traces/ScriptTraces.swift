/// pandas: a KeyError that is raised while another KeyError is handled, as after a column was renamed.
func pandasFailure(job: SimulatedJob, dice: inout Dice) -> Explanation {
    let column = dice.pick(["customer_segment", "order_ts", "país", "net_amount_eur", "sku"])
    let line = 20 + dice.below(160)
    let trace = """
        Traceback (most recent call last):
          File "/usr/local/lib/python3.11/site-packages/pandas/core/indexes/base.py", line 3805, in get_loc
            return self._engine.get_loc(casted_key)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          File "index.pyx", line 167, in pandas._libs.index.IndexEngine.get_loc
          File "index.pyx", line 196, in pandas._libs.index.IndexEngine.get_loc
          File "pandas/_libs/hashtable_class_helper.pxi", line 7081, in pandas._libs.hashtable.PyObjectHashTable.get_item
          File "pandas/_libs/hashtable_class_helper.pxi", line 7089, in pandas._libs.hashtable.PyObjectHashTable.get_item
        KeyError: '\(column)'

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "\(job.path)/features.py", line \(line + 60), in <module>
            main(sys.argv[1:])
          File "\(job.path)/features.py", line \(line + 41), in main
            frame = add_aggregates(load(args.run_date))
          File "\(job.path)/features.py", line \(line), in add_aggregates
            grouped = frame.groupby("customer_id")["\(column)"].nunique()
                      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^
          File "/usr/local/lib/python3.11/site-packages/pandas/core/groupby/generic.py", line 1951, in __getitem__
            return super().__getitem__(key)
          File "/usr/local/lib/python3.11/site-packages/pandas/core/base.py", line 244, in __getitem__
            raise KeyError(f"Column not found: {key}")
        KeyError: 'Column not found: \(column)'
        """
    return Explanation(message: "KeyError: 'Column not found: \(column)' at features.py line \(line)", trace: trace)
}

/// dbt: the log of a build in which one model fails and later ones are skipped.
func dbtFailure(job: SimulatedJob, at moment: Milliseconds, dice: inout Dice) -> Explanation {
    let clock = moment.clock
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
    return Explanation(message: error, trace: lines.joined(separator: "\n"))
}

/// A shell script: its whole output, with colours and the carriage returns of a progress bar.
func shellFailure(job: SimulatedJob, at moment: Milliseconds, dice: inout Dice) -> Explanation {
    let clock = moment.clock
    let files = 30 + dice.below(200)
    let reached = 5 + dice.below(files - 10)
    let (code, error) = dice.pick([
        (1, "sftp: connect to host transfer.partner.example port 22: Connection timed out"),
        (23, "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1338)"),
        (28, "tar: write error: No space left on device"),
        (127, "./publish.sh: line 88: jq: command not found"),
        (137, "./publish.sh: line 61: 20417 Killed    sort -u -S 4G staged.csv > unique.csv"),
    ])
    var lines = [
        "\u{1B}[1m\u{1B}[34m==>\u{1B}[0m \(job.name) \u{1B}[2m(started \(clock) on \(job.cluster))\u{1B}[0m",
        "+ set -euo pipefail",
    ]
    for file in 1...reached {
        lines.append(
            "\u{1B}[32m ✓\u{1B}[0m part-\(file.padded(5)).csv.gz  \(dice.below(900)) KiB  "
                + "\rprogress: \(file * 100 / files)%\u{1B}[K")
    }
    lines += [
        "\u{1B}[33mwarning:\u{1B}[0m retrying in 5 s (attempt 2 of 3)",
        "\u{1B}[33mwarning:\u{1B}[0m retrying in 25 s (attempt 3 of 3)",
        "\u{1B}[1;31merror:\u{1B}[0m \(error)",
        "\u{1B}[41;97m FAILED \u{1B}[0m \(job.name) exited with status \u{1B}[1m\(code)\u{1B}[0m",
    ]
    return Explanation(message: "Command exited with status \(code): \(error)", trace: lines.joined(separator: "\n"))
}

/// Oracle Database: an ORA- error with the stack of PL/SQL units.
func oracleFailure(job: SimulatedJob, dice: inout Dice) -> Explanation {
    let line = 10 + dice.below(900)
    let error = dice.pick([
        "ORA-00001: unique constraint (FIN.PK_LEDGER_ENTRY) violated",
        "ORA-01555: snapshot too old: rollback segment number \(dice.below(40)) with name \"_SYSSMU\(dice.below(40))$\" too small",
        "ORA-12899: value too large for column \"CRM\".\"CUSTOMER\".\"CITY\" (actual: 43, maximum: 40)",
        "ORA-00060: deadlock detected while waiting for resource",
        "ORA-30036: unable to extend segment by 8 in undo tablespace 'UNDOTBS1'",
    ])
    let trace = """
        oracledb.exceptions.DatabaseError: \(error)
        ORA-06512: at "ETL.PKG_\(job.name.uppercased().prefix(20))", line \(line)
        ORA-06512: at "ETL.PKG_\(job.name.uppercased().prefix(20))", line \(line + 212)
        ORA-06512: at line 1
        Help: https://docs.oracle.com/error-help/db/\(error.prefix(9).lowercased())/

        [SQL: MERGE INTO fin.ledger_entry t
                USING (SELECT entry_id, account_id, amount, currency, booked_at
                         FROM stage.\(job.name)
                        WHERE batch_id = :batch_id) s
                   ON (t.entry_id = s.entry_id)
                 WHEN MATCHED THEN UPDATE SET t.amount = s.amount, t.booked_at = s.booked_at
                 WHEN NOT MATCHED THEN INSERT (entry_id, account_id, amount, currency, booked_at)
                               VALUES (s.entry_id, s.account_id, s.amount, s.currency, s.booked_at)]
        [parameters: {'batch_id': \(100_000 + dice.below(900_000))}]
        (Background on this error at: https://sqlalche.me/e/20/4xp6)
        """
    return Explanation(message: error, trace: trace)
}
