import Screen

/// The visible rows of a text, with the matches of its search.
struct TextPane {
    let text: Document
    let pager: Pager
    let theme: Theme

    func draw(in area: Rectangle, on canvas: inout Canvas) {
        let layout = PagerLayout(text, size: area.size, pager: pager)
        let marked = pager.marking.map { pager.markedLines($0, in: layout) }
        for (row, visible) in zip(area.rows, layout.rows(from: pager.top, left: pager.left)) {
            let line = layout.shown(visible.line)
            let (left, width) = (area.left + visible.gutter, area.size.columns - visible.gutter)
            canvas.write(visible.number, row: row, column: area.left, style: theme.style(.quiet))
            canvas.write(visible.text, row: row, column: left, width: width, style: theme.style(line.role))
            let window = visible.column..<visible.column + width
            func restyle(_ columns: Range<Int>, _ style: @escaping (Style) -> Style) {
                let shown = columns.clamped(to: window)
                guard !shown.isEmpty else { return }
                let start = left + shown.lowerBound - window.lowerBound
                canvas.restyle(row: row, columns: start..<start + shown.count, style)
            }
            restyle(0..<line.labelColumns) { _ in theme.style(.quiet) }
            for span in line.spans { restyle(span.columns) { $0.inRole(theme.style(span.role)) } }
            if marked?.contains(visible.line) == true {
                canvas.restyle(row: row, columns: area.columns) { theme.selected($0) }
            }
            guard let search = pager.search, visible.line < text.traceLines.upperBound,
                layout.closedFold(at: visible.line) == nil
            else { continue }
            for columns in search.pattern.ranges(in: line.text) {
                let isCurrent = pager.match == Pager.Match(line: visible.line, columns: columns)
                restyle(columns) { $0.overlaid(with: theme.style(isCurrent ? .currentMatch : .match)) }
            }
        }
    }
}

extension Style {
    /// Replaces the style, but keeps reverse, so that the escape of an unsafe character stays visible.
    fileprivate func inRole(_ style: Style) -> Style { attributes.contains(.reverse) ? style.reversed : style }

    /// Adds the background and the attributes of another style.
    fileprivate func overlaid(with other: Style) -> Style {
        var style = self
        if other.background != .terminalDefault { style.background = other.background }
        style.attributes.formUnion(other.attributes)
        return style
    }
}
