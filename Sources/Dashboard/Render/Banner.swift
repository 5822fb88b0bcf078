import AIDPClient
import Screen

extension DashboardState {
    /// What keeps the data from being fresh: what failed and why, what to do, and what a ticket needs.
    func bannerLines(width: Int) -> [SafeText] {
        guard let trouble = poller.trouble, width > 2 else { return [] }
        let error = trouble.error
        var what: SafeText = appearance.glyphs.warning + " " + SafeText(error.summary)
        if trouble.others > 0 { what += "  (and \(trouble.others) more)" }
        var todo = SafeText(error.advice)
        if let id = error.opcRequestID { todo += "  opc-request-id \(id)" }
        let failing: SafeText = "  failing for \(TimeText.age(of: trouble.since, at: now))"
        let lines = what.wrapped(to: width - 2) + (todo + failing).wrapped(to: width - 2)
        return lines.filter { !$0.isEmpty }
    }

    func drawBanner(rows: Range<Int>, on canvas: inout Canvas) {
        let style = appearance.theme.style(.banner)
        for (row, line) in zip(rows, bannerLines(width: size.columns)) {
            canvas.fill(row: row, columns: 0..<size.columns, style: style)
            canvas.write(line, row: row, column: 1, width: size.columns - 2, style: style)
        }
    }
}
