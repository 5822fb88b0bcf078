import Foundation
import Runs

/// How well one kind of verdict was called.
struct Score {
    /// What was done, and what of it was called in time, or at least before it was over.
    var faults = 0
    var inTime = 0
    var atAll = 0
    /// The verdicts, and those that nothing was done for; one that lasts counts once.
    var calls = 0
    var falseCalls = 0
    /// How long the verdicts stood, and how long the false ones did, in seconds.
    var stood = 0.0
    var stoodFalsely = 0.0
    var delays: [Double] = []

    var recall: Double { faults == 0 ? 1 : Double(inTime) / Double(faults) }
    var precision: Double { calls == 0 ? 1 : Double(calls - falseCalls) / Double(calls) }

    /// How probable it is that a verdict found at a moment taken at random is right.
    var precisionInTime: Double { stood == 0 ? 1 : (stood - stoodFalsely) / stood }

    static func + (left: Score, right: Score) -> Score {
        var sum = left
        sum.faults += right.faults
        sum.inTime += right.inTime
        sum.atAll += right.atAll
        sum.calls += right.calls
        sum.falseCalls += right.falseCalls
        sum.stood += right.stood
        sum.stoodFalsely += right.stoodFalsely
        sum.delays += right.delays
        return sum
    }
}

/// The time during which a verdict stood.
struct Call {
    let kind: Verdict.Kind
    let begin: Date
    var end: Date
    let reason: String
}

extension VirtualMonths {
    /// How often the board hears of the job, in seconds.
    static let cycle = 15.0

    /// Plays the months as a board sees them, with only what was known at each moment, and gives the verdicts.
    func calls() -> [Call] {
        var changes: [(at: Date, run: Int)] = []
        for (index, run) in runs.enumerated() {
            // Of a run that started at once nothing is seen before its start.
            let started = run.started.flatMap { $0.timeIntervalSince(run.created ?? $0) < 60 ? nil : $0 }
            let created = started == nil ? run.started ?? run.created : run.created
            for moment in [created, started, run.ended].compactMap(\.self) where moment <= end {
                let seen = (moment.timeIntervalSince1970 / Self.cycle).rounded(.up) * Self.cycle
                changes.append((Date(timeIntervalSince1970: seen), index))
            }
        }
        changes.sort { $0.at < $1.at }
        var history = JobHistory()
        var open: [Verdict.Kind: Call] = [:]
        var closed: [Call] = []
        var place = 0
        while place < changes.count {
            let moment = changes[place].at
            var changed: Set<Int> = []
            while place < changes.count, changes[place].at == moment {
                changed.insert(changes[place].run)
                place += 1
            }
            history.learn(
                JobHistory(changed.map { runs[$0] }).asOf(moment).runs, keeping: JobHistory.mostRunsOnBoard)
            let until = place < changes.count ? changes[place].at : end
            judge(history, from: moment, until: until, open: &open, closed: &closed)
        }
        return (closed + open.values).sorted { $0.begin < $1.begin }
    }

    private func judge(
        _ history: JobHistory, from start: Date, until: Date, open: inout [Verdict.Kind: Call], closed: inout [Call]
    ) {
        var moment = start
        let outlook = JobOutlook(of: history, active: history.activeRuns, schedule: schedule(at: moment))
        while moment < until {
            let assessment = outlook.assessment(at: moment, answered: moment)
            var standing: Set<Verdict.Kind> = []
            for verdict in assessment.verdicts where standing.insert(verdict.kind).inserted {
                if open[verdict.kind] == nil {
                    open[verdict.kind] = Call(
                        kind: verdict.kind, begin: moment, end: until, reason: verdict.reason)
                }
            }
            for (kind, call) in open where !standing.contains(kind) {
                var ended = call
                ended.end = moment
                closed.append(ended)
                open[kind] = nil
            }
            moment = max(assessment.holdsUntil, moment.addingTimeInterval(1))
        }
        for kind in open.keys { open[kind]?.end = until }
    }

    private func schedule(at moment: Date) -> JobSchedule? {
        guard case .schedule(let text, let zone) = job.starts else { return nil }
        let pausedFrom = Self.begin.addingTimeInterval(job.days * 57_600 - 3_600)
        return JobSchedule(
            quartzCronExpression: text, timeZoneID: zone, isPaused: job.isPaused && moment >= pausedFrom)
    }

    /// The score of each kind.
    func scores(of calls: [Call]) -> [Verdict.Kind: Score] {
        var scores: [Verdict.Kind: Score] = [:]
        for kind in [Verdict.Kind.slow, .stuck, .missed, .flapping] {
            var score = Score()
            let ours = calls.filter { $0.kind == kind }
            for fault in faults where fault.verdict == kind && fault.end <= end {
                score.faults += 1
                guard let call = ours.first(where: { $0.end > fault.begin && $0.begin < fault.end }) else { continue }
                score.atAll += 1
                let delay = call.begin.timeIntervalSince(fault.known)
                score.delays.append(delay)
                if delay <= 2 * Self.cycle { score.inTime += 1 }
            }
            for call in ours {
                if isNeutral(call) { continue }
                let stood = call.end.timeIntervalSince(call.begin)
                score.calls += 1
                score.stood += stood
                guard !isTrue(call) else { continue }
                score.falseCalls += 1
                score.stoodFalsely += stood
            }
            scores[kind] = score
        }
        return scores
    }

    func isTrue(_ call: Call) -> Bool {
        faults.contains { $0.verdict == call.kind && call.begin < $0.end && call.end > $0.begin }
    }

    /// A run that will turn out to be stuck is slow first; one made slow on purpose may be so by a little only.
    func isNeutral(_ call: Call) -> Bool {
        if doubtful.contains(where: { $0.contains(call.begin) }) { return true }
        return call.kind == .slow
            && faults.contains { $0.kind == .stuckRunning && call.begin < $0.end && call.end > $0.begin }
    }
}
