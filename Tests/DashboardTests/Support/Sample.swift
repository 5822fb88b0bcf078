import Foundation
import Polling
import Runs
import Screen
import TestSupport

@testable import Dashboard

/// A morning on call, always the same: the data of every screen test.
enum Sample {
    /// 2026-05-01 12:34:56 UTC.
    static let now = Date(timeIntervalSince1970: 1_777_638_896)

    static func state(
        _ size: Size, theme: Theme = Theme(.dark), glyphs: Glyphs = .utf8, board: Bool = true
    ) -> DashboardState {
        var state = DashboardState(
            place: PlaceLabel(region: "us-ashburn-1", workspace: "lakehouse-prod", profile: "DEFAULT"),
            interval: .seconds(15), appearance: Appearance(theme: theme, glyphs: glyphs),
            clock: WallClock { _ in 0 }, size: size, now: now)
        guard board else { return state }
        state.feed(.jobsListed(jobs, at: now.addingTimeInterval(-60)))
        for job in jobs {
            state.feed(.runs(runs(of: job), of: [job.id], at: now.addingTimeInterval(-3)))
        }
        state.feed(.cycleEnded(CycleReport()))
        state.feed(.phase(.waiting(next: now.addingTimeInterval(12))))
        return state
    }

    /// One job for every status there is, one that has never run, and three whose newest run does not say how they are.
    static let jobs: [Job] =
        (RunStatus.documented + [.unknown("ARCHIVED")]).enumerated().map { index, status in
            Job(id: JobID("job-\(index)"), name: names[index % names.count])
        } + [
            Job(id: JobID("job-none"), name: "gdpr_erasure_requests"), Job(id: retriedJob, name: "orders_retry"),
            Job(id: healedJob, name: "payments_healed"), Job(id: stuckJob, name: "ledger_stuck"),
        ]

    /// A job that failed an hour ago and runs again.
    static let retriedJob = JobID("job-retried")
    /// A job that failed two hours ago and has succeeded since.
    static let healedJob = JobID("job-healed")
    /// A job whose run has hung for three hours; a newer one queues behind it.
    static let stuckJob = JobID("job-stuck")

    private static func statuses(of job: JobID) -> [RunStatus]? {
        switch job {
        case retriedJob: [.running, .failed, .success, .success, .success]
        case healedJob: [.success, .success, .failed, .success, .success]
        case stuckJob: [.queued, .skipped, .skipped, .running, .success, .success, .success]
        default: nil
        }
    }

    private static let names = [
        "bronze_ingest_orders", "bronze_ingest_clickstream", "silver_customers_scd2", "silver_payments_dedup",
        "gold_revenue_daily", "gold_inventory_snapshot", "dbt_marts_finance", "ml_churn_features", "ml_fraud_scoring",
        "export_partner_feed", "export_regulatory_xml", "reconcile_ledger", "close_books_month_end", "geo_enrichment",
        "quality_checks_nightly", "catalog_sync",
    ]

    /// The key of the job whose name, whole or cut with an ellipsis, is a word of a table's row.
    static func jobKey(in row: String) -> String? {
        let words = row.split(separator: " ")
        return jobs.first { job in
            guard let name = job.name else { return false }
            return words.contains { $0 == name || $0.count > 5 && $0.last == "…" && name.hasPrefix($0.dropLast()) }
        }?.id.key
    }

    static func runs(of job: Job) -> [JobRun] {
        if let statuses = statuses(of: job.id) {
            return statuses.enumerated().map { run(of: job, index: 0, age: $0, status: $1) }
        }
        let statuses = RunStatus.documented + [.unknown("ARCHIVED")]
        guard let index = jobs.firstIndex(of: job), index < statuses.count else { return [] }
        return (0..<5).map { age in run(of: job, index: index, age: age, status: age == 0 ? statuses[index] : .success)
        }
    }

    static func run(of job: Job, index: Int, age: Int, status: RunStatus) -> JobRun {
        var run = JobRun(id: RunID("\(job.id.key)-run-\(5 - age)", of: job.id), status: status)
        let created = now.addingTimeInterval(Double(-3_600 * age - 240 - 60 * index))
        run.name = "\(job.name ?? "job") #\(5 - age)"
        run.jobName = job.name
        run.created = created
        run.updated = created.addingTimeInterval(200)
        run.launch = index.isMultiple(of: 3) ? .manual : .scheduled
        run.createdBy = "ocid1.user.oc1..aaaa\(index)"
        run.createdByName = ["ana.lima", "svc_scheduler", "Jörg Müller"][index % 3]
        run.runAs = "ocid1.user.oc1..runner"
        run.isUserCanceledOrTimedOut = status == .canceled || status == .timedOut
        if !status.isWaiting && status != .skipped { run.started = created.addingTimeInterval(12) }
        if !status.isActive && status != .skipped {
            run.ended = created.addingTimeInterval(Double(72 + 30 * ((index + age) % 4)))
            run.executionDuration = .seconds(60 + 30 * ((index + age) % 4))
        }
        if status.isFailure {
            run.stateMessage = "Task transform failed: KeyError: 'customer_id'"
            run.errorTrace = trace
        }
        return run
    }

    static let trace = """
        Traceback (most recent call last):
          File "/Workspace/etl/silver_customers.py", line 88, in <module>
            frame = frame.merge(lookup, on="customer_id", how="left", validate="many_to_one")
          File "/opt/conda/lib/python3.11/site-packages/pandas/core/frame.py", line 10832, in merge
            return merge(self, right, how=how, on=on, left_on=left_on, right_on=right_on, left_index=left_index)
        py4j.protocol.Py4JJavaError: An error occurred while calling o184.collectToPython.
        : org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 12.0 failed 4 times
        \tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2844)
        Caused by: java.lang.IllegalStateException: executor lost: container killed by YARN for exceeding memory limits
        \tat org.apache.spark.executor.Executor$TaskRunner.run(Executor.scala:603)
        Caused by: java.io.IOException: No space left on device: /mnt/spark-local/blockmgr-77
        \tat java.base/java.io.FileOutputStream.writeBytes(Native Method)
        \t... 21 more
        """

    static let tasks: [TaskRun] = {
        var extract = TaskRun(key: "t1", status: .success)
        extract.name = "extract"
        extract.started = now.addingTimeInterval(-230)
        extract.ended = now.addingTimeInterval(-180)
        extract.retryAttempt = 1
        var transform = TaskRun(key: "t2", status: .failed)
        transform.name = "transform"
        transform.started = now.addingTimeInterval(-180)
        transform.ended = now.addingTimeInterval(-120)
        transform.retryAttempt = 2
        transform.stateMessage = "KeyError: 'customer_id'"
        var publish = TaskRun(key: "t3", status: .upstreamFailed)
        publish.name = "publish"
        return [extract, transform, publish]
    }()

    static let expiredToken = RequestFailure(
        summary: "recentJobRuns: 401 NotAuthenticated: "
            + "The required information to complete authentication was not provided.",
        short: "401 NotAuthenticated",
        advice: "Sign in again: oci session authenticate --profile-name DEFAULT. runtop goes on by itself.",
        opcRequestID: "8B1F0C/77AA/0001")
}
