import Screen

extension DashboardState {
    /// Draws the last line: what is being typed, a message to the operator, or the keys that work here.
    func drawFooter(row: Int, on canvas: inout Canvas) {
        let theme = appearance.theme
        if let (prompt, line) = prompt {
            canvas.write(prompt, row: row, column: 0, style: theme.style(.prompt))
            let room = max(size.columns - prompt.width - 1, 1)
            let hidden = max(line.beforeCursor.width - room, 0)
            canvas.write(SafeText(line.text).dropping(columns: hidden), row: row, column: prompt.width)
            canvas.cursor = Position(row: row, column: prompt.width + line.beforeCursor.width - hidden)
        } else if let notice {
            let style = theme.style(notice.isWarning ? .late : .notice)
            canvas.write(notice.text.truncated(to: size.columns - 2), row: row, column: 1, style: style)
        } else {
            drawHints(row: row, on: &canvas)
        }
    }

    private var prompt: (SafeText, LineEditor)? {
        switch overlay {
        case .filter(let line, _): ("/", line)
        case .search(let line): ("search /", line)
        case .command(let line): (":", line)
        case .save(let line): ("save to: ", line)
        case .sortMenu, nil: nil
        }
    }

    /// The keys, as many as there is room for; help comes first.
    private func drawHints(row: Int, on canvas: inout Canvas) {
        var column = 1
        for intent in [.help] + Keymap.intents(in: context).filter({ $0 != .help }) {
            guard let name = footerWord(of: intent), let key = keymap.keys(for: intent).first else { continue }
            let keyName = SafeText(key.name)
            let word = " " + SafeText(name)
            guard column + keyName.width + word.width < size.columns else { continue }
            canvas.write(keyName, row: row, column: column, style: appearance.theme.style(.key))
            canvas.write(word, row: row, column: column + keyName.width, style: appearance.theme.style(.quiet))
            column += keyName.width + word.width + 2
        }
    }

    private func footerWord(of intent: Intent) -> String? {
        intent == .pause && poller.isPaused ? "resume" : intent.shortName
    }
}
