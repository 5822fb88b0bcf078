import Runs
import Screen

extension DashboardState {
    private typealias Span = (text: SafeText, style: Style)

    /// Which screen this is: what narrows and orders the table, whose runs these are, which part of which run. In a
    /// narrow space the filter or the job's name is shortened, and the order left out first.
    func whereaboutsText(width: Int) -> StyledText {
        switch inner.last {
        case nil: return tableText(width: width)
        case .runs(let view):
            return joined([orderSpan(view.order.key.title, isReversed: view.order.isReversed)], width: width)
        case .run(let view): return runText(view, width: width)
        case .help(let view):
            return joined([styled("help", .quiet), styled(helpPosition(view), .quiet)], width: width)
        }
    }

    private func tableText(width: Int) -> StyledText {
        let order = orderSpan(jobs.order.key.title, isReversed: jobs.order.isReversed)
        let shown = jobs.filter.isEmpty ? [] : [styled(shownCount, .quiet)]
        let focus = jobs.filter.focus == .all ? [] : [styled("only \(jobs.filter.focus.rawValue)", .notice)]
        let position = position.map { [styled($0, .quiet)] } ?? []
        let candidates = [focus + shown + [order] + position, focus + shown + position, shown + position, shown]
        let filter = SafeText(jobs.filter.text)
        guard !filter.isEmpty else {
            return joined(candidates.first { joined($0).width <= width } ?? shown, width: width)
        }
        let label: SafeText = "filter "
        // The filter has what the others leave, but for a few columns the order gives way.
        let fewest = label.width + min(filter.width, 8) + appearance.glyphs.separator.width
        let others = candidates.first { joined($0).width + fewest <= width } ?? shown
        let room = width - joined(others).width - appearance.glyphs.separator.width - label.width
        guard room > 0 else { return joined(others, width: width) }
        return joined([styled(label + filter.truncated(to: room), .notice)] + others, width: width)
    }

    /// How many jobs a filter or a focus leaves.
    var shownCount: SafeText { "\(jobs.rows.count) shown" }

    private func orderSpan(_ key: SafeText, isReversed: Bool) -> Span {
        styled("by \(key)\(isReversed ? ", reversed" : "")", .quiet)
    }

    /// Which row of how many is selected, where not all of them are in sight.
    private var position: SafeText? {
        guard jobs.rows.count > jobsTableHeight else { return nil }
        return "\(jobs.cursor.index + 1)/\(jobs.rows.count)"
    }

    private func helpPosition(_ view: HelpView) -> SafeText {
        let lines = HelpDocument(of: view.context, in: self).lines.map(\.text)
        return linesText(of: PagerLayout(lines: lines, size: pagerSize, wraps: view.pager.wraps), from: view.pager.top)
    }

    private func runText(_ view: RunView, width: Int) -> StyledText {
        let run = view.run
        let name = SafeText(board[run.job]?.name ?? run.jobName ?? run.job.key)
        let glyph = appearance.glyphs.status(run.status) + " "
        let moment = run.moment.map { " " + clock.short($0, at: now) } ?? ""
        let lines = styled(
            linesText(of: layout(RunDocument(of: view, in: self), view.pager), from: view.pager.top), .quiet)
        let fixed = glyph.width + appearance.glyphs.separator.width + lines.text.width
        // The moment gives way before the name is shortened to nothing.
        let suffix = fixed + moment.width + min(name.width, 8) <= width ? moment : ""
        let room = width - fixed - suffix.width
        guard room > 0 else { return joined([lines], width: width) }
        return joined(
            [styled(glyph + name.truncated(to: room) + suffix, .status(run.status)), lines], width: width)
    }

    /// The lines in sight, and how many there are.
    private func linesText(of layout: PagerLayout, from top: Pager.Position) -> SafeText {
        let bottom = layout.position(top, movedBy: max(layout.size.rows - 1, 0))
        return "\(top.line + 1)-\(bottom.line + 1)/\(layout.lines.count)"
    }

    private func joined(_ spans: [Span]) -> StyledText {
        let separator = styled(appearance.glyphs.separator, .quiet)
        return StyledText(Array(spans.map { [$0] }.joined(separator: [separator])))
    }

    /// Spans with separators between them; nothing when they do not fit.
    private func joined(_ spans: [Span], width: Int) -> StyledText {
        let text = joined(spans)
        return text.width <= width ? text : StyledText([])
    }
}
