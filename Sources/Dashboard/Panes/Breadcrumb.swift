import Runs
import Screen

/// Which screen this is: what narrows and orders the table, which part of which run. The header ends with it.
enum Breadcrumb {
    /// The table of jobs, how many of them it shows, and which one is selected where not all are in sight.
    case jobs(JobFilter, JobOrder, shown: Int, position: SafeText?)
    case runs(RunOrder)
    /// A run, and its lines in sight.
    case run(name: SafeText, RunStatus, moment: SafeText?, lines: SafeText)
    case help(lines: SafeText)

    /// How many jobs a filter or a focus leaves; `nil` where none narrows the table.
    var shownCount: SafeText? {
        guard case .jobs(let filter, _, let shown, _) = self, !filter.isEmpty else { return nil }
        return "\(shown) shown"
    }

    /// As much of it as a space has room for: the filter or the job's name is shortened, and the order left out first.
    func text(width: Int, _ appearance: Appearance) -> StyledText {
        let spans =
            switch self {
            case .jobs(let filter, let order, _, let position):
                jobsSpans(filter, order, position, width: width, appearance)
            case .runs(let order): [order.span(appearance)]
            case .run(let name, let status, let moment, let lines):
                runSpans(name, status, moment, lines, width: width, appearance)
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
        let candidates = [focus + shown + [order.span(appearance)] + place, focus + shown + place, shown + place, shown]
        let typed = SafeText(filter.text)
        guard !typed.isEmpty else { return candidates.first { widthOf($0) <= width } ?? shown }
        let label: SafeText = "filter "
        let separator = appearance.glyphs.separator.width
        // The filter has what the others leave, but for a few columns the order gives way.
        let fewest = label.width + min(typed.width, 8) + separator
        let others = candidates.first { widthOf($0) + fewest <= width } ?? shown
        let room = width - widthOf(others) - separator - label.width
        guard room > 0 else { return others }
        return [appearance.styled(label + typed.truncated(to: room), .notice)] + others
    }

    private func runSpans(
        _ name: SafeText, _ status: RunStatus, _ moment: SafeText?, _ lines: SafeText, width: Int,
        _ appearance: Appearance
    ) -> [Span] {
        let glyph = appearance.glyphs.status(status) + " "
        let moment = moment.map { " " + $0 } ?? ""
        let lines = appearance.styled(lines, .quiet)
        let fixed = glyph.width + appearance.glyphs.separator.width + lines.text.width
        // The moment gives way before the name is shortened to nothing.
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
