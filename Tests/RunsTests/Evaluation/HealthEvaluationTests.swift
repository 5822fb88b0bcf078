import Foundation
import Runs
import Testing

/// The verdicts, judged over virtual months in which the truth is known.
///
/// Every kind of job runs for a hundred days; from the second month on something is done to it now and then: runs that take
/// two to four times as long, runs that hang, running or waiting, with others skipped behind them, starts that do not come,
/// ten to twenty runs that fail and succeed in turns. All that happens besides is usual: random failures, noise, drift, holidays,
/// changes of the clocks, maintenance, manual runs. A board hears of each change at its next cycle of 15 s and knows nothing of
/// what comes after.
///
/// A fault is called in time if the verdict stands no later than two cycles after a careful person could know:
/// - slow: when the run exceeds by a tenth the limit (3.5 standard deviations of the logarithm) of the last sixty successes;
/// - stuck: after eight times the usual duration, or twice that limit; after half an hour of waiting, or ten times the usual wait;
/// - missed: three minutes after the start was due; without a schedule after 15 % of the usual gap, half an hour at most;
/// - flapping: with the fifth failure that is not in a row with the others.
///
/// A verdict outside of what was done is false, however short it is; one that lasts counts once.
@Suite("Verdicts over simulated months")
struct HealthEvaluationTests {
    static let kinds: [VirtualJob] = [
        VirtualJob(name: "every 30m", starts: .schedule("0 0/30 * * * ?", zone: "UTC"), duration: 400, days: 16),
        VirtualJob(
            name: "every 15m, noisy", starts: .schedule("0 5/15 * * * ?", zone: "UTC"), duration: 120, spread: 0.25,
            days: 8),
        VirtualJob(name: "hourly", starts: .schedule("0 10 * * * ?", zone: "Europe/Berlin"), days: 30),
        VirtualJob(
            name: "hourly, fails often", starts: .schedule("0 0 * * * ?", zone: "UTC"), duration: 700, failures: 0.1,
            days: 25),
        VirtualJob(
            name: "hourly, very noisy", starts: .schedule("0 0 * * * ?", zone: "UTC"), duration: 300, spread: 0.6,
            days: 25, faults: [.stuckWaiting, .missed]),
        VirtualJob(
            name: "hourly, retried by hand", starts: .schedule("0 20 * * * ?", zone: "UTC"), duration: 500,
            failures: 0.08, isRetried: true, days: 25),
        VirtualJob(
            name: "hourly, long waits", starts: .schedule("0 0 * * * ?", zone: "UTC"), duration: 600, wait: 400,
            waitSpread: 0.4, days: 25),
        VirtualJob(
            name: "hourly, maintained", starts: .schedule("0 0 * * * ?", zone: "UTC"), duration: 600,
            isMaintained: true, days: 25, faults: [.slow, .missed, .flapping, .stuckRunning]),
        VirtualJob(name: "every 2h, drifting", starts: .schedule("0 0 0/2 * * ?", zone: "UTC"), drift: 1.003, days: 45),
        VirtualJob(
            name: "daily", starts: .schedule("0 30 2 * * ?", zone: "Europe/Berlin"), duration: 3_600),
        VirtualJob(name: "daily, drifting", starts: .schedule("0 0 4 * * ?", zone: "UTC"), drift: 1.015),
        VirtualJob(
            name: "daily, changed", starts: .schedule("0 0 5 * * ?", zone: "UTC"), step: 2.2, faults: [.missed]),
        VirtualJob(
            name: "weekdays", starts: .schedule("0 0 6 ? * MON-FRI", zone: "America/New_York"), duration: 5_000),
        VirtualJob(
            name: "business hours", starts: .schedule("0 0/30 8-17 ? * MON-FRI", zone: "Europe/Berlin"), duration: 300,
            days: 80),
        VirtualJob(
            name: "weekly", starts: .schedule("0 0 4 ? * SUN", zone: "UTC"), days: 250,
            faults: [.missed, .stuckWaiting]),
        VirtualJob(
            name: "end of month", starts: .schedule("0 0 3 L * ?", zone: "Europe/Berlin"), days: 1_500,
            faults: [.missed, .stuckRunning]),
        VirtualJob(
            name: "paused", starts: .schedule("0 0 * * * ?", zone: "UTC"), isPaused: true, days: 25, faults: [.missed]),
        VirtualJob(
            name: "new", starts: .schedule("0 0 7 * * ?", zone: "UTC"), spread: 0.3, firstDay: 88, faults: []),
        VirtualJob(name: "rare", starts: .schedule("0 0 7 1 1/3 ?", zone: "UTC"), days: 500, faults: []),
        VirtualJob(name: "hourly, no schedule", starts: .unknown("0 30 * * * ?", zone: "UTC"), days: 25),
        VirtualJob(
            name: "daily, no schedule", starts: .unknown("0 0 1 * * ?", zone: "Europe/Berlin"), duration: 2_000),
        VirtualJob(
            name: "weekdays, no schedule", starts: .unknown("0 0 6 ? * MON-FRI", zone: "Europe/Berlin"),
            restsOnHolidays: true, faults: [.slow, .stuckRunning, .flapping]),
        VirtualJob(
            name: "business hours, no schedule", starts: .unknown("0 0 8-18 ? * MON-FRI", zone: "Europe/Berlin"),
            duration: 600, restsOnHolidays: true),
        VirtualJob(
            name: "weekly, no schedule", starts: .unknown("0 0 4 ? * SUN", zone: "UTC"), days: 250, faults: [.missed]),
        VirtualJob(name: "by hand", starts: .byHand(30_000), spread: 0.5, failures: 0.3, faults: []),
        VirtualJob(
            name: "by hand, often", starts: .byHand(3_000), duration: 200, spread: 0.4, failures: 0.2, days: 20,
            faults: []),
    ]

    /// How many worlds are played; more by the environment variable, for the figures of the README.
    static let seeds = ProcessInfo.processInfo.environment["RUNTOP_EVALUATION_SEEDS"].flatMap(UInt64.init) ?? 1

    @Test("recall of at least 0.95 and precision of at least 0.9 for each kind")
    func evaluation() async {
        let played = await withTaskGroup(of: [(String, Verdict.Kind, Score)].self) { group in
            for seed in 1...Self.seeds {
                for (index, job) in Self.kinds.enumerated() {
                    group.addTask {
                        let months = VirtualMonths(job, seed: seed * 1_000 + UInt64(index))
                        let calls = months.calls()
                        if ProcessInfo.processInfo.environment["RUNTOP_EVALUATION_LOG"] != nil {
                            months.printMistakes(in: calls)
                        }
                        return months.scores(of: calls).map { (job.name, $0.key, $0.value) }
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        var totals: [Verdict.Kind: Score] = [:]
        for (_, kind, score) in played { totals[kind] = (totals[kind] ?? Score()) + score }
        print(Self.table(totals))
        for (kind, score) in totals {
            #expect(score.faults >= 8, "\(kind)")
            #expect(score.recall >= 0.95, "\(kind): \(score.inTime) of \(score.faults) in time, \(score.atAll) at all")
            #expect(score.precision >= 0.9, "\(kind): \(score.falseCalls) of \(score.calls) false")
        }
    }

    private static func table(_ totals: [Verdict.Kind: Score]) -> String {
        var lines = ["| Verdict | Faults | In time | At all | Recall | Calls | False | Precision |"]
        lines.append("|---|---|---|---|---|---|---|---|")
        for kind in [Verdict.Kind.slow, .stuck, .missed, .flapping] {
            guard let score = totals[kind] else { continue }
            let (recall, precision) = (score.recall, score.precision)
            lines.append(
                "| \(kind) | \(score.faults) | \(score.inTime) | \(score.atAll) | "
                    + "\(recall.formatted(.number.precision(.fractionLength(3)))) | \(score.calls) | \(score.falseCalls) | "
                    + "\(precision.formatted(.number.precision(.fractionLength(3)))) |")
        }
        return lines.joined(separator: "\n")
    }
}

extension VirtualMonths {
    /// Prints what was called falsely, late or not at all.
    func printMistakes(in calls: [Call]) {
        for call in calls where call.kind != .failing && !isTrue(call) && !isNeutral(call) {
            print(
                "FALSE", job.name, call.kind, call.begin.formatted(.iso8601), call.end.formatted(.iso8601), call.reason)
        }
        for fault in faults where fault.end <= end {
            let call = calls.first { $0.kind == fault.verdict && $0.end > fault.begin && $0.begin < fault.end }
            guard let call else {
                print(
                    "NEVER", job.name, fault.kind, fault.begin.formatted(.iso8601),
                    fault.end.timeIntervalSince(fault.known))
                continue
            }
            let delay = call.begin.timeIntervalSince(fault.known)
            if delay > 30 { print("LATE", job.name, fault.kind, fault.begin.formatted(.iso8601), delay, call.reason) }
        }
    }
}
