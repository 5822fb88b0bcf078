import Foundation
import Polling
import Runs
import Screen

/// The top of the screen: the place, the age of the data, the state of the poller, and the counts of jobs.
///
/// The first line:   `runtop  read-only  region · workspace · profile    data 3s old · every 15s, next in 12s`
/// The second line:  `17 jobs  4 broken  6 late  6 running    by worst`
struct Header {
    let place: PlaceLabel
    let summary: BoardSummary
    let poller: PollerState
    /// When the session token expires; `nil` without one.
    let sessionEnds: Date?
    let breadcrumb: Breadcrumb
    /// Whether actions are allowed.
    let allowsActions: Bool
    /// The number of marked rows.
    let marked: Int
    let appearance: Appearance
    let clock: WallClock
    let now: Date

    /// The most important parts are always shown: the age and the poller on the first line, the counts on the second. With a
    /// single header line, these are the counts and the age.
    func draw(in area: Rectangle, on canvas: inout Canvas) {
        let columns = area.size.columns
        let line = area.inset(by: 1)
        let (first, second, width) = (line.top, line.top + 1, line.size.columns)
        func drawTrailing(_ text: StyledText, row: Int) {
            let shown = min(text.width, width)
            canvas.write(text, row: row, column: line.columns.upperBound - shown, width: shown)
        }
        guard area.size.rows > 1 else {
            let age = StyledText(sessionSpans(columns) + [freshnessSpan(columns)])
            let room = width - age.width - 1
            canvas.write(counts(columns, width: room), row: first, column: line.left, width: max(room, 0))
            return drawTrailing(age, row: first)
        }
        let separator = appearance.styled(appearance.glyphs.separator, .quiet)
        let poller = StyledText(
            sessionSpans(columns) + [freshnessSpan(columns), separator, phaseSpan(columns)])
        let room = width - poller.width - 1
        canvas.write(placeText(width: room), row: first, column: line.left, width: max(room, 0))
        drawTrailing(poller, row: first)
        // A filter or a focus must be visible, or its rows look like the full list: the counts leave space for it.
        let shown = breadcrumb.shownCount.map { $0.width + 2 } ?? 0
        let countsRoom = width - shown - StyledText(markedSpans).width
        // The causes and the backfill get the space that remains; the order of the table is omitted for them.
        let least = breadcrumb.leastWidth(of: width, appearance) + 2
        let detailed = self.counts(columns, width: countsRoom, withCauses: true)
        var counts =
            detailed.width + max(least - shown, 0) <= countsRoom ? detailed : self.counts(columns, width: countsRoom)
        counts = StyledText(counts.spans + markedSpans)
        let backfill = backfillTexts.map { StyledText([appearance.styled("  " + $0, .quiet)]) }
        if let backfill = backfill.first(where: { counts.width + least + $0.width <= width }) {
            counts = StyledText(counts.spans + backfill.spans)
        }
        canvas.write(counts, row: second, column: line.left, width: width)
        drawTrailing(breadcrumb.text(width: max(width - counts.width - 2, 0), appearance), row: second)
    }

    /// The number of rows marked for an action.
    private var markedSpans: [Span] {
        marked > 0 ? [appearance.styled("  ", .quiet), appearance.styled("\(marked) marked", .notice)] : []
    }

    /// Whether actions are allowed, then the region, the workspace and the profile, as many as fit; the workspace is omitted
    /// last.
    private func placeText(width: Int) -> StyledText {
        let separator = appearance.glyphs.separator
        let name = appearance.styled("runtop  ", .title)
        let workspace = appearance.styled(SafeText(place.workspace), .text)
        let both = appearance.styled(SafeText(place.region) + separator + workspace.text, .text)
        let profile = appearance.styled(separator + "profile \(place.profile)", .quiet)
        let mode = allowsActions ? appearance.styled("actions on  ", .notice) : appearance.styled("read-only  ", .quiet)
        let candidates = [
            [name, mode, both, profile], [name, mode, both], [mode, both], [mode, workspace],
        ].map { StyledText($0) }
        return candidates.first { $0.width <= width } ?? StyledText([workspace])
    }

    /// The counts of jobs. Without any list of jobs there is nothing to count, which differs from an empty list.
    ///
    /// - Parameter withCauses: whether to show the number of causes of the broken jobs.
    private func counts(_ columns: Int, width: Int, withCauses: Bool = false) -> StyledText {
        let counts = summary.counts
        if counts.jobs == 0 && poller.jobsListed == nil {
            return StyledText([appearance.styled("no jobs listed yet", .quiet)])
        }
        func figure(_ count: Int, _ word: SafeText, _ role: Role) -> Span {
            appearance.styled("\(count) \(word)", count > 0 ? role : .quiet)
        }
        func joined(_ figures: some Sequence<Span>, by gap: SafeText = "  ") -> StyledText {
            StyledText(Array(figures), separator: appearance.styled(gap, .quiet))
        }
        let jobs = appearance.styled("\(counts.jobs) \(counts.jobs == 1 ? "job" : "jobs")", .title)
        let broken = figure(counts.broken, "broken", .broken)
        let late = figure(counts.late, "late", .late)
        let causes = counts.causes == 1 ? "1 cause" : "\(counts.causes) causes" as SafeText
        let brokenByCause = appearance.styled("\(counts.broken) broken, \(causes)", .broken)
        // The state of these jobs is unknown: "0 broken" alone would look as if no job had a problem.
        let notAsked = summary.notAsked > 0 ? [appearance.styled("\(summary.notAsked) not asked yet", .late)] : []
        let remembered =
            summary.remembered > 0 ? [appearance.styled("\(summary.remembered) from history", .stale)] : []
        let flapping = counts.flapping > 0 ? [figure(counts.flapping, "flapping", .late)] : []
        let stale = counts.stale > 0 ? [figure(counts.stale, "stale", .stale)] : []
        // The narrowest screens show only the problems.
        let all =
            [jobs] + notAsked + [broken, late] + flapping + [figure(counts.active, "active", .running)] + stale
            + remembered
        let bad = notAsked + [broken, late]
        let detailed =
            withCauses && counts.causes > 0 ? [joined(all.map { $0.text == broken.text ? brokenByCause : $0 })] : []
        let candidates =
            (columns < 40
                ? []
                : detailed + [joined(all), joined(all.dropLast(remembered.count)), joined(bad + flapping + stale)])
            + [joined(bad), joined(bad, by: " "), joined(notAsked + [broken], by: " ")]
        return candidates.first { $0.width <= width } ?? joined([broken])
    }

    /// The progress of the backfill, while there is one: `filling history 3 of 90 days`, or shorter `history 3/90d`.
    private var backfillTexts: [SafeText] {
        guard let progress = poller.backfill, !progress.isOver, progress.stopped == nil else { return [] }
        let (unit, letter, seconds): (SafeText, SafeText, Double) =
            progress.whole < .seconds(2 * 86_400) ? ("hours", "h", 3_600) : ("days", "d", 86_400)
        let done = Int(progress.done / .seconds(seconds))
        let whole = max(1, Int((progress.whole / .seconds(seconds)).rounded()))
        return ["filling history \(done) of \(whole) \(unit)", "history \(done)/\(whole)\(letter)"]
    }

    /// The age of the oldest row; if the ages differ widely, also that of the newest.
    private func freshnessSpan(_ columns: Int) -> Span {
        guard let oldest = summary.oldestAnswer, let newest = summary.newestAnswer else {
            guard summary.counts.jobs == 0, let listed = poller.jobsListed else {
                return appearance.styled("no data yet", .quiet)
            }
            return appearance.styled("list \(TimeText.age(of: listed, at: now)) old", .quiet)
        }
        let age = TimeText.age(of: oldest, at: now)
        let isOld = Duration(from: oldest, to: now) > poller.interval.duration * 3
        if summary.remembered > 0, summary.remembered + summary.notAsked == summary.counts.jobs {
            // No row has been answered in this session.
            return appearance.styled(columns < 40 ? age : "from history, \(age) old", .late)
        }
        var text: SafeText = columns < 40 ? age : "data \(age) old"
        if isOld, columns >= 60 { text = "data \(TimeText.ages(from: newest, to: oldest, at: now)) old" }
        return appearance.styled(text, isOld ? .late : .quiet)
    }

    /// How long before the session expires the remaining time is shown, in seconds.
    static let sessionWarning: TimeInterval = 600

    /// The remaining time of a session that expires soon.
    private func sessionSpans(_ columns: Int) -> [Span] {
        guard let sessionEnds, sessionEnds.timeIntervalSince(now) <= Self.sessionWarning else { return [] }
        let isNarrow = columns < 40
        let separator = appearance.styled(isNarrow ? " " : appearance.glyphs.separator, .quiet)
        guard sessionEnds > now else {
            return [appearance.styled(isNarrow ? "ended" : "session ended", .broken), separator]
        }
        let left = TimeText.age(of: now, at: sessionEnds)
        return [appearance.styled(isNarrow ? "token \(left)" : "session ends in \(left)", .late), separator]
    }

    /// The state of the poller; in a few words on a narrow screen.
    private func phaseSpan(_ columns: Int) -> Span {
        let isNarrow = columns < 60
        if poller.isPaused {
            let words: SafeText = poller.phase == .paused ? "PAUSED, p resumes" : "PAUSING, p resumes"
            return appearance.styled(isNarrow ? "PAUSED" : words, .late)
        }
        switch poller.phase {
        case .starting: return appearance.styled("starting", .quiet)
        case .polling(_, let done, let count): return appearance.styled("polling \(done)/\(count)", .running)
        case .waiting(let next):
            let wait: SafeText = "next in \(TimeText.age(of: now, at: next))"
            let every: SafeText = "every \(poller.interval.description), "
            return appearance.styled(isNarrow ? wait : every + wait, .quiet)
        case .backingOff(let next, let reason):
            let time = clock.time(next)
            guard !isNarrow else { return appearance.styled("next try \(time)", .late) }
            switch reason {
            case .rateLimited: return appearance.styled("rate-limited, next try \(time)", .late)
            case .breakerOpen: return appearance.styled("backing off, next try \(time)", .late)
            case .credentials: return appearance.styled("not signed in, next try \(time)", .late)
            }
        case .pausing, .paused: return appearance.styled("resuming", .quiet)
        }
    }
}

/// The visible screen: the filter and order of a table, or the lines of a text. It is the end of the header.
enum Breadcrumb {
    /// The table of jobs: how many it shows, and the position of the selected one if not all are visible.
    case jobs(JobFilter, JobOrder, shown: Int, position: SafeText?)
    case runs(RunOrder)
    /// The page of a job, and its visible lines.
    case job(name: SafeText, lines: SafeText)
    /// A run, and its visible lines.
    case run(name: SafeText, RunStatus, moment: SafeText?, lines: SafeText)
    /// The tasks of a run, and the position of the selected one if not all are visible.
    case tasks(run: SafeText, position: SafeText?)
    case help(lines: SafeText)
    case journal(lines: SafeText)
    /// The table of causes, and how many of them match the filter.
    case causes(CauseOrder, filter: SafeText, shown: Int)
    /// The output of one of the user's own commands, and its visible lines.
    case command(name: SafeText, lines: SafeText)

    /// The number of jobs that match the filter and focus; `nil` without either.
    var shownCount: SafeText? {
        guard case .jobs(let filter, _, let shown, _) = self, !filter.isEmpty else { return nil }
        return "\(shown) shown"
    }

    /// The width without the order of the table of jobs, which is omitted for other parts of the header.
    func leastWidth(of width: Int, _ appearance: Appearance) -> Int {
        guard case .jobs(let filter, _, _, let position) = self, filter.text.isEmpty, filter.cause == nil else {
            return text(width: width, appearance).width
        }
        let spans = [shownCount, position].compactMap(\.self).map { appearance.styled($0, .quiet) }
        return Self.joined(spans, appearance).width
    }

    /// The text in at most `width` columns: the filter or the job's name is shortened, and the order is omitted first.
    func text(width: Int, _ appearance: Appearance) -> StyledText {
        let spans =
            switch self {
            case .jobs(let filter, let order, _, let position):
                jobsSpans(filter, order, position, width: width, appearance)
            case .runs(let order): [order.span(appearance)]
            case .command(let name, let lines):
                jobSpans(name, lines, label: "command ", width: width, appearance)
            case .job(let name, let lines): jobSpans(name, lines, width: width, appearance)
            case .run(let name, let status, let moment, let lines):
                runSpans(name, status, moment, lines, width: width, appearance)
            case .tasks(let run, let position):
                [appearance.styled("tasks of run " + run.truncated(to: max(width - 24, 8)), .title)]
                    + (position.map { [appearance.styled($0, .quiet)] } ?? [])
            case .journal(let lines): [appearance.styled("journal", .quiet), appearance.styled(lines, .quiet)]
            case .causes(let order, let filter, let shown):
                causesSpans(order, filter, shown, appearance)
            case .help(let lines): [appearance.styled("help", .quiet), appearance.styled(lines, .quiet)]
            }
        let text = Self.joined(spans, appearance)
        return text.width <= width ? text : StyledText([])
    }

    private func jobsSpans(
        _ filter: JobFilter, _ order: JobOrder, _ position: SafeText?, width: Int, _ appearance: Appearance
    ) -> [Span] {
        func widthOf(_ spans: [Span]) -> Int { Self.joined(spans, appearance).width }
        let shown = shownCount.map { [appearance.styled($0, .quiet)] } ?? []
        let focus = filter.focus == .all ? [] : [appearance.styled("only \(filter.focus.rawValue)", .notice)]
        let place = position.map { [appearance.styled($0, .quiet)] } ?? []
        let candidates = [
            focus + shown + [order.span(appearance)] + place, focus + shown + place, shown + place, shown,
        ]
        let typed = filter.cause.map { SafeText($0.signature) + " " + SafeText(filter.text) } ?? SafeText(filter.text)
        guard !typed.isEmpty else { return candidates.first { widthOf($0) <= width } ?? shown }
        let label: SafeText = filter.cause == nil ? "filter " : "cause "
        let separator = appearance.glyphs.separator.width
        // The filter gets the remaining space; the order is omitted if that is too little.
        let fewest = label.width + min(typed.width, 8) + separator
        let others = candidates.first { widthOf($0) + fewest <= width } ?? shown
        let room = width - widthOf(others) - separator - label.width
        guard room > 0 else { return others }
        return [appearance.styled(label + typed.truncated(to: room), .notice)] + others
    }

    private func causesSpans(
        _ order: CauseOrder, _ filter: SafeText, _ shown: Int, _ appearance: Appearance
    ) -> [Span] {
        let filter: [Span] =
            filter.isEmpty
            ? [] : [appearance.styled("filter " + filter, .notice), appearance.styled("\(shown) shown", .quiet)]
        return [appearance.styled("causes", .title)] + filter + [order.span(appearance)]
    }

    private func jobSpans(
        _ name: SafeText, _ lines: SafeText, label: SafeText = "job ", width: Int, _ appearance: Appearance
    ) -> [Span] {
        let lines = appearance.styled(lines, .quiet)
        let room = width - label.width - appearance.glyphs.separator.width - lines.text.width
        guard room > 0 else { return [lines] }
        return [appearance.styled(label + name.truncated(to: room), .title), lines]
    }

    private func runSpans(
        _ name: SafeText, _ status: RunStatus, _ moment: SafeText?, _ lines: SafeText, width: Int,
        _ appearance: Appearance
    ) -> [Span] {
        let glyph = appearance.glyphs.status(status) + " "
        let moment = moment.map { " " + $0 } ?? ""
        let lines = appearance.styled(lines, .quiet)
        let fixed = glyph.width + appearance.glyphs.separator.width + lines.text.width
        // The time is omitted before the name becomes too short.
        let suffix = fixed + moment.width + min(name.width, 8) <= width ? moment : ""
        let room = width - fixed - suffix.width
        guard room > 0 else { return [lines] }
        return [appearance.styled(glyph + name.truncated(to: room) + suffix, .status(status)), lines]
    }

    private static func joined(_ spans: [Span], _ appearance: Appearance) -> StyledText {
        StyledText(spans, separator: appearance.styled(appearance.glyphs.separator, .quiet))
    }
}

extension Order where SortKey: TitledSortKey {
    /// `by TIME, reversed`.
    fileprivate func span(_ appearance: Appearance) -> Span {
        appearance.styled("by \(key.title)\(isReversed ? ", reversed" : "")", .quiet)
    }
}
