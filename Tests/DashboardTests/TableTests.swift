import Foundation
import Polling
import Runs
import Screen
import Testing

@testable import Dashboard

/// What a row of the table of jobs says, as the screen has it.
@Suite("Rows of the table of jobs")
struct JobRowTests {
    @Test(
        "each row says how the job is: mark, status, name, start, time, ratio, trigger, who",
        arguments: [
            ("bronze_ingest_orders", "  ○ PENDING bronze_ingest_orders ▄█▇▅▁ not started w4m00s – manual ana.lima"),
            (
                "bronze_ingest_clickstream",
                "  ◔ QUEUED bronze_ingest_clickstream ▅▄█▇▁ not started w5m00s – schedule svc_scheduler"
            ),
            (
                "silver_customers_scd2",
                "  L► RUNNING silver_customers_scd2 ▃▃▂▄█ 12:29:08 5m48s 3.3× schedule Jörg Müller"
            ),
            ("silver_payments_dedup", "  » SKIPPED silver_payments_dedup █▇▅▄▁ – – – manual ana.lima"),
            (
                "gold_revenue_daily",
                "> ※ INTERNAL_ERROR gold_revenue_daily ▄█▇▅▄ 12:27:08 1m00s 0.6× schedule svc_scheduler"
            ),
            (
                "gold_inventory_snapshot",
                "  W■ BLOCKED gold_inventory_snapshot ▅▄█▇▁ not started w9m00s – schedule Jörg Müller"
            ),
            ("dbt_marts_finance", "  ✓ SUCCESS dbt_marts_finance ▇▅▄█▇ 12:25:08 2m00s 1.0× manual ana.lima"),
            ("ml_churn_features", "  ✗ FAILED ml_churn_features █▇▅▄█ 12:24:08 2m30s 1.4× schedule svc_scheduler"),
            ("ml_fraud_scoring", "  L◌ CANCELING ml_fraud_scoring ▁▂▂▂█ 12:23:08 11m48s 6.7× schedule Jörg Müller"),
            ("geo_enrichment", "  ◷ TIMED_OUT geo_enrichment ▅▄█▇▅ 12:18:08 1m30s 0.9× schedule svc_scheduler"),
            (
                "quality_checks_nightly",
                "  W‖ PAUSED quality_checks_nightly ▇▅▄█▁ not started w18m00s – schedule Jörg Müller"
            ),
            ("gdpr_erasure_requests", "  no data gdpr_erasure_requests – – – – –"),
            ("orders_retry", " ! ► RUNNING orders_retry ▃▆▅▄█ 12:31:08 3m48s 1.9× manual ana.lima"),
            ("payments_healed", "  ✓ SUCCESS payments_healed ▄█▇▅▄ 12:31:08 1m00s 0.8× manual ana.lima"),
            ("ledger_stuck", "  L► RUNNING ledger_stuck ▁▁▁█▁▁▁ 09:31:08 3h03m >99× manual ana.lima"),
        ])
    func row(name: String, expected: String) {
        var state = Sample.state(Size(rows: 30, columns: 180))
        _ = state.frame()
        func words(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }
        let row = state.row(of: name)
        #expect(words(row) == words(expected))
        #expect(
            row.prefix(2) == expected.prefix(2) || expected.contains("L") || expected.contains("W"),
            "the marks stand first")
    }
}
