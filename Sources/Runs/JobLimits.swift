import Foundation

/// The limits after which a run of a job is slow or stuck.
struct JobLimits: Sendable {
    /// Durations and waits in seconds, the oldest first.
    let durations: [Double]
    let waits: [Double]
    /// The wait that was reached several times before, in seconds.
    private let usualLongWait: Double
    private let running: ControlLimits?
    private let waiting: ControlLimits?
    private let usual: UsualSpan?
    private let usualWait: UsualSpan?
    /// The usual time between two starts, in seconds.
    private let gap: Double
    /// The starts and the durations of the successful runs, the oldest first.
    private let timed: [(start: Date, duration: Double)]

    /// The average time between two usual runs of a job that are called slow, in seconds: half a year.
    private static let falseCallEvery = 182.0 * 86_400
    /// Runs that start within this time of day around another belong to the same time of day, in seconds.
    private static let sameTimeOfDay = 1_200.0
    /// How many of the newest runs at a time of day are compared, and how many of them must be long.
    private static let (comparedAtTimeOfDay, longAtTimeOfDay) = (5, 3)
    /// How long ago a run may have ended without being seen, in seconds: a cycle.
    private static let unseen = 15.0
    /// The shortest duration of a slow run, in seconds: short runs vary by their start-up alone.
    private static let leastSlow = 60.0
    /// The shortest duration of a stuck run, in seconds.
    private static let leastStuck = 300.0
    /// The shortest wait of a stuck run, in seconds: a cluster may take some minutes to start.
    private static let leastStuckWaiting = 900.0
    /// The wait after which a run is stuck if too few runs of the job have started, in seconds.
    static let stuckWaitingOfUnknown = 1_800.0
    /// The wait after which a run that waits for the end of a maintenance is stuck, in seconds.
    private static let stuckInMaintenance = 86_400.0
    /// Added to all waits, in seconds: waits of a few seconds vary widely, which means nothing.
    private static let waitOffset = 60.0

    init(of history: JobHistory) {
        let succeeded = history.runs.filter { $0.status == .success }
        durations = succeeded.compactMap { $0.finalDuration?.inSeconds }.suffix(ControlLimits.mostRuns)
        timed = succeeded.compactMap { run in
            guard let started = run.started, let duration = run.finalDuration?.inSeconds else { return nil }
            return (started, duration)
        }
        let allWaits = history.runs.compactMap { $0.wait?.inSeconds }
        waits = allWaits.suffix(ControlLimits.mostRuns)
        let longest = (history.earlierLongWaits + allWaits).sorted(by: >)
        usualLongWait = longest.count > 3 ? longest[3] : 0
        let moments = history.runs.suffix(40).compactMap(\.moment)
        gap = Robust.median(zip(moments, moments.dropFirst()).map { $1.timeIntervalSince($0) })
        let probability = min(max(gap / Self.falseCallEvery, 0.000_2), 0.001)
        running = ControlLimits(of: durations, exceededWith: probability)
        waiting = ControlLimits(of: waits.map { $0 + Self.waitOffset }, exceededWith: probability, hasTrend: false)
        usual = UsualSpan(of: durations.suffix(UsualSpan.mostRuns))
        usualWait = UsualSpan(of: waits.suffix(UsualSpan.mostRuns))
    }

    /// The duration after which a run is slow, in seconds; `nil` if too few runs have succeeded.
    var slowAfter: Double? {
        if let running { return max(running.limit + Self.unseen, Self.leastSlow) }
        // Of three or four runs, use only the longest.
        return usual.map { max($0.longest.inSeconds * 3, Self.leastSlow) }
    }

    /// The duration after which a run is stuck, in seconds: far more than slow runs take, two to four times the usual.
    var stuckAfter: Double? {
        guard let slowAfter else { return nil }
        guard let running else { return max(slowAfter * 4, Self.leastStuck) }
        let farther = running.median * max(5, 3.2 * exp(2 * running.spread))
        return max(slowAfter * 1.7, farther, Self.leastStuck)
    }

    /// The wait after which a run is stuck, in seconds.
    var stuckWaitingAfter: Double {
        guard let waiting else {
            return usualWait.map { max($0.longest.inSeconds * 3, Self.stuckWaitingOfUnknown) }
                ?? Self.stuckWaitingOfUnknown
        }
        return max((waiting.limit - Self.waitOffset) * 2, usualLongWait * 1.25, Self.leastStuckWaiting)
    }

    /// The usual duration, with its trend and its limit.
    var usualDuration: UsualSpan? {
        var span = usual
        span?.limit = slowAfter.map(Duration.init(inSeconds:))
        if let running, running.trend != 0, gap > 0 {
            // The drift may be negative, so this does not use the initializer that clamps at zero.
            span?.driftPerDay = .seconds(running.median * running.trend * 86_400 / gap)
        }
        return span
    }

    /// The usual wait, with its limit.
    var usualWaiting: UsualSpan? {
        var span = usualWait
        span?.limit = Duration(inSeconds: stuckWaitingAfter)
        return span
    }

    /// The verdicts on an unfinished run as time passes.
    func verdicts(of run: PastRun) -> [PendingVerdict] {
        // A run with the status RUNNING and no start time counts from its creation.
        if let started = run.started ?? (run.status.isWaiting ? nil : run.created) {
            guard let usual, let slowAfter, let stuckAfter else { return [] }
            let basis = PendingVerdict.Basis.running(
                started: started, median: running == nil ? nil : usual.median, longest: usual.longest)
            let longest = longestAtTimeOfDay(of: started) ?? 0
            let slow = started.addingTimeInterval(max(slowAfter, longest * 1.3 + Self.unseen))
            let stuck = started.addingTimeInterval(max(stuckAfter, longest * 2))
            return [
                PendingVerdict(kind: .slow, from: slow, until: stuck, run: run.key, basis: basis),
                PendingVerdict(kind: .stuck, from: stuck, run: run.key, basis: basis),
            ]
        }
        guard let created = run.created else { return [] }
        let after = run.status == .pausedMaintenance ? Self.stuckInMaintenance : stuckWaitingAfter
        return [
            PendingVerdict(
                kind: .stuck, from: created.addingTimeInterval(after), run: run.key,
                basis: .waiting(created: created, median: usualWait?.median))
        ]
    }

    /// The longest of the newest runs that started at this time of day, if most of them were slow: such a job does more at
    /// that time, as an hourly job with a full load every night does. `nil` if the time of day makes no difference.
    private func longestAtTimeOfDay(of started: Date) -> Double? {
        guard let slowAfter, timed.contains(where: { $0.duration > slowAfter }) else { return nil }
        let day = 86_400.0
        let reach = min(Self.sameTimeOfDay, gap / 2)
        let same = timed.filter { run in
            let apart = abs(started.timeIntervalSince(run.start)).truncatingRemainder(dividingBy: day)
            return run.start < started && min(apart, day - apart) <= reach
        }.suffix(Self.comparedAtTimeOfDay)
        let long = same.filter { $0.duration > slowAfter }
        return long.count >= Self.longAtTimeOfDay ? long.map(\.duration).max() : nil
    }

    /// The probable end of a run that started at this time: four of five runs end between the earliest and the latest time.
    func end(ofRunStarted started: Date) -> JobAssessment.ExpectedEnd? {
        guard let running else { return nil }
        return JobAssessment.ExpectedEnd(
            earliest: started.addingTimeInterval(running.quantile(0.1)),
            likeliest: started.addingTimeInterval(running.median),
            latest: started.addingTimeInterval(running.quantile(0.9)))
    }
}
