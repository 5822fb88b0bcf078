import Screen

/// The last line: the input, a message, or the keys of the screen.
struct Footer {
    enum Content {
        /// An input line after its label. `enter` is the effect of Enter, shown with the keys of the prompt. `mistake` is
        /// shown in their place: why the line is invalid.
        case prompt(SafeText, LineEditor, enter: SafeText?, mistake: SafeText? = nil)
        case notice(Notice)
        case keys([Hint])
    }

    struct Hint {
        let key: SafeText
        let word: SafeText
    }

    let content: Content
    let appearance: Appearance

    func draw(in area: Rectangle, on canvas: inout Canvas) {
        switch content {
        case .prompt(let label, let line, let enter, let mistake):
            draw(line, after: label, in: area, on: &canvas)
            if let mistake {
                draw(mistake, after: label.width + SafeText(line.text).width, in: area, on: &canvas)
            } else if let enter {
                drawKeys(enter, of: line, in: area, on: &canvas)
            }
        case .notice(let notice):
            draw(notice, in: area, on: &canvas)
        case .keys(let hints):
            draw(hints, in: area.inset(by: 1), on: &canvas)
        }
    }

    /// Draws a message. A long one also takes the last rows of the body, two at most: it ends with what to do.
    private func draw(_ notice: Notice, in area: Rectangle, on canvas: inout Canvas) {
        let field = area.inset(by: 1)
        let most = area.top >= 9 ? 3 : 1
        var lines = notice.text.wrappedAtSpaces(to: max(field.size.columns, 1))
        if lines.count > most {
            let rest = lines[(most - 1)...].joined(separator: " ")
            lines = lines.prefix(most - 1) + [rest.truncated(to: field.size.columns)]
        }
        let style = appearance.theme.style(notice.isWarning ? .late : .notice)
        for (row, line) in zip(area.top - lines.count + 1...area.top, lines) {
            canvas.fill(row: row, columns: area.columns, style: appearance.theme.style(.text))
            canvas.write(line, row: row, column: field.left, width: field.size.columns, style: style)
        }
    }

    private func draw(_ line: LineEditor, after label: SafeText, in area: Rectangle, on canvas: inout Canvas) {
        canvas.write(label, row: area.top, column: area.left, style: appearance.theme.style(.prompt))
        let field = area.inset(left: label.width)
        let hidden = max(line.beforeCursor.width - max(field.size.columns - 1, 1), 0)
        canvas.write(SafeText(line.text).dropping(columns: hidden), row: field.top, column: field.left)
        canvas.cursor = Position(row: field.top, column: field.left + line.beforeCursor.width - hidden)
    }

    /// Draws why a line is invalid at the end of its row, as much as fits.
    private func draw(_ mistake: SafeText, after columns: Int, in area: Rectangle, on canvas: inout Canvas) {
        let room = area.size.columns - columns - 4
        guard room > 8 else { return }
        let text = mistake.truncated(to: room)
        canvas.write(
            text, row: area.top, column: area.inset(by: 1).columns.upperBound - text.width,
            style: appearance.theme.style(.late))
    }

    /// Draws the keys of a prompt at the end of its row, if they fit.
    private func drawKeys(_ enter: SafeText, of line: LineEditor, in area: Rectangle, on canvas: inout Canvas) {
        let keys = enter + "  Esc cancels  ^U clears" + (line.hasHistory ? "  ^P earlier" : "")
        let longestLabel = 10
        guard longestLabel + SafeText(line.text).width + keys.width < area.size.columns else { return }
        let column = area.inset(by: 1).columns.upperBound - keys.width
        canvas.write(keys, row: area.top, column: column, style: appearance.theme.style(.quiet))
    }

    /// Draws as many keys as fit.
    private func draw(_ hints: [Hint], in area: Rectangle, on canvas: inout Canvas) {
        var column = area.left
        for hint in hints {
            let word = " " + hint.word
            guard column + hint.key.width + word.width <= area.columns.upperBound else { continue }
            canvas.write(hint.key, row: area.top, column: column, style: appearance.theme.style(.key))
            canvas.write(
                word, row: area.top, column: column + hint.key.width, style: appearance.theme.style(.quiet))
            column += hint.key.width + word.width + 2
        }
    }
}

/// The completions of the input after `:`, above the prompt, as many as fit.
struct Choices {
    let choices: [SafeText]
    let style: Style

    init(_ choices: [String], style: Style) {
        self.choices = choices.map { SafeText($0) }
        self.style = style
    }

    /// Draws over the last rows of the body: at most a third of it, and at most four rows.
    func draw(in area: Rectangle, on canvas: inout Canvas) {
        let field = area.inset(by: 1)
        let width = field.size.columns
        let most = min(max(area.size.rows / 3, 1), 4)
        var rows: [SafeText] = []
        for choice in choices {
            if let last = rows.last, last.width + choice.width + 2 <= width {
                rows[rows.count - 1] = last + "  " + choice
            } else {
                rows.append(choice)
            }
        }
        if rows.count > most {
            rows = Array(rows.prefix(most))
            let more: SafeText = "  ..."
            rows[most - 1] = rows[most - 1].truncated(to: width - more.width) + more
        }
        let end = area.rows.upperBound
        for (row, text) in zip(end - rows.count..<end, rows) {
            canvas.fill(row: row, columns: area.columns, style: style)
            canvas.write(text, row: row, column: field.left, width: width, style: style)
        }
    }
}

/// A box in the middle of the screen with lines to choose from.
struct Menu {
    let title: SafeText
    let choices: [SafeText]
    let picked: Int
    let appearance: Appearance

    func draw(in area: Rectangle, on canvas: inout Canvas) {
        let theme = appearance.theme
        let box = appearance.glyphs.box
        let frame = theme.style(.frame)
        let width = max(choices.map(\.width).max() ?? 0, 8) + 4
        let height = min(choices.count + 2, area.size.rows)
        let top = area.top + (area.size.rows - height) / 2
        let left = area.left + max((area.size.columns - width) / 2, 0)
        let first = max(picked - (height - 3), 0)
        let side = Array(repeating: box.horizontal, count: width - 2).joined()
        canvas.write(box.corners[0] + side + box.corners[1], row: top, column: left, style: frame)
        canvas.write(" \(title) ", row: top, column: left + 1, width: width - 2, style: theme.style(.title))
        canvas.write(box.corners[3] + side + box.corners[2], row: top + height - 1, column: left, style: frame)
        for (row, index) in zip(top + 1..<max(top + height - 1, top + 1), first..<choices.count) {
            let style = index == picked ? theme.selected(theme.style(.title)) : theme.style(.text)
            canvas.write(box.vertical, row: row, column: left, style: frame)
            canvas.write(box.vertical, row: row, column: left + width - 1, style: frame)
            canvas.fill(row: row, columns: left + 1..<left + width - 1, style: style)
            let mark = index == picked ? appearance.glyphs.selected + " " : "  "
            canvas.write(mark + choices[index], row: row, column: left + 1, width: width - 2, style: style)
        }
    }
}
