/// PySpark: a Python traceback, the Py4J bridge, the JVM's stack, and the cause at the bottom of a chain.
func pySparkFailure(job: SimulatedJob, at moment: Milliseconds, dice: inout Dice) -> Explanation {
    let stage = dice.below(400)
    let task = dice.below(200)
    let host = "10.0.\(dice.below(8)).\(10 + dice.below(200))"
    let object =
        "oci://lake-\(job.cluster)@axdemo/\(job.name)/part-\(dice.below(9_999).padded(5))-\(dice.hex(8)).c000.snappy.parquet"
    let cause = dice.pick([
        "java.io.FileNotFoundException: File does not exist: \(object)",
        "com.oracle.bmc.model.BmcException: (503, ServiceUnavailable, false) Service is temporarily unavailable (opc-request-id: \(dice.hex(32).uppercased()))",
        "org.apache.parquet.io.ParquetDecodingException: Can not read value at \(dice.below(90_000)) in block \(dice.below(9)) in file \(object)",
        "java.net.SocketTimeoutException: Read timed out after 60000 ms from \(host):9047",
    ])
    let lost =
        "Job aborted due to stage failure: Task \(task) in stage \(stage).0 failed 4 times, most recent failure: "
        + "Lost task \(task).3 in stage \(stage).0 (TID \(stage * 200 + task)) (\(host) executor \(1 + dice.below(32))): "
        + "org.apache.spark.SparkException: Task failed while writing rows."
    let trace = """
        ---------------------------------------------------------------------------
        Py4JJavaError                             Traceback (most recent call last)
        File \(job.path)/write_table.py:\(40 + dice.below(90))
             38 frame = read_sources(spark, run_date)
             39 joined = frame.join(dimensions, on="customer_id", how="left")
        ---> 40 joined.write.mode("overwrite").partitionBy("event_date").saveAsTable(target)

        File /usr/local/lib/python3.11/site-packages/pyspark/sql/readwriter.py:1586, in DataFrameWriter.saveAsTable(self, name, format, mode, partitionBy, **options)
           1584     self._jwrite.saveAsTable(name)
        File /usr/local/lib/python3.11/site-packages/py4j/java_gateway.py:1322, in JavaMember.__call__(self, *args)
           1321 answer = self.gateway_client.send_command(command)
        -> 1322 return_value = get_return_value(answer, self.gateway_client, self.target_id, self.name)
        File /usr/local/lib/python3.11/site-packages/py4j/protocol.py:326, in get_return_value(answer, gateway_client, target_id, name)
            325 if answer[1] == REFERENCE_TYPE:
        --> 326     raise Py4JJavaError(

        Py4JJavaError: An error occurred while calling o\(100 + dice.below(900)).saveAsTable.
        : org.apache.spark.SparkException: \(lost)
        \(javaFrames(sparkDriverFrames, count: 24, dice: &dice))
        Caused by: org.apache.spark.SparkException: Task failed while writing rows.
        \(javaFrames(sparkExecutorFrames, count: 14, dice: &dice))
        Caused by: \(cause)
        \(javaFrames(sparkReaderFrames, count: 9, dice: &dice))
        \t... \(12 + dice.below(30)) more
        """
    return Explanation(message: "Task write_table failed: \(cause)", trace: trace)
}

/// Spark SQL: a query that names an unknown column, with its query plan.
func analysisFailure(job: SimulatedJob, dice: inout Dice) -> Explanation {
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
    return Explanation(message: "AnalysisException: column `\(column)` cannot be resolved", trace: trace)
}

/// An executor that was killed for exceeding its memory: the log of a Spark driver with a line for each lost task. It
/// has a few dozen lines, or, one time in four, thousands.
func outOfMemoryFailure(job: SimulatedJob, at moment: Milliseconds, dice: inout Dice) -> Explanation {
    let executor = 1 + dice.below(24)
    let host = "10.0.\(dice.below(8)).\(10 + dice.below(200))"
    let stamp = moment.sparkLog
    let stage = dice.below(90)
    let tasks = dice.chance(0.25) ? 2_000 + dice.below(2_000) : 12 + dice.below(40)
    let lost =
        "ExecutorLostFailure (executor \(executor) exited caused by one of the running tasks) Reason: Container from a "
        + "bad node: exit code 137. Container killed on request. Killed by external signal"
    var trace = """
        \(stamp) ERROR TaskSchedulerImpl: Lost executor \(executor) on \(host): Container killed by the kernel for exceeding \
        memory limits. 15.9 GB of 16 GB physical memory used. Consider boosting spark.executor.memoryOverhead.

        """
    trace.reserveCapacity(tasks * 130)
    for task in 0..<tasks {
        trace += stamp
        trace += " WARN TaskSetManager: Lost task "
        trace += String(task)
        trace += ".0 in stage "
        trace += String(stage)
        trace += ".0 (TID "
        trace += String(stage * 4_000 + task)
        trace += ") ("
        trace += host
        trace += " executor "
        trace += String(executor)
        trace += "): ExecutorLostFailure, exit code 137\n"
    }
    trace += """
        \(stamp) ERROR TaskSetManager: Task 0 in stage \(stage).0 failed 4 times; aborting job
        org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage \(stage).0 failed 4 times: \(lost)
        Driver stacktrace:
        \(javaFrames(["org.apache.spark.scheduler.DAGScheduler.abortStage", "org.apache.spark.SparkContext.runJob"], count: 8, dice: &dice))
        Caused by: java.lang.OutOfMemoryError: Java heap space
        \tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)
        \tat org.apache.spark.unsafe.map.BytesToBytesMap.growAndRehash(BytesToBytesMap.java:836)
        """
    return Explanation(message: "Executor \(executor) was killed: out of memory (exit code 137)", trace: trace)
}

/// `count` lines of a Java stack trace that repeat these places, with random line numbers.
func javaFrames(_ places: [String], count: Int, dice: inout Dice) -> String {
    (0..<count).map { index in
        let place = places[index % places.count]
        let file = place.split(separator: ".").dropLast().last.map { $0.prefix { $0 != "$" } } ?? "Unknown"
        return "\tat \(place)(\(file).scala:\(20 + dice.below(2_900)))"
    }.joined(separator: "\n")
}

private let sparkDriverFrames = [
    "org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages",
    "org.apache.spark.scheduler.DAGScheduler.$anonfun$abortStage$2",
    "scala.collection.mutable.ResizableArray.foreach",
    "org.apache.spark.scheduler.DAGScheduler.handleTaskSetFailed",
    "org.apache.spark.scheduler.DAGSchedulerEventProcessLoop.doOnReceive",
    "org.apache.spark.util.EventLoop$$anon$1.run",
    "org.apache.spark.SparkContext.runJob",
    "org.apache.spark.sql.execution.datasources.FileFormatWriter$.write",
    "org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec.doExecute",
    "org.apache.spark.sql.delta.files.TransactionalWrite.writeFiles",
]

private let sparkExecutorFrames = [
    "org.apache.spark.sql.errors.QueryExecutionErrors$.taskFailedWhileWritingRowsError",
    "org.apache.spark.sql.execution.datasources.FileFormatWriter$.executeTask",
    "org.apache.spark.rdd.RDD.iterator",
    "org.apache.spark.scheduler.ResultTask.runTask",
    "org.apache.spark.scheduler.Task.run",
    "org.apache.spark.executor.Executor$TaskRunner.$anonfun$run$4",
    "org.apache.spark.util.Utils$.tryWithSafeFinally",
]

private let sparkReaderFrames = [
    "org.apache.spark.sql.execution.datasources.FileScanRDD$$anon$1.nextIterator",
    "org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader.nextBatch",
    "org.apache.spark.sql.catalyst.expressions.GeneratedClass$GeneratedIteratorForCodegenStage3.processNext",
    "org.apache.spark.sql.execution.BufferedRowIterator.hasNext",
    "org.apache.spark.shuffle.sort.UnsafeShuffleWriter.write",
]
