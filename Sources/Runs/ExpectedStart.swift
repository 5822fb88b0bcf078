import Foundation

/// The first start that is due after a job's newest known run, and when it counts as missed.
struct ExpectedStart: Hashable, Sendable {
    /// What the start is predicted from.
    enum Basis: Hashable, Sendable {
        case schedule
        case rhythm
    }

    let basis: Basis
    let due: Date
    /// When the start counts as missed: no start of this job has ever been so late.
    let missedFrom: Date
    /// When the start no longer counts as missed: the job has another rhythm, or none.
    var forgottenFrom = Date.distantFuture
    /// The newest run before it.
    let last: Date
    /// The time between two starts, in seconds.
    let interval: Double
    /// Whether some intervals are longer: on some days there is no start.
    var isUneven = false
    /// The time zone in which the job's times are shown.
    var zone = TimeZone.gmt
}

/// The starts that are due by a job's schedule.
struct ScheduledStarts: Sendable {
    let cron: QuartzCron
    /// The time since which the schedule is known to apply; `nil` if it applies to all known runs.
    var validFrom: Date?

    /// The most past starts that are compared with the schedule.
    private static let mostCompared = 24
    /// The shortest delay after which a start counts as missed, in seconds: the service may need a moment.
    private static let leastGrace = 90.0
    /// The largest difference between the clocks of the schedule and of the run, in seconds.
    private static let clockDifference = 15.0

    /// The first start that is due after the newest run; `nil` if the runs do not follow the schedule, or too few are known.
    ///
    /// A run that was skipped counts as a start, and so does a run that a person started after the start was due. If the job
    /// never runs twice at the same time, no start is due while an earlier run is active.
    func next(after history: JobHistory, active: [PastRun]) -> ExpectedStart? {
        let created = history.runs.filter { $0.launch != .manual }.compactMap(\.moment).suffix(Self.mostCompared)
        guard created.count >= 2, let newest = history.runs.last?.moment, let last = created.last,
            let habit = StartHabit(of: Array(created), cron: cron, clockDifference: Self.clockDifference)
        else { return nil }
        let runsAlone = !history.hasConcurrentRuns
        if runsAlone, !active.isEmpty { return nil }
        var after = max(newest, last.addingTimeInterval(Self.clockDifference))
        if runsAlone, let ended = history.runs.compactMap(\.ended).max() { after = max(after, ended) }
        if let validFrom { after = max(after, validFrom) }
        guard var due = cron.next(after: after) else { return nil }
        // If the clocks show a time twice, the job is due once, at either of the two.
        while cron.isRepeated(due), newest >= due.addingTimeInterval(-3_600 - Self.clockDifference) {
            guard let next = cron.next(after: due) else { return nil }
            due = next
        }
        let intervals = intervals(from: due)
        let grace = max(Self.leastGrace, habit.latest * 1.5 + 30)
        return ExpectedStart(
            basis: .schedule, due: due, missedFrom: due.addingTimeInterval(grace), last: newest,
            interval: intervals.min() ?? 0, isUneven: (intervals.max() ?? 0) > 1.9 * (intervals.min() ?? 0),
            zone: cron.zone)
    }

    /// The intervals between this start and the next ones (a week of them for a daily job), in seconds.
    private func intervals(from due: Date) -> [Double] {
        let fires = cron.fires(after: due.addingTimeInterval(-1), through: .distantFuture, most: 8)
        return zip(fires, fires.dropFirst()).map { $1.timeIntervalSince($0) }
    }
}

/// How closely a job's starts followed its schedule.
private struct StartHabit {
    /// The delay that nearly all starts stayed within, in seconds.
    let latest: Double

    /// `nil` if most due starts did not happen: then the runs do not follow the schedule.
    init?(of created: [Date], cron: QuartzCron, clockDifference: Double) {
        guard let first = created.first, let last = created.last else { return nil }
        let begin = Self.begin(first: first, last: last, cron: cron)
        let fires = cron.fires(
            after: begin.addingTimeInterval(-clockDifference - 1), through: last.addingTimeInterval(clockDifference),
            most: 48)
        var delays: [Double] = []
        var place = 0
        for (index, fire) in fires.enumerated() {
            while place < created.count, created[place] < fire.addingTimeInterval(-clockDifference) { place += 1 }
            let end = index + 1 < fires.count ? fires[index + 1] : .distantFuture
            guard place < created.count, created[place] < end.addingTimeInterval(-clockDifference) else { continue }
            delays.append(max(created[place].timeIntervalSince(fire), 0))
        }
        guard !delays.isEmpty, Double(delays.count) >= Double(fires.count) * 0.25 else { return nil }
        latest = Robust.quantile(0.95, sorted: delays.sorted())
    }

    /// The first run for the comparison, chosen so that the number of due starts is bounded.
    private static func begin(first: Date, last: Date, cron: QuartzCron) -> Date {
        let next = cron.fires(after: last, through: .distantFuture, most: 3)
        let intervals = zip(next, next.dropFirst()).map { $1.timeIntervalSince($0) }
        guard let shortest = intervals.min() else { return first }
        return max(first, last.addingTimeInterval(-24 * shortest))
    }
}

extension JobHistory {
    /// Whether two runs of the job ever ran at the same time.
    var hasConcurrentRuns: Bool {
        let spans = runs.suffix(60).compactMap { run in
            run.started.flatMap { started in run.ended.map { (started: started, ended: $0) } }
        }
        var overlaps = 0
        var ended = Date.distantPast
        for span in spans.sorted(by: { $0.started < $1.started }) {
            if span.started < ended.addingTimeInterval(-1) { overlaps += 1 }
            ended = max(ended, span.ended)
        }
        return overlaps >= 2
    }
}
