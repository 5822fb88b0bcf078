import Screen

extension DashboardState {
    /// Draws what may be typed next after `:` over the rows above the prompt, as far as there is room.
    func drawChoices(for line: LineEditor, above footer: Int, on canvas: inout Canvas) {
        let choices = Command.completion(of: line.text, in: context).choices
        guard !choices.isEmpty else { return }
        let width = size.columns - 2
        let mostRows = min(max(layout.body.count / 3, 1), 4)
        var rows: [SafeText] = []
        for choice in choices {
            let choice = SafeText(choice)
            if let last = rows.last, last.width + choice.width + 2 <= width {
                rows[rows.count - 1] = last + "  " + choice
            } else {
                rows.append(choice)
            }
        }
        if rows.count > mostRows {
            rows = Array(rows.prefix(mostRows))
            rows[mostRows - 1] = (rows[mostRows - 1] + "  ...").truncated(to: width)
        }
        let style = appearance.theme.style(.key)
        for (row, text) in zip(footer - rows.count..<footer, rows) {
            canvas.fill(row: row, columns: 0..<size.columns, style: style)
            canvas.write(text, row: row, column: 1, width: width, style: style)
        }
    }

    /// Draws the keys of a prompt at the end of its row, where the line leaves room for them.
    func drawPromptKeys(_ enter: SafeText, after line: LineEditor, row: Int, on canvas: inout Canvas) {
        let keys = enter + "  Esc cancels  ^U clears" + (line.hasHistory ? "  ^P earlier" : "")
        let longestPrompt = 10
        guard longestPrompt + SafeText(line.text).width + keys.width < size.columns else { return }
        canvas.write(
            keys, row: row, column: size.columns - 1 - keys.width, style: appearance.theme.style(.quiet))
    }
}
