import Foundation
import Runs
import Screen

/// A job as a text: its health with reasons, chart, statistics, failures by cause, and usual times.
struct JobDocument: Hashable, Sendable {
    private(set) var text = Document()

    /// An empty text.
    init() {}

    /// - Parameters:
    ///   - isListed: whether the service still lists the job.
    ///   - size: the size of its part of the screen: the width for wrapping, the height for the chart.
    init(of page: JobPage, isListed: Bool, size: Size, glyphs: Glyphs, clock: WallClock, at now: Date) {
        let entry = page.entry
        let writer = JobWriter(
            entry: entry, habits: page.habits, assessment: entry.assessment(at: now), isListed: isListed, size: size,
            glyphs: glyphs, clock: clock, now: now)
        let sections = [writer.summary, writer.facts, writer.chart, writer.statistics, writer.failures, writer.week]
        text = Document(Array(sections.filter { !$0.isEmpty }.joined(separator: [DocumentLine(text: "")])))
    }
}

/// Writes the parts of a job's text.
private struct JobWriter {
    let entry: JobEntry
    let habits: JobHabits
    let assessment: JobAssessment
    let isListed: Bool
    let size: Size
    let glyphs: Glyphs
    let clock: WallClock
    let now: Date

    private var width: Int { size.columns }

    /// The time at which to judge its active runs.
    private var lastKnown: Date { entry.moment(at: now) }

    /// The status and the name, why the job is not current, and every verdict with its reason.
    var summary: [DocumentLine] {
        let name = SafeText(entry.name)
        var lines: [DocumentLine] = []
        if let run = entry.leadingRun(at: now) {
            let status = glyphs.status(run.status) + " \(run.status.word)"
            lines.append(DocumentLine(text: status + "  " + name, role: .status(run.status)))
        } else {
            lines.append(DocumentLine(text: entry.missingStatus + "  " + name, role: .title))
        }
        if !isListed {
            lines += wrapped("The service no longer lists this job: it is as it was last seen.", role: .stale)
        } else if case .remembered(let seen) = entry.freshness {
            lines += wrapped(
                "From history, as it was \(TimeText.coarseAge(of: seen, at: now)) ago: the service has not answered yet.",
                role: .stale)
        } else if let reason = entry.freshness.reason {
            lines += wrapped("Not current: \(reason)", role: .stale)
        }
        for verdict in assessment.verdicts {
            let since = "since \(clock.short(verdict.since, at: now)), \(age(verdict.since)): " as SafeText
            lines += fact(
                SafeText(verdict.kind.rawValue), since + glyphs.words(verdict.reason), role: verdict.kind.role)
        }
        if let cause = entry.currentCause { lines += fact("cause", SafeText(cause.text), role: .broken) }
        if let recurrence = habits.recurrence { lines += fact("before", recurrence.text(at: now)) }
        if assessment.verdicts.isEmpty, entry.statistics.conclusive > 0 {
            lines += wrapped("No problems.", role: .quiet)
        }
        return lines
    }

    var facts: [DocumentLine] {
        var lines = fact("Key", SafeText(entry.id.key))
        if let path = entry.job.path, !path.isEmpty { lines += fact("Path", SafeText(path)) }
        lines += fact("Schedule", schedule)
        lines += fact("Next start", nextStart)
        lines += fact("Last OK", entry.statistics.lastSuccess.map(moment) ?? "none known")
        if let bar = entry.progress(at: now) { lines += running(bar) }
        if let first = habits.runs.lazy.compactMap(\.moment).first {
            let count: SafeText = habits.runs.count == 1 ? "1 run" : "\(habits.runs.count) runs"
            lines += fact("Known", count + " since " + moment(first))
        }
        return lines
    }

    /// The schedule in words and as an expression, its time zone, and whether it is paused.
    private var schedule: SafeText {
        guard let schedule = entry.job.schedule else { return "none" }
        let cron = SafeText(schedule.quartzCronExpression)
        let zone: SafeText = schedule.timeZoneID.map { SafeText($0) } ?? "UTC"
        let words = ScheduleText.words(for: schedule)
        let text: SafeText = words.map { $0 + ", \(zone) (\(cron))" } ?? "\(cron), \(zone)"
        if assessment.hasUnreadableSchedule { return text + ": runtop cannot read it" }
        return schedule.isPaused ? "PAUSED: " + text : text
    }

    private var nextStart: SafeText {
        if entry.job.schedule?.isPaused == true { return "none while the schedule is paused" }
        guard let next = assessment.nextStart else { return "not known" }
        let basis: SafeText = entry.job.schedule == nil ? ", by its rhythm" : ""
        if next <= entry.moment(at: now) {
            return "\(clock.dateAndTime(next)), \(age(next)): nothing has started" + basis
        }
        if next <= now { return "\(clock.dateAndTime(next)), \(age(next)): no newer answer" + basis }
        return "\(clock.dateAndTime(next)), in \(TimeText.coarseAge(of: now, at: next))" + basis
    }

    private func running(_ bar: ProgressBar) -> [DocumentLine] {
        let label = Part(("  Running" as SafeText).padded(to: Self.labels), .quiet)
        let room = min(max(width - Self.labels - 1, 0), 40)
        let elapsed: SafeText =
            "\(TimeText.duration(bar.elapsed)) of a median of \(TimeText.duration(bar.usual.median))"
        let ends = assessment.expectedEnd.map { ", " + $0.label(at: now) + " " + $0.text(clock, at: now) } ?? ""
        return [DocumentLine([label] + bar.parts(width: room, glyphs: glyphs))]
            + fact("", elapsed + (bar.isPastP90 ? ", longer than 9 of 10" : "") + ends)
    }

    // MARK: Runs

    var chart: [DocumentLine] {
        guard !habits.runs.isEmpty else {
            return [DocumentLine(text: "No run is known.", role: .quiet)]
        }
        let chart = RunChart(
            runs: habits.runs, usual: entry.statistics.duration, clock: clock, now: now, lastKnown: lastKnown)
        let rows = min(max(size.rows / 3, 7), 12)
        return [heading("How long its runs took")] + chart.lines(rows: rows, width: width - 1, glyphs: glyphs)
    }

    var statistics: [DocumentLine] {
        let statistics = entry.statistics
        guard statistics.runs > 0 else { return [] }
        let count: SafeText = statistics.runs == 1 ? "the last run" : "the last \(statistics.runs) runs"
        var lines = [heading("Statistics, of " + count)]
        lines += fact("Success", success)
        if let streak = statistics.streak {
            let word: SafeText = streak.succeeded ? "succeeded" : "failed"
            lines += fact("Streak", streak.runs == 1 ? "the newest \(word)" : "the newest \(streak.runs) \(word)")
        }
        lines += span("Duration", statistics.duration)
        let room = max(width - Self.labels - 1, 0)
        if !habits.durations.isEmpty {
            let line = Sparkline(durations: habits.durations[...], usual: statistics.duration)
            lines.append(
                DocumentLine(
                    [Part(SafeText.spaces(Self.labels), .quiet)] + line.parts(width: min(room, 60), glyphs: glyphs)))
        }
        return lines + span("Wait", statistics.wait)
    }

    private var success: SafeText {
        let statistics = entry.statistics
        guard let rate = statistics.successRate else { return tooFew }
        func percent(_ share: Double) -> Int { Int((share * 100).rounded()) }
        // Shows 100 % only for all, and 0 % only for none.
        let shown = rate > 0 && rate < 1 ? min(max(percent(rate), 1), 99) : percent(rate)
        var text: SafeText = "\(shown)% of \(statistics.conclusive) that succeeded or failed"
        if let trend = statistics.successTrend {
            let points = percent(abs(trend))
            let direction: SafeText = trend < 0 ? "down" : "up"
            text += points == 0 ? ", steady" : ", \(direction) \(points) points in the newer half"
        }
        return text
    }

    private func span(_ label: SafeText, _ span: UsualSpan?) -> [DocumentLine] {
        guard let span else { return fact(label, tooFew) }
        return fact(label, span.text + ", " + span.details(glyphs))
    }

    private var tooFew: SafeText { "too few runs to say" }

    /// The most causes listed.
    private static let mostCauses = 12

    var failures: [DocumentLine] {
        let total = habits.failures.reduce(0) { $0 + $1.count }
        guard total > 0 else { return habits.runs.isEmpty ? [] : [heading("No failure is known")] }
        let shown = habits.failures.prefix(Self.mostCauses)
        var lines = [heading("Failures by cause (\(total))")]
        for group in shown {
            let newest = group.newest.map { age($0) } ?? ""
            let count: SafeText = "\(group.count)\(glyphs.times)"
            let label = count.rightAligned(to: 5) + "  " + newest
            lines += DocumentLine.entry(
                label, group.cause, column: min(22, max(width / 3, 14)), width: width, role: .text)
        }
        let rest = habits.failures.dropFirst(Self.mostCauses)
        if !rest.isEmpty {
            let count = rest.reduce(0) { $0 + $1.count }
            lines += wrapped("and \(count) of \(rest.count) other causes", role: .quiet)
        }
        return lines
    }

    var week: [DocumentLine] {
        guard habits.week.runs >= UsualSpan.fewestRuns else {
            return habits.runs.isEmpty ? [] : [heading("When it usually runs: too few runs to say")]
        }
        let map = habits.week.lines(width: width - 2, glyphs: glyphs)
        guard !map.isEmpty else { return [] }
        return [heading("When it usually runs, in local time (\(habits.week.runs) runs)")] + map
    }

    // MARK: Lines

    private static let labels = 14

    private func heading(_ text: SafeText) -> DocumentLine { DocumentLine(text: text, role: .title) }

    private func age(_ moment: Date) -> SafeText { "\(TimeText.coarseAge(of: moment, at: now)) ago" }

    private func moment(_ date: Date) -> SafeText { clock.dateAndTime(date) + "  (\(age(date)))" }

    private func fact(_ label: SafeText, _ value: SafeText, role: Role = .text) -> [DocumentLine] {
        let column = width < 30 ? 2 : Self.labels
        return DocumentLine.entry(label, value, column: column, width: width, role: role)
    }

    private func wrapped(_ text: SafeText, role: Role) -> [DocumentLine] {
        text.wrappedAtSpaces(to: max(width - 1, 8)).map { DocumentLine(text: $0, role: role) }
    }
}
