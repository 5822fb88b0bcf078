/// An executor killed for exceeding its memory: a Spark driver's log with a line for each lost task, usually a few dozen
/// lines and, one time in four, thousands.
func outOfMemoryFailure(job: Job, at moment: Milliseconds, dice: inout Dice) -> Failure {
    let executor = 1 + dice.below(24)
    let host = "10.0.\(dice.below(8)).\(10 + dice.below(200))"
    let stamp = CivilTime(moment).sparkLog
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
    return Failure(message: "Executor \(executor) was killed: out of memory (exit code 137)", trace: trace)
}
