import Screen

/// The rows of a text that are in sight, with the matches of its search.
struct TextPane {
    let text: Document
    let pager: Pager
    let theme: Theme

    func draw(in area: Rectangle, on canvas: inout Canvas) {
        let layout = PagerLayout(text, size: area.size, wraps: pager.wraps)
        for (row, visible) in zip(area.rows, layout.rows(from: pager.top, left: pager.left)) {
            let line = text[visible.line]
            canvas.write(
                visible.text, row: row, column: area.left, width: area.size.columns, style: theme.style(line.role))
            let window = visible.column..<visible.column + area.size.columns
            func restyle(_ columns: Range<Int>, _ style: @escaping (Style) -> Style) {
                let shown = columns.clamped(to: window)
                guard !shown.isEmpty else { return }
                let start = area.left + shown.lowerBound - window.lowerBound
                canvas.restyle(row: row, columns: start..<start + shown.count, style)
            }
            restyle(0..<line.labelColumns) { _ in theme.style(.quiet) }
            for span in line.spans { restyle(span.columns) { $0.inRole(theme.style(span.role)) } }
            guard !pager.needle.isEmpty else { continue }
            for columns in line.text.columnRanges(of: pager.needle, ignoringCase: pager.ignoresCase) {
                let isCurrent = pager.match == Pager.Match(line: visible.line, columns: columns)
                restyle(columns) { $0.overlaid(with: theme.style(isCurrent ? .currentMatch : .match)) }
            }
        }
    }
}

extension Style {
    /// Another style, reversed where this one is: the escape of an unsafe character stays visible.
    fileprivate func inRole(_ style: Style) -> Style { attributes.contains(.reverse) ? style.reversed : style }

    /// This style with what another adds: its background, and its attributes.
    fileprivate func overlaid(with other: Style) -> Style {
        var style = self
        if other.background != .terminalDefault { style.background = other.background }
        style.attributes.formUnion(other.attributes)
        return style
    }
}
