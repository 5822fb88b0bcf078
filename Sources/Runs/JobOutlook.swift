import Foundation

/// The verdicts on a job as time passes: computed when the runs change, and read at any time.
///
/// While the runs stay the same, only time adds verdicts: a run becomes slow, then stuck, and a start is missed. So all
/// verdicts are known in advance, each with the time at which it begins.
package struct JobOutlook: Hashable, Sendable {
    private(set) var statistics = JobStatistics()
    /// The verdicts that apply now or later, the most urgent first.
    private(set) var pending: [PendingVerdict] = []
    private(set) var expectedEnd: JobAssessment.ExpectedEnd?
    private(set) var hasUnreadableSchedule = false
    private var cron: QuartzCron?
    private var rhythm: Rhythm?
    private var isPaused = false

    init() {}

    /// - Parameters:
    ///   - active: the runs of the history that may still change, oldest first.
    ///   - validFrom: since when the schedule is known to apply, if it changed while runtop watched the job.
    package init(of history: JobHistory, active: [PastRun], schedule: JobSchedule?, validFrom: Date? = nil) {
        let limits = JobLimits(of: history)
        statistics = JobStatistics(of: history, limits: limits)
        if let schedule {
            cron = QuartzCron(schedule)
            hasUnreadableSchedule = cron == nil
            isPaused = schedule.isPaused
        }
        // If the schedule is unreadable, the rhythm replaces it. A paused schedule starts nothing.
        if cron == nil, !isPaused, !history.isManual { rhythm = Rhythm(starts: history.ownStarts) }
        pending = Self.failing(history, statistics: statistics) + active.flatMap(limits.verdicts)
        if let start = expectedStart(after: history, active: active, validFrom: validFrom) {
            pending.append(
                PendingVerdict(
                    kind: .missed, from: start.missedFrom, until: start.forgottenFrom, basis: .missed(start)))
        }
        pending += Self.flapping(history)
        pending.sort { ($0.kind.urgency, $0.from) < ($1.kind.urgency, $1.from) }
        if let running = active.last(where: { !$0.status.isWaiting }), let started = running.started {
            expectedEnd = limits.end(ofRunStarted: started)
        }
    }

    private func expectedStart(after history: JobHistory, active: [PastRun], validFrom: Date?) -> ExpectedStart? {
        guard !isPaused, let newest = history.runs.last?.moment else { return nil }
        if let cron {
            return ScheduledStarts(cron: cron, validFrom: validFrom).next(after: history, active: active)
        }
        // An active run may be the reason why the next one has not started.
        return active.isEmpty || history.hasConcurrentRuns ? rhythm?.next(newest: newest) : nil
    }

    /// The verdicts at a time, without texts.
    ///
    /// - Parameter answered: when the runs were last requested: only until then is it certain that none has started.
    func verdicts(at moment: Date, answered: Date) -> some Sequence<PendingVerdict> {
        pending.lazy.filter { verdict in
            let known = verdict.kind == .missed ? min(moment, answered) : moment
            return verdict.from <= known && moment < verdict.until
        }
    }

    /// When a verdict next begins or ends by time alone.
    func nextChange(after moment: Date) -> Date? {
        pending.lazy.flatMap { [$0.from, $0.until] }.filter { $0 > moment && $0 < .distantFuture }.min()
    }

    /// - Parameter answered: when the runs were last requested: only until then is it certain that none has started.
    package func assessment(at moment: Date, answered: Date) -> JobAssessment {
        var assessment = JobAssessment()
        assessment.verdicts = verdicts(at: moment, answered: answered).map { $0.inWords(at: moment) }
        assessment.expectedEnd = expectedEnd
        assessment.hasUnreadableSchedule = hasUnreadableSchedule
        if !isPaused { assessment.nextStart = cron.map { $0.next(after: moment) } ?? rhythm?.nextStart(after: moment) }
        let changes = pending.flatMap { [$0.from, $0.until] } + [assessment.nextStart ?? .distantFuture]
        assessment.holdsUntil = changes.filter { $0 > moment }.min() ?? .distantFuture
        return assessment
    }

    private static func failing(_ history: JobHistory, statistics: JobStatistics) -> [PendingVerdict] {
        guard let streak = statistics.streak, !streak.succeeded else { return [] }
        let failed = history.runs.filter(\.status.isConclusive).suffix(streak.runs)
        guard let first = failed.first, let newest = failed.last, let since = first.ended ?? first.moment else {
            return []
        }
        return [
            PendingVerdict(
                kind: .failing, from: since, run: newest.key,
                basis: .failing(runs: streak.runs, lastSuccess: statistics.lastSuccess))
        ]
    }

    /// Ignores runs that people started: a person who retries a job is already looking at it.
    private static func flapping(_ history: JobHistory) -> [PendingVerdict] {
        let conclusive = history.runs.filter { $0.status.isConclusive && $0.launch != .manual }
            .suffix(Flapping.mostOutcomes)
        let outcomes = conclusive.map { $0.status == .success }
        guard let flapping = Flapping(outcomes) else { return [] }
        let run = conclusive[conclusive.startIndex + flapping.since]
        guard let since = run.ended ?? run.moment else { return [] }
        let last = outcomes.suffix(20)
        return [
            PendingVerdict(
                kind: .flapping, from: since, basis: .flapping(failed: last.count { !$0 }, of: last.count))
        ]
    }
}

/// A verdict with the times at which it begins and ends, if the runs stay the same.
struct PendingVerdict: Hashable, Sendable {
    let kind: Verdict.Kind
    let from: Date
    var until = Date.distantFuture
    var run: String?
    let basis: Basis

    /// The facts behind the verdict.
    enum Basis: Hashable, Sendable {
        case running(started: Date, median: Duration?, longest: Duration)
        case waiting(created: Date, median: Duration?)
        case missed(ExpectedStart)
        case flapping(failed: Int, of: Int)
        case failing(runs: Int, lastSuccess: Date?)
    }

    func inWords(at moment: Date) -> Verdict {
        Verdict(kind: kind, since: from, reason: reason(at: moment), run: run)
    }

    private func reason(at moment: Date) -> String {
        switch basis {
        case .running(let started, let median, let longest):
            let elapsed = Duration(from: started, to: moment)
            guard let median, median > .zero else {
                return "running for \(elapsed.inWords), the longest took \(longest.inWords)"
            }
            let ratio = elapsed / median
            let times =
                ratio < 10 ? String(Int(ratio * 10) / 10) + "." + String(Int(ratio * 10) % 10) : String(Int(ratio))
            return "running \(times)× its median of \(median.inWords)"
        case .waiting(let created, let median):
            let elapsed = Duration(from: created, to: moment).inWords
            return median.map { "waiting for \(elapsed), usually \($0.inWords)" } ?? "waiting for \(elapsed)"
        case .missed(let start):
            let last = start.last.inWords(at: moment, zone: start.zone)
            switch start.basis {
            case .schedule:
                let isOnSomeDays = start.isUneven && start.interval > 43_200
                let times = isOnSomeDays ? "on certain days" : start.interval.asInterval
                return "no start since \(last), \(times) by schedule"
            case .rhythm: return "no start since \(last), usually \(start.interval.asInterval)"
            }
        case .flapping(let failed, let runs):
            return "failed \(failed) of the last \(runs), in turns"
        case .failing(let runs, let lastSuccess):
            let failed = runs == 1 ? "failed" : "failed \(runs) in a row"
            guard let lastSuccess else { return "\(failed), no success known" }
            return "\(failed), last OK \(Duration(from: lastSuccess, to: moment).inLargestUnit) ago"
        }
    }
}

extension Verdict.Kind {
    /// The order of several verdicts: a failure is certain, the others are estimates.
    var urgency: Int {
        switch self {
        case .failing: 0
        case .stuck: 1
        case .missed: 2
        case .slow: 3
        case .flapping: 4
        }
    }
}

extension Double {
    /// An interval between starts, in words: `every 30m`, `daily`.
    fileprivate var asInterval: String {
        let days = self / 86_400
        switch days {
        case 0.95...1.05: return "daily"
        case 6.9...7.1: return "weekly"
        case 27.5...31.5: return "monthly"
        default: return "every \(Duration(inSeconds: rounded()).inWords)"
        }
    }
}

extension Date {
    /// The time in a zone, with the zone's name, and with the date if it is not the day of `moment`: `02:00 Europe/Berlin`,
    /// `2026-11-24 02:00 UTC`.
    fileprivate func inWords(at moment: Date, zone: TimeZone) -> String {
        let name = zone == .gmt ? "UTC" : zone.identifier
        func local(_ date: Date) -> (day: Int, second: Int)? {
            let since1970 = date.timeIntervalSince1970
            guard abs(since1970) < 1e12 else { return nil }
            let second = Int(since1970.rounded(.down)) + zone.secondsFromGMT(for: date)
            let day = second.flooredQuotient(by: 86_400)
            return (day, second - day * 86_400)
        }
        guard let then = local(self) else { return "long ago" }
        let time = "\((then.second / 3_600).twoDigits):\((then.second / 60 % 60).twoDigits) \(name)"
        if then.day == local(moment)?.day { return time }
        let date = CivilDate(dayNumber: then.day)
        return "\(date.year)-\(date.month.twoDigits)-\(date.day.twoDigits) \(time)"
    }
}

extension Int {
    fileprivate var twoDigits: String { self < 10 ? "0\(self)" : String(self) }
}
