import Runs
import Screen

extension DashboardState {
    /// A line between the header and the body, and what it is: an error, or a note of lower rank.
    struct BannerLine: Equatable {
        var text: SafeText
        var role: Role
    }

    /// Why the data is not up to date, and what an operator should know of the newest cycle besides.
    ///
    /// An error has as many lines as it takes, within the room there is; the notes have two, or the last one of a banner
    /// that is full. The narrowest screens have one line: the error, or else the first note.
    func bannerLines(width: Int) -> [BannerLine] {
        guard width > 2 else { return [] }
        let most = ScreenLayout.mostBannerRows(in: size)
        let errors = errorLines(width: width).map { BannerLine(text: $0, role: .banner) }
        let notes = noteLines(width: width).map { BannerLine(text: $0, role: .late) }
        let kept = notes.isEmpty || most < 4 ? most : most - 1
        return Array((errors.prefix(kept) + notes).prefix(most))
    }

    /// What failed and why in one line or two, then what a ticket needs, since when, and what to do.
    private func errorLines(width: Int) -> [SafeText] {
        let mark = appearance.glyphs.warning + " "
        guard let trouble = poller.trouble else {
            guard let sessionTrouble else { return [] }
            let text = mark + "The session could not be refreshed: \(sessionTrouble)"
            return width < 40 ? [text] : text.wrapped(to: width - 2)
        }
        let error = trouble.error
        guard width >= 40 else {
            return [mark + SafeText(error.short)]
        }
        let others: SafeText = trouble.others > 0 ? "  (and \(trouble.others) more)" : ""
        var what = summaryLines(mark + SafeText(error.summary), width: width - 2 - others.width)
        var age: SafeText = "Failing for \(TimeText.age(of: trouble.since, at: now))."
        if poller.listTrouble != nil, let listed = poller.jobsListed {
            age += "  The list of jobs is \(TimeText.age(of: listed, at: now)) old."
        }
        let advice = SafeText(error.advice)
        var details: [SafeText] = [advice.isEmpty ? age : advice + "  " + age]
        if let id = error.opcRequestID {
            // The advice comes last: it is the same for every error of its kind, and the id stands nowhere else.
            details = ["opc-request-id \(id)  " + age] + (advice.isEmpty ? [] : [advice])
        }
        what[what.count - 1] += others
        return what + details.flatMap { $0.wrapped(to: width - 2) }
    }

    /// What failed, in one line; in two where there are rows enough for them.
    private func summaryLines(_ text: SafeText, width: Int) -> [SafeText] {
        let lines = size.rows < 20 ? [text] : text.wrapped(to: width)
        guard let first = lines.first, lines.count > 1 else { return [text.truncated(to: width)] }
        return [first, lines[1...].reduce("", +).truncated(to: width)]
    }

    private func noteLines(width: Int) -> [SafeText] {
        let notes = poller.notes
        guard !notes.isEmpty else { return [] }
        let text = "! " + notes.dropFirst().reduce(notes[0]) { $0 + "; " + $1 }
        let lines = width < 40 ? [text] : text.wrapped(to: width - 2)
        guard lines.count > 2 else { return lines }
        return [lines[0], lines[1...].reduce("", +).truncated(to: width - 2)]
    }

    func drawBanner(rows: Range<Int>, on canvas: inout Canvas) {
        for (row, line) in zip(rows, bannerLines(width: size.columns)) {
            let style = appearance.theme.style(line.role)
            if line.role == .banner { canvas.fill(row: row, columns: 0..<size.columns, style: style) }
            canvas.write(line.text, row: row, column: 1, width: size.columns - 2, style: style)
        }
    }
}
