import Foundation
import Polling
import Runs

// When the screen next changes without an event. The dashboard sleeps until then.

extension DashboardState {
    /// The longest time between two ticks, in seconds. If the machine sleeps or its clock is set, ages in words ("last OK 1h
    /// ago") may be out of date by this much.
    static let longestTick: TimeInterval = 10

    /// When the next tick is due, in whole seconds: in the next second if a visible duration counts seconds, otherwise when
    /// an age, the order of the rows or a count changes. Call it after a frame.
    package func nextTick(after now: Date) -> Date {
        let next = Date(timeIntervalSince1970: (now.timeIntervalSince1970 + 0.001).rounded(.down) + 1)
        guard !countsSeconds(at: now) else { return next }
        let ages = headerMoments + (inner.isEmpty ? rowsInSight.compactMap(\.freshness.lastAnswer) : [])
        let reasons = inner.isEmpty ? rowsInSight.flatMap { $0.nextWordsOfReason(after: now) } : []
        // Ages in minutes change at whole minutes of the clock.
        let wholeMinute = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 60).rounded(.down) * 60 + 60)
        let changes =
            ages.map { TimeText.nextChange(ofAge: $0, at: now) } + reasons + [arrangementHolds]
            + (context == .run || context == .help || context == .journal || context == .command ? [] : [wholeMinute])
        let soonest = min(changes.min() ?? .distantFuture, now.addingTimeInterval(Self.longestTick))
        return max(next, Date(timeIntervalSince1970: soonest.timeIntervalSince1970.rounded(.up)))
    }

    private var rowsInSight: some Sequence<JobEntry> {
        jobs.rows.dropFirst(jobs.cursor.top).prefix(jobsTableHeight).lazy.compactMap { board[$0] }
    }

    /// The times whose age is visible in the header.
    private var headerMoments: [Date] {
        var moments = [summary.oldestAnswer, summary.newestAnswer, poller.outage?.since].compactMap(\.self)
        if summary.oldestAnswer == nil || poller.outage != nil { moments += [poller.jobsListed].compactMap(\.self) }
        if case .waiting(let next) = poller.phase, !poller.isPaused { moments.append(next) }
        if let sessionEnds { moments += [sessionEnds, sessionEnds.addingTimeInterval(-Header.sessionWarning)] }
        return moments
    }

    /// Whether a message, or a visible duration of a run, changes every second.
    private func countsSeconds(at now: Date) -> Bool {
        if notice?.secondsLeft != nil || actions.countsSeconds(at: now) { return true }
        switch inner.last {
        case nil:
            return rowsInSight.contains { entry in
                entry.moment(at: now) == now && entry.leadingRun(at: now)?.countsSeconds(at: now) == true
            }
        case .job(let view):
            guard let entry = board[view.page.job], entry.moment(at: now) == now else { return false }
            return entry.leadingRun(at: now)?.countsSeconds(at: now) == true
        case .runs(let view): return board[view.job]?.runs.contains { $0.countsSeconds(at: now) } == true
        case .run(let view):
            let isCurrent = view.lastKnown(at: now) == now || view.tasksLastKnown(at: now) == now
            return isCurrent && (view.run.countsSeconds(at: now) || view.run.status.isActive)
        case .command(let view): return view.isRunning
        case .tasks: return tasksMoment == now
        case .output(let view): return view.shownTask.status.isActive
        case .help, .journal, .causes: return false
        }
    }
}

extension JobEntry {
    /// When the text of the reason in its row next changes: the age of its last success counts seconds for one minute, the
    /// duration of the active run for ten.
    fileprivate func nextWordsOfReason(after now: Date) -> [Date] {
        guard moment(at: now) == now else { return [] }
        let lastSuccess = statistics.streak?.succeeded == false ? statistics.lastSuccess : nil
        let active = leadingRun(at: now).flatMap { $0.status.isActive ? $0.started ?? $0.created : nil }
        return [
            lastSuccess?.nextStep(after: now, secondsUpTo: 60), active?.nextStep(after: now, secondsUpTo: 600),
        ].compactMap(\.self)
    }
}

extension Date {
    /// When the text of the time since this date next changes: it counts seconds up to a limit, then minutes.
    fileprivate func nextStep(after now: Date, secondsUpTo limit: TimeInterval) -> Date {
        let elapsed = max(now.timeIntervalSince(self), 0)
        let unit = elapsed < limit ? 1.0 : 60
        return addingTimeInterval(((elapsed / unit).rounded(.down) + 1) * unit)
    }
}

extension JobRun {
    /// Whether the duration or the wait of the run is shown in seconds and still grows.
    fileprivate func countsSeconds(at now: Date) -> Bool {
        guard status.isActive, let began = started ?? created else { return false }
        return Duration(from: began, to: now) < TimeText.longestWithSeconds
    }
}
