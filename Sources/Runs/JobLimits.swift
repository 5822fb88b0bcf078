import Foundation

/// From when on a run of a job is slow, and from when on it is stuck.
struct JobLimits: Sendable {
    /// Durations and waits in seconds, the oldest first.
    let durations: [Double]
    let waits: [Double]
    /// What a wait has reached several times before, in seconds.
    private let usualLongWait: Double
    private let running: ControlLimits?
    private let waiting: ControlLimits?
    private let usual: UsualSpan?
    private let usualWait: UsualSpan?
    /// The usual time between two starts, in seconds.
    private let gap: Double

    /// A usual run of a job may be called slow once in this time, in seconds: half a year.
    private static let falseCallEvery = 182.0 * 86_400
    /// A run may have ended that long ago without having been seen, in seconds: a cycle.
    private static let unseen = 15.0
    /// No run is slow before this, in seconds: short runs vary by their start-up alone.
    private static let leastSlow = 60.0
    /// No run is stuck before it has run for this long, in seconds.
    private static let leastStuck = 300.0
    /// No run is stuck before it has waited for this long, in seconds: a cluster may take some minutes to start.
    private static let leastStuckWaiting = 900.0
    /// A run of a job of which too few runs have started is stuck when it has waited for this long, in seconds.
    static let stuckWaitingOfUnknown = 1_800.0
    /// A run that waits for the end of a maintenance is stuck after this, in seconds.
    private static let stuckInMaintenance = 86_400.0
    /// Waits of a few seconds vary manifold and mean nothing: all are taken to be longer by this, in seconds.
    private static let waitOffset = 60.0

    init(of history: JobHistory) {
        let succeeded = history.runs.filter { $0.status == .success }
        durations = succeeded.compactMap { $0.finalDuration?.inSeconds }.suffix(ControlLimits.mostRuns)
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

    /// A run that has run for longer is slow, in seconds; `nil` when too few have succeeded to say.
    var slowAfter: Double? {
        if let running { return max(running.limit + Self.unseen, Self.leastSlow) }
        // Of three or four runs only the longest is of use.
        return usual.map { max($0.longest.inSeconds * 3, Self.leastSlow) }
    }

    /// A run that has run for longer is stuck, in seconds: far beyond slow ones, which end after two to four times the usual.
    var stuckAfter: Double? {
        guard let slowAfter else { return nil }
        guard let running else { return max(slowAfter * 4, Self.leastStuck) }
        let farther = running.median * max(5, 3.2 * exp(2 * running.spread))
        return max(slowAfter * 1.7, farther, Self.leastStuck)
    }

    /// A run that has waited to start for longer is stuck, in seconds.
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
            // A day's change may be a shortening, and a duration of seconds here is none of less than zero.
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

    /// What a run that may still change will be, as time passes.
    func verdicts(of run: PastRun) -> [PendingVerdict] {
        // A run with the status RUNNING and no start time counts from its creation.
        if let started = run.started ?? (run.status.isWaiting ? nil : run.created) {
            guard let usual, let slowAfter, let stuckAfter else { return [] }
            let basis = PendingVerdict.Basis.running(
                started: started, median: running == nil ? nil : usual.median, longest: usual.longest)
            let stuck = started.addingTimeInterval(stuckAfter)
            return [
                PendingVerdict(
                    kind: .slow, from: started.addingTimeInterval(slowAfter), until: stuck, run: run.key,
                    basis: basis),
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

    /// When a run that started then will probably end: four of five end between the earliest and the latest moment.
    func end(ofRunStarted started: Date) -> JobAssessment.ExpectedEnd? {
        guard let running else { return nil }
        return JobAssessment.ExpectedEnd(
            earliest: started.addingTimeInterval(running.quantile(0.1)),
            likeliest: started.addingTimeInterval(running.median),
            latest: started.addingTimeInterval(running.quantile(0.9)))
    }
}
