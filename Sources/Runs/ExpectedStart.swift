import Foundation

/// The first start of a job that is due after the newest run known, and when it is missed.
struct ExpectedStart: Hashable, Sendable {
    /// What says that it is due.
    enum Basis: Hashable, Sendable {
        case schedule
        case rhythm
    }

    let basis: Basis
    let due: Date
    /// From then on it is missed: a start of this job never came so late after it was due.
    let missedFrom: Date
    /// From then on nothing is said any more: the job has another rhythm, or none.
    var forgottenFrom = Date.distantFuture
    /// The newest run before it.
    let last: Date
    /// The time between two starts, in seconds.
    let interval: Double
    /// Whether some starts lie farther apart: on some days there is none.
    var isUneven = false
    /// The zone in which the job's times are written.
    var zone = TimeZone.gmt
}

/// The starts that a job's schedule says are due.
struct ScheduledStarts: Sendable {
    let cron: QuartzCron
    /// From when on the schedule is known to hold; `nil` for as long as the runs reach back.
    var validFrom: Date?

    /// The most starts of the past that the schedule is compared with.
    private static let mostCompared = 24
    /// A start is missed no earlier than this after it was due, in seconds: the service may take a moment.
    private static let leastGrace = 90.0
    /// The clocks of the schedule and of the run may differ by this, in seconds.
    private static let clockDifference = 15.0

    /// The first start that is due after the newest run; `nil` when the runs do not follow the schedule, or too few are known
    /// to say so.
    ///
    /// A run that was skipped, or that a person started after the start was due, counts: the start was noticed. While an
    /// earlier run of a job that never runs twice at once is active, no start is due.
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
        // A time that the clocks show twice is due once; which of the two is no reason to complain.
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

    /// The times between this start and the next ones, of a week if there is one each day, in seconds.
    private func intervals(from due: Date) -> [Double] {
        let fires = cron.fires(after: due.addingTimeInterval(-1), through: .distantFuture, most: 8)
        return zip(fires, fires.dropFirst()).map { $1.timeIntervalSince($0) }
    }
}

/// How a job's starts followed its schedule.
private struct StartHabit {
    /// How long after they were due nearly all starts came, in seconds.
    let latest: Double

    /// `nil` when most starts that were due did not come: the schedule is not the one that the runs follow.
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

    /// The run from which on the comparison fits in a bounded number of starts.
    private static func begin(first: Date, last: Date, cron: QuartzCron) -> Date {
        let next = cron.fires(after: last, through: .distantFuture, most: 3)
        let intervals = zip(next, next.dropFirst()).map { $1.timeIntervalSince($0) }
        guard let shortest = intervals.min() else { return first }
        return max(first, last.addingTimeInterval(-24 * shortest))
    }
}

extension JobHistory {
    /// Whether runs of the job ran at the same time.
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
