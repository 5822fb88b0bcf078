import Runs
import Screen

extension DashboardState {
    /// Which screen this is: what narrows and orders the table, whose runs these are, which part of which run.
    var whereaboutsText: StyledText {
        let spans =
            switch inner.last {
            case nil: tableSpans
            case .runs(let view): [orderSpan(view.order.key.title, isReversed: view.order.isReversed)]
            case .run(let view): runSpans(view)
            case .help(let view): [styled("help", .quiet), styled(helpPosition(view), .quiet)]
            }
        let separator = styled(appearance.glyphs.separator, .quiet)
        return StyledText(Array(spans.map { [$0] }.joined(separator: [separator])))
    }

    private typealias Span = (text: SafeText, style: Style)

    private var tableSpans: [Span] {
        var spans: [Span] = []
        if !jobs.filter.text.isEmpty { spans.append(styled("filter \(jobs.filter.text)", .notice)) }
        if jobs.filter.focus != .all { spans.append(styled("only \(jobs.filter.focus.rawValue)", .notice)) }
        if !jobs.filter.isEmpty { spans.append(styled("\(jobs.rows.count) shown", .quiet)) }
        spans.append(orderSpan(jobs.order.key.title, isReversed: jobs.order.isReversed))
        if let position { spans.append(styled(position, .quiet)) }
        return spans
    }

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

    private func runSpans(_ view: RunView) -> [Span] {
        let run = view.run
        let name = board[run.jobKey]?.name ?? run.jobName ?? run.jobKey.rawValue
        var label = appearance.glyphs.status(run.status) + " "
        label += SafeText(name).truncated(to: max(size.columns / 3, 12))
        if let moment = run.moment { label += " " + clock.short(moment, at: now) }
        return [
            styled(label, .status(run.status)),
            styled(linesText(of: layout(RunDocument(of: view, in: self), view.pager), from: view.pager.top), .quiet),
        ]
    }

    /// The lines in sight, and how many there are.
    private func linesText(of layout: PagerLayout, from top: Pager.Position) -> SafeText {
        let bottom = layout.position(top, movedBy: max(layout.size.rows - 1, 0))
        return "\(top.line + 1)-\(bottom.line + 1)/\(layout.lines.count)"
    }
}
