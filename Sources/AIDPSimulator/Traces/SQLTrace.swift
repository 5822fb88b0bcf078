/// Oracle Database: an ORA- error with the stack of PL/SQL units.
func oracleFailure(job: Job, dice: inout Dice) -> Failure {
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
    return Failure(message: error, trace: trace)
}

/// Spark SQL: a query that names an unknown column, with its query plan.
func analysisFailure(job: Job, dice: inout Dice) -> Failure {
    let column = dice.pick(["net_revenue", "margin_pct", "booking_date", "region_code"])
    let line = 3 + dice.below(60)
    let error =
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `\(column)` "
        + "cannot be resolved. Did you mean one of the following? [`\(column)_eur`, `order_id`, `event_date`]. SQLSTATE: 42703;"
    let trace = """
        pyspark.errors.exceptions.captured.AnalysisException: \(error) line \(line) pos \(dice.below(70))
        'Aggregate [region#\(dice.below(9_999)), event_date#\(dice.below(9_999))], [region#12, event_date#13, 'sum('\(column)) AS total#\(dice.below(9_999))]
        +- Filter (event_date#13 >= cast(current_date() as date))
           +- SubqueryAlias spark_catalog.gold.\(job.name)
              +- Relation spark_catalog.gold.\(job.name)[region#12,event_date#13,\(column)_eur#14,order_id#15L] delta

        \tat org.apache.spark.sql.catalyst.analysis.package$AnalysisErrorAt.failAnalysis(package.scala:52)
        \tat org.apache.spark.sql.catalyst.analysis.CheckAnalysis.$anonfun$checkAnalysis0$2(CheckAnalysis.scala:221)
        \tat org.apache.spark.sql.catalyst.trees.TreeNode.foreachUp(TreeNode.scala:243)
        \tat org.apache.spark.sql.SparkSession.sql(SparkSession.scala:643)
        """
    return Failure(message: "AnalysisException: column `\(column)` cannot be resolved", trace: trace)
}
