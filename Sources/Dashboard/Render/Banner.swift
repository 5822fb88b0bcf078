import AIDPClient
import Screen

extension DashboardState {
    /// What keeps the data from being fresh: what failed and why in one line or two, what to do and what a ticket needs
    /// in as many as it takes. The narrowest screens have room for the status and the code alone.
    func bannerLines(width: Int) -> [SafeText] {
        guard width > 2 else { return [] }
        let mark = appearance.glyphs.warning + " "
        guard let trouble = poller.trouble else {
            guard let sessionTrouble else { return [] }
            let text = mark + "The session could not be prolonged: \(sessionTrouble)"
            return width < 40 ? [text] : text.wrapped(to: width - 2)
        }
        let error = trouble.error
        guard width >= 40 else {
            let words = [error.status.map(String.init), error.code ?? error.message].compactMap { $0 }
            return [mark + SafeText(words.isEmpty ? error.summary : words.joined(separator: " "))]
        }
        let others: SafeText = trouble.others > 0 ? "  (and \(trouble.others) more)" : ""
        let what = summaryLines(mark + SafeText(error.summary), width: width - 2 - others.width)
        var todo = error.advice.isEmpty ? "" : SafeText(error.advice) + "  "
        todo += "Failing for \(TimeText.age(of: trouble.since, at: now))."
        if let id = error.opcRequestID { todo += "  opc-request-id \(id)" }
        return what.dropLast() + [(what.last ?? "") + others] + todo.wrapped(to: width - 2)
    }

    /// What failed, in one line; in two where there are rows enough for them.
    private func summaryLines(_ text: SafeText, width: Int) -> [SafeText] {
        let lines = size.rows < 20 ? [text] : text.wrapped(to: width)
        guard let first = lines.first, lines.count > 1 else { return [text.truncated(to: width)] }
        return [first, lines[1...].reduce("", +).truncated(to: width)]
    }

    func drawBanner(rows: Range<Int>, on canvas: inout Canvas) {
        let style = appearance.theme.style(.banner)
        for (row, line) in zip(rows, bannerLines(width: size.columns)) {
            canvas.fill(row: row, columns: 0..<size.columns, style: style)
            canvas.write(line, row: row, column: 1, width: size.columns - 2, style: style)
        }
    }
}
