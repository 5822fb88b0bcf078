import Foundation
import Runs
import Screen

/// The cells for the past, the present and the expected state of a job.
extension Cells {
    /// The strip: one cell per run, oldest to newest, as many as fit. The colour is the status, the height is the duration.
    ///
    /// On a terminal without colour or without bars, a cell is the glyph of the status.
    func stripCell(_ entry: JobEntry, width: Int) -> StyledText {
        let shown = entry.history.runs.suffix(width)
        let moment = entry.moment(at: now)
        let durations = shown.map { $0.duration(at: moment) }
        let longest = durations.lazy.compactMap(\.self).max() ?? .zero
        let cells = zip(shown, durations).map { run, duration -> Span in
            let style = appearance.theme.style(.status(run.status))
            guard appearance.showsBars else { return (appearance.glyphs.status(run.status), style) }
            let share = duration.map { longest > .zero ? $0 / longest : 0 } ?? 0
            return (appearance.glyphs.bar(share), style)
        }
        let padding = SafeText.spaces(width - cells.count)
        return StyledText([(padding, .plain)] + cells)
    }

    /// The problems of a job, most urgent first; for a job without problems, its progress if that has no column of its own.
    ///
    /// - Parameter showsCause: whether to include the cause of a failure, because it has no column of its own.
    func reasonCell(_ entry: JobEntry, width: Int, showsProgress: Bool, showsCause: Bool) -> StyledText {
        if let action = actions.pending[entry.id] {
            return StyledText("\(action.name) in progress", appearance.theme.style(.running))
        }
        if let record = actions.record(of: entry, at: now) {
            let isOther = record.runKey.map { $0 != entry.leadingRun(at: now)?.id.key } ?? false
            let text = record.rowText(width: width, isOther: isOther, at: now)
            return StyledText(text, appearance.theme.style(record.role))
        }
        let assessment = entry.assessment(at: now)
        if let first = assessment.verdicts.first {
            let cause = showsCause && first.kind == .failing ? entry.currentCause : nil
            var reasons = cause?.shown(width: width) ?? assessment.reasons(appearance.glyphs, width: width)
            if first.kind == .failing, let recurrence = recurrences[entry.id] {
                let more = "; " + recurrence.shortText(at: now)
                if reasons.width + more.width <= width { reasons += more }
            }
            return StyledText(reasons, appearance.theme.style(first.kind.role))
        }
        guard showsProgress, let bar = entry.progress(at: now) else { return StyledText([]) }
        var parts = bar.parts(width: min(width, Self.progressWidth), glyphs: appearance.glyphs)
        if let end = assessment.expectedEnd {
            let text = "  ends " + clock.short(end.likeliest, at: now)
            if end.likeliest > now, parts.width + text.width <= width { parts.add(text, .quiet) }
        }
        return StyledText(parts, theme: appearance.theme)
    }

    func causeCell(_ cause: FailureCause?, width: Int) -> StyledText {
        guard let cause else { return StyledText([]) }
        return StyledText(cause.shown(width: width), appearance.theme.style(.broken))
    }

    /// The width of a progress bar in a table.
    static let progressWidth = 12

    func progressCell(_ entry: JobEntry, width: Int) -> StyledText {
        guard let bar = entry.progress(at: now) else { return StyledText([]) }
        return StyledText(bar.parts(width: width, glyphs: appearance.glyphs), theme: appearance.theme)
    }

    /// When the next run should start; marked as late if that time has passed.
    func nextStartCell(_ entry: JobEntry) -> StyledText {
        if entry.job.schedule?.isPaused == true { return StyledText("paused", appearance.theme.style(.quiet)) }
        guard let next = entry.assessment(at: now).nextStart else { return nothing }
        let role: Role = next < entry.moment(at: now) ? .late : .quiet
        return StyledText(clock.short(next, at: now), appearance.theme.style(role))
    }

    /// The age of the last success.
    func lastSuccessCell(_ entry: JobEntry) -> StyledText {
        guard let last = entry.statistics.lastSuccess else { return nothing }
        return StyledText(TimeText.coarseAge(of: last, at: now), appearance.theme.style(.quiet))
    }

    /// The durations of its successful runs, oldest to newest, then their median and their 90th percentile.
    func durationsCell(_ entry: JobEntry, width: Int) -> StyledText {
        guard let usual = entry.statistics.duration else { return nothing }
        let figures =
            "  " + TimeText.duration(usual.median).rightAligned(to: 6) + " "
            + TimeText.duration(usual.p90).rightAligned(to: 6)
        let room = max(width - figures.width, 0)
        // Reads only the newest runs: a job may have thousands.
        let durations = entry.history.runs.suffix(room * 2).lazy.filter { $0.status == .success }
            .compactMap(\.finalDuration)
        var parts = Sparkline(durations: Array(durations.suffix(room))[...], usual: usual)
            .parts(width: room, glyphs: appearance.glyphs)
        parts.insert(Part(SafeText.spaces(room - parts.width), .text), at: 0)
        parts.add(figures, .quiet)
        return StyledText(parts, theme: appearance.theme)
    }
}

extension PastRun {
    /// How long the run took, or how long an active run has taken until `moment`.
    func duration(at moment: Date) -> Duration? {
        guard status.isActive else { return finalDuration }
        return started.map { Duration(from: $0, to: moment) }
    }
}
