/// Creates a world's jobs from the families. The first block has one job for each family; later blocks repeat the
/// families for regions, then for tenants.
enum Catalogue {
    private static let regions = ["emea", "apac", "latam", "dach", "nordics", "uk", "iberia", "anz"]
    private static let names = [
        "Amara Okafor", "Björn Lindqvist", "Chen Wei", "Dolores Ibarra", "Eleni Papadaki", "Farid Haddad", "Grace Kim",
        "Henrik Vos",
    ]

    /// Creates this many jobs. An upstream job always comes before the jobs that depend on it.
    static func jobs(count: Int, seed: UInt64, speed: Double, hostile: [String]) -> [SimulatedJob] {
        var jobs: [SimulatedJob] = []
        jobs.reserveCapacity(count)
        for index in 0..<max(0, min(count, 1 << 16)) {
            let (block, place) = index.quotientAndRemainder(dividingBy: Family.all.count)
            let family = Family.all[place]
            let upstream = family.upstream
                .flatMap { name in Family.all.firstIndex { $0.name == name } }
                .map { block * Family.all.count + $0 }
            // Jobs of later blocks run an eighth as often, because most jobs of a large workspace are idle.
            let period = max(1_000, Milliseconds(minutes: family.every * (block == 0 ? 1 : 8), speed: speed))
            let turn = Turn(of: family, block: block, period: period, seed: seed)
            let schedule: SlotSchedule
            if let upstream {
                let above = jobs[upstream].schedule
                schedule = above.later(by: above.length(of: 0).share(0.1))
            } else {
                schedule = Self.schedule(of: family, index: index, period: period, turn: turn, seed: seed)
            }
            jobs.append(
                job(
                    family, index: index, schedule: schedule, turn: turn, upstream: upstream, seed: seed, speed: speed,
                    hostile: hostile))
        }
        return jobs
    }

    /// The team. A person always has the same OCID.
    static func people(seed: UInt64) -> [Person] {
        names.enumerated().map { place, name in
            var dice = Dice(seed: seed, job: place, decision: 10)
            return Person(ocid: "ocid1.user.oc1..aaaaaaaa\(dice.hex(52))", name: name)
        }
    }

    private static func schedule(
        of family: Family, index: Int, period: Milliseconds, turn: Turn?, seed: UInt64
    ) -> SlotSchedule {
        var dice = Dice(seed: seed, job: index, decision: 11)
        let phase = turn?.phase ?? period.share(dice.unit())
        // Whole seconds, because a Quartz expression cannot contain fractions.
        guard family.pattern == .stuck else {
            return .every(period: period, phase: period < 60_000 ? phase : phase - phase % 1_000)
        }
        return .bursts(cycle: period, count: 13, step: max(1, period.share(0.005)), phase: phase)
    }

    private static func job(
        _ family: Family, index: Int, schedule: SlotSchedule, turn: Turn?, upstream: Int?, seed: UInt64, speed: Double,
        hostile: [String]
    ) -> SimulatedJob {
        var dice = Dice(seed: seed, job: index, decision: 12)
        let place = suffix(block: index / Family.all.count)
        let name = hostile.isEmpty ? family.name + place : hostile[index % hostile.count]
        let owners = people(seed: seed)
        return SimulatedJob(
            index: index,
            key: "\(dice.hex(8))-\(dice.hex(4))-4\(dice.hex(3))-a\(dice.hex(3))-\(index.padded(5))\(dice.hex(7))",
            name: name, path: "/Workspace/\(family.folder)/\(name)", owner: owners[index % owners.count],
            cluster: "cluster-\(family.folder)", schedule: schedule, cron: schedule.quartzCron,
            usualDuration: Milliseconds(minutes: family.usual, speed: speed), spread: family.spread,
            longestRepair: Milliseconds(minutes: 25, speed: speed), pattern: family.pattern,
            upstream: upstream, launch: family.launch, trace: family.trace, tasks: family.shape.plans,
            patternOffset: turn?.patternOffset ?? dice.below(720),
            created: 1_735_689_600_000 + Milliseconds(dice.below(10_000_000)) * 1_000,
            hostileText: hostile.isEmpty ? nil : hostile[(index + 1) % hostile.count])
    }

    private static func suffix(block: Int) -> String {
        if block == 0 { return "" }
        if block <= regions.count { return "_" + regions[block - 1] }
        return "_tenant_" + (block - regions.count).padded(4)
    }
}

/// When a job shows its pattern, if the jobs with that pattern take turns: so that one of them drags, misses a start or
/// hangs every few minutes of a demo, whatever the seed and the time.
struct Turn: Sendable {
    /// The phase of the job's schedule.
    let phase: Milliseconds
    /// The position of the job's slot 0 in its pattern.
    let patternOffset: Int

    /// `nil` if the jobs of the family do not take turns.
    init?(of family: Family, block: Int, period: Milliseconds, seed: UInt64) {
        guard let cycle = family.pattern.cycleOfTurns else { return nil }
        let others = Family.all.filter { $0.pattern == family.pattern && $0.every == family.every }
        guard let place = others.firstIndex(where: { $0.name == family.name }) else { return nil }
        var dice = Dice(seed: seed, job: block, slot: cycle, decision: 13)
        let length = period * Milliseconds(cycle)
        let begin = length.share(dice.unit()) + length * Milliseconds(place) / Milliseconds(others.count)
        phase = begin % period
        patternOffset = 2 * cycle - Int(begin / period)
    }
}

/// The template of a job: one line of the catalogue. Durations are in minutes, at a speed of 1.
struct Family: Sendable {
    let name: String
    let folder: String
    let every: Double
    let usual: Double
    let spread: Double
    let pattern: RunPattern
    let upstream: String?
    let trace: TraceKind
    let shape: TaskShape
    let launch: Launch

    init(
        _ name: String, in folder: String, every: Double, usual: Double, spread: Double = 0.25,
        _ pattern: RunPattern = .steady(failures: 0.04), after upstream: String? = nil, _ trace: TraceKind = .pySpark,
        _ shape: TaskShape = .transform, launch: Launch = .scheduled
    ) {
        self.name = name
        self.folder = folder
        self.every = every
        self.usual = usual
        self.spread = spread
        self.pattern = pattern
        self.upstream = upstream
        self.trace = trace
        self.shape = shape
        self.launch = launch
    }

    /// The jobs of a retailer. A job comes after its upstream and has the same schedule. The first twelve alone are a
    /// realistic small workspace.
    static let all: [Family] = [
        Family("ingest_orders_kafka", in: "ingest", every: 30, usual: 6, .flapping, .shell, .extractAndLoad),
        Family("bronze_orders", in: "bronze", every: 30, usual: 5, after: "ingest_orders_kafka"),
        Family("silver_orders", in: "silver", every: 30, usual: 4, after: "bronze_orders"),
        Family("gold_daily_revenue", in: "gold", every: 60, usual: 22, spread: 0.3, .impatient, .analysis),
        Family("export_finance_sftp", in: "export", every: 60, usual: 6, after: "gold_daily_revenue", .shell),
        Family("dbt_marts_core", in: "dbt", every: 60, usual: 18, spread: 0.2, .incident, .dbt, .build),
        Family("ml_churn_features", in: "ml", every: 120, usual: 40, spread: 0.35, .forgetful, .pandas),
        Family("sync_crm_contacts", in: "ingest", every: 60, usual: 12, .maintained, .pandas, .extractAndLoad),
        Family("finance_close_checks", in: "finance", every: 60, usual: 9, .conditional, .oracle, .branching),
        Family("gdpr_erase_customers", in: "gdpr", every: 120, usual: 35, spread: 0.4, .timingOut, .oracle),
        Family("bronze_clickstream", in: "bronze", every: 30, usual: 11, spread: 0.3, .overrunning, .outOfMemory),
        Family("train_demand_forecast", in: "ml", every: 1_440, usual: 75, spread: 0.06, .slowing, .pandas, .training),

        Family("rebuild_search_index", in: "serving", every: 2_880, usual: 7, .stuck, .shell, .single(.jar)),
        Family("load_inventory_snapshot", in: "ingest", every: 60, usual: 10, .starved, .oracle, .extractAndLoad),
        Family("score_fraud_batch", in: "ml", every: 60, usual: 8, .coldStarting, .pySpark, .training),
        Family("stream_checkpoint_compact", in: "platform", every: 60, usual: 7, .unlucky, .outOfMemory),
        Family("ingest_payments", in: "ingest", every: 30, usual: 7, spread: 0.2, .oracle, .extractAndLoad),
        Family("bronze_payments", in: "bronze", every: 30, usual: 6, after: "ingest_payments"),
        Family("silver_payments", in: "silver", every: 30, usual: 5, after: "bronze_payments"),
        Family("gold_payment_margins", in: "gold", every: 30, usual: 3, after: "silver_payments", .analysis),
        Family("reconcile_ledger", in: "finance", every: 120, usual: 32, spread: 0.4, .forgetful, .oracle, .branching),
        Family("fx_rates_hourly", in: "ingest", every: 60, usual: 2, spread: 0.5, .shell, .single(.python)),
        Family("dbt_marts_marketing", in: "dbt", every: 30, usual: 20, spread: 0.06, .dragging, .dbt, .build),
        Family("dbt_snapshots", in: "dbt", every: 30, usual: 20, spread: 0.06, .dragging, .dbt, .build),
        Family("silver_sessions", in: "silver", every: 120, usual: 38, spread: 0.45, .outOfMemory),
        Family("gold_customer_360", in: "gold", every: 240, usual: 85, spread: 0.3, .pySpark, .branching),
        Family("feature_store_refresh", in: "ml", every: 30, usual: 18, spread: 0.05, .dragging, .pandas, .training),
        Family("recommendations_daily", in: "ml", every: 480, usual: 120, spread: 0.3, .outOfMemory, .training),
        Family(
            "export_ads_audiences", in: "export", every: 30, usual: 18, spread: 0.05, .dragging, .shell,
            .extractAndLoad),
        Family("export_bi_extracts", in: "export", every: 240, usual: 40, .analysis),
        Family("gdpr_access_requests", in: "gdpr", every: 240, usual: 20, spread: 0.6, .oracle, launch: .manual),
        Family("audit_log_archive", in: "platform", every: 240, usual: 18, .shell, .single(.jar)),
        Family("vacuum_delta_tables", in: "platform", every: 2_880, usual: 6, .stuck, .pySpark, .single(.jar)),
        Family("data_quality_sweep", in: "platform", every: 120, usual: 28, .steady(failures: 0.12), .pandas),
        Family("ingest_weather", in: "ingest", every: 120, usual: 4, spread: 0.5, .forgetful, .shell, .single(.python)),
        Family("store_footfall_etl", in: "silver", every: 30, usual: 18, spread: 0.05, .dragging),
        Family("supplier_scorecards", in: "gold", every: 480, usual: 60, .analysis),
        Family("tax_report_monthly", in: "finance", every: 1_440, usual: 130, spread: 0.3, .oracle, .branching),
        Family("price_elasticity_adhoc", in: "ml", every: 480, usual: 55, spread: 0.7, .pandas, launch: .manual),
        Family(
            "cost_usage_rollup", in: "platform", every: 30, usual: 19, spread: 0.05, .dragging, .analysis,
            .single(.notebook)),
    ]

    init(
        _ name: String, in folder: String, every: Double, usual: Double, spread: Double = 0.25,
        after upstream: String? = nil,
        _ trace: TraceKind, _ shape: TaskShape = .transform, launch: Launch = .scheduled
    ) {
        self.init(
            name, in: folder, every: every, usual: usual, spread: spread, .steady(failures: 0.04), after: upstream,
            trace,
            shape, launch: launch)
    }
}
