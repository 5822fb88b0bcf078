import Foundation
import Polling
import Runs
import Screen

extension DashboardState {
    /// Draws where we are, how old the data is, what the poller does, and how many jobs are what.
    ///
    /// The first line:   `runtop  region · workspace · profile    data 3s old · every 15s, next in 12s`
    /// The second line:  `17 jobs  4 broken  6 late  6 running    by worst`
    ///
    /// What matters most keeps its place: the age and the poller on the first line, the counts on the second. A screen of
    /// a single header line has the counts and the age.
    func drawHeader(rows: Range<Int>, on canvas: inout Canvas) {
        let columns = max(size.columns - 2, 0)
        guard rows.count > 1 else {
            let age = StyledText(sessionSpans + [freshnessSpan])
            let counts = countsText(width: columns - age.width - 1)
            canvas.write(counts, row: rows.lowerBound, column: 1, width: max(columns - age.width - 1, 0))
            return drawTrailing(age, row: rows.lowerBound, on: &canvas)
        }
        let poller = pollerText
        canvas.write(
            placeText(width: columns - poller.width - 1), row: rows.lowerBound, column: 1,
            width: max(columns - poller.width - 1, 0))
        drawTrailing(poller, row: rows.lowerBound, on: &canvas)
        // A filter or a focus must be seen, or its rows read as the full list: the counts leave room for it.
        let isNarrowed = inner.isEmpty && !jobs.filter.isEmpty
        let shown = isNarrowed ? shownCount.width + 2 : 0
        let counts = countsText(width: columns - shown)
        canvas.write(counts, row: rows.lowerBound + 1, column: 1, width: columns)
        drawTrailing(
            whereaboutsText(width: max(columns - counts.width - 2, 0)), row: rows.lowerBound + 1, on: &canvas)
    }

    /// Draws a text at the right edge, as much of it as the line holds.
    private func drawTrailing(_ text: StyledText, row: Int, on canvas: inout Canvas) {
        let width = min(text.width, max(size.columns - 2, 0))
        canvas.write(text, row: row, column: size.columns - 1 - width, width: width)
    }

    func styled(_ text: SafeText, _ role: Role) -> (text: SafeText, style: Style) {
        (text, appearance.theme.style(role))
    }

    /// The region, the workspace and the profile, as many of them as there is room for; the workspace is the last to go.
    private func placeText(width: Int) -> StyledText {
        let separator = appearance.glyphs.separator
        let name = styled("runtop  ", .title)
        let workspace = SafeText(place.workspace)
        let both = styled(SafeText(place.region) + separator + workspace, .text)
        let candidates = [
            StyledText([name, both, styled(separator + "profile \(place.profile)", .quiet)]), StyledText([name, both]),
            StyledText([name, styled(workspace, .text)]), StyledText([styled(workspace, .text)]),
        ]
        return candidates.first { $0.width <= width } ?? StyledText([styled(workspace, .text)])
    }

    /// How many jobs are what. A list that never came is not an empty one: then there is nothing to count.
    private func countsText(width: Int) -> StyledText {
        let counts = summary.counts
        if board.isEmpty && poller.jobsListed == nil { return StyledText([styled("no jobs listed yet", .quiet)]) }
        func figure(_ count: Int, _ word: SafeText, _ role: Role) -> (text: SafeText, style: Style) {
            styled("\(count) \(word)", count > 0 ? role : .quiet)
        }
        func joined(_ figures: [(text: SafeText, style: Style)], by gap: SafeText = "  ") -> StyledText {
            StyledText(Array(figures.map { [$0] }.joined(separator: [styled(gap, .quiet)])))
        }
        let jobs = styled("\(counts.jobs) \(counts.jobs == 1 ? "job" : "jobs")", .title)
        let broken = figure(counts.broken, "broken", .broken)
        let late = figure(counts.late, "late", .late)
        // Nothing is known of these: "0 broken" alone would read as all is well.
        let notAsked = summary.notAsked > 0 ? [styled("\(summary.notAsked) not asked yet", .late)] : []
        let stale = counts.stale > 0 ? [figure(counts.stale, "stale", .stale)] : []
        // The narrowest screens have room for the bad news only.
        let all = [jobs] + notAsked + [broken, late, figure(counts.active, "active", .running)] + stale
        let bad = notAsked + [broken, late]
        let candidates =
            (size.columns < 40 ? [] : [joined(all), joined(bad + stale)])
            + [joined(bad), joined(bad, by: " "), joined(notAsked + [broken], by: " ")]
        return candidates.first { $0.width <= width } ?? joined([broken])
    }

    /// How old the oldest row is; of rows of very different ages, the newest too.
    private var freshnessSpan: (text: SafeText, style: Style) {
        guard let oldest = summary.oldestAnswer, let newest = summary.newestAnswer else {
            guard board.isEmpty, let listed = poller.jobsListed else { return styled("no data yet", .quiet) }
            return styled("list \(TimeText.age(of: listed, at: now)) old", .quiet)
        }
        let age = TimeText.age(of: oldest, at: now)
        let isOld = Duration(from: oldest, to: now) > poller.interval.duration * 3
        let youngest = TimeText.age(of: newest, at: now)
        var text: SafeText = size.columns < 40 ? age : "data \(age) old"
        if isOld, youngest != age, size.columns >= 60 { text = "data \(youngest) to \(age) old" }
        return styled(text, isOld ? .late : .quiet)
    }

    private var pollerText: StyledText {
        let separator = styled(appearance.glyphs.separator, .quiet)
        return StyledText(sessionSpans + [freshnessSpan, separator, phaseSpan])
    }

    /// From this long before its end, a session's time left is shown.
    private static let sessionWarning: TimeInterval = 600

    /// What is left of a session that ends soon.
    private var sessionSpans: [(text: SafeText, style: Style)] {
        guard let sessionEnds, sessionEnds.timeIntervalSince(now) <= Self.sessionWarning else { return [] }
        let isNarrow = size.columns < 40
        let separator = styled(isNarrow ? " " : appearance.glyphs.separator, .quiet)
        guard sessionEnds > now else { return [styled(isNarrow ? "ended" : "session ended", .broken), separator] }
        let left = TimeText.age(of: now, at: sessionEnds)
        return [styled(isNarrow ? "token \(left)" : "session ends in \(left)", .late), separator]
    }

    /// What the poller does; in a few words where the screen is narrow.
    private var phaseSpan: (text: SafeText, style: Style) {
        let isNarrow = size.columns < 60
        if poller.isPaused {
            let words: SafeText = poller.phase == .paused ? "PAUSED, p resumes" : "PAUSING, p resumes"
            return styled(isNarrow ? "PAUSED" : words, .late)
        }
        switch poller.phase {
        case .starting: return styled("starting", .quiet)
        case .polling(_, let done, let count): return styled("polling \(done)/\(count)", .running)
        case .waiting(let next):
            let wait: SafeText = "next in \(TimeText.age(of: now, at: next))"
            return styled(isNarrow ? wait : "every \(poller.interval.description), " + wait, .quiet)
        case .backingOff(let next, let reason):
            let time = clock.time(next)
            guard !isNarrow else { return styled("next try \(time)", .late) }
            switch reason {
            case .rateLimited: return styled("rate-limited, next try \(time)", .late)
            case .breakerOpen: return styled("backing off, next try \(time)", .late)
            case .credentials: return styled("not signed in, next try \(time)", .late)
            }
        case .pausing, .paused: return styled("resuming", .quiet)
        }
    }
}
