import Foundation
import Polling
import Runs
import Screen

extension DashboardState {
    /// Draws where we are, how old the data is, what the poller does, and how many jobs are what.
    func drawHeader(rows: Range<Int>, on canvas: inout Canvas) {
        if rows.count > 1 {
            drawSides(placeText, pollerText, row: rows.lowerBound, on: &canvas)
            drawSides(countsText, whereaboutsText, row: rows.lowerBound + 1, on: &canvas)
        } else {
            drawSides(countsText, StyledText(sessionSpans + freshnessText.spans), row: rows.lowerBound, on: &canvas)
        }
    }

    /// The left text, and the right one as far as there is room: what is on the right is cut last.
    private func drawSides(_ left: StyledText, _ right: StyledText, row: Int, on canvas: inout Canvas) {
        let rightWidth = min(right.width, max(size.columns - 2, 0))
        let leftWidth = max(size.columns - rightWidth - 3, 0)
        canvas.write(left, row: row, column: 1, width: leftWidth)
        canvas.write(right, row: row, column: size.columns - 1 - rightWidth, width: rightWidth)
    }

    func styled(_ text: SafeText, _ role: Role) -> (text: SafeText, style: Style) {
        (text, appearance.theme.style(role))
    }

    private var placeText: StyledText {
        let separator = appearance.glyphs.separator
        return StyledText([
            styled("runtop", .title),
            styled("  " + SafeText(place.region) + separator + SafeText(place.workspace), .text),
            styled(separator + "profile \(place.profile)", .quiet),
        ])
    }

    /// How many jobs are what. A list that never came is not an empty one: then there is nothing to count.
    private var countsText: StyledText {
        let counts = summary.counts
        if board.isEmpty && poller.jobsListed == nil { return StyledText([styled("no jobs listed yet", .quiet)]) }
        func figure(_ count: Int, _ word: SafeText, _ role: Role) -> (text: SafeText, style: Style) {
            styled("  \(count) \(word)", count > 0 ? role : .quiet)
        }
        var spans = [
            styled("\(counts.jobs) \(counts.jobs == 1 ? "job" : "jobs")", .title),
            figure(counts.broken, "broken", .broken), figure(counts.late, "late", .late),
            figure(counts.active, "active", .running),
        ]
        if counts.stale > 0 { spans.append(styled("  \(counts.stale) stale", .stale)) }
        if size.columns < 40 {
            // The narrowest screens have room for the bad news only.
            spans = [
                styled("\(counts.broken) broken", counts.broken > 0 ? .broken : .quiet),
                figure(counts.late, "late", .late),
            ]
        }
        return StyledText(spans)
    }

    /// How old the oldest row is; of rows of very different ages, the newest too.
    private var freshnessText: StyledText {
        guard let oldest = summary.oldestAnswer, let newest = summary.newestAnswer else {
            return StyledText([styled("no data yet", .quiet)])
        }
        let age = TimeText.age(of: oldest, at: now)
        let isNarrow = size.columns < 40
        let isOld = Duration(from: oldest, to: now) > poller.interval * 3
        let youngest = TimeText.age(of: newest, at: now)
        let text: SafeText =
            isOld && youngest != age && size.columns >= 60
            ? "data \(youngest) to \(age) old" : isNarrow ? age : "data \(age) old"
        return StyledText([styled(text, isOld ? .late : .quiet)])
    }

    private var pollerText: StyledText {
        let separator = styled(appearance.glyphs.separator, .quiet)
        return StyledText(sessionSpans + freshnessText.spans + [separator, phaseText])
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

    private var phaseText: (text: SafeText, style: Style) {
        switch poller.phase {
        case .starting: styled("starting", .quiet)
        case .polling(_, let done, let count): styled("polling \(done)/\(count)", .running)
        case .waiting(let next):
            styled(
                "every \(PollingInterval(poller.interval).description), next in \(TimeText.age(of: now, at: next))",
                .quiet)
        case .backingOff(let next, .rateLimited): styled("rate-limited until \(clock.time(next))", .late)
        case .backingOff(let next, .breakerOpen): styled("breaker open, next probe \(clock.time(next))", .late)
        case .backingOff(let next, .credentials): styled("not signed in, next try \(clock.time(next))", .late)
        case .paused: styled("PAUSED, p goes on", .late)
        }
    }
}
