import Runs
import Screen

extension DashboardState {
    /// The screen, drawn from nothing: the same state is the same canvas, whatever was there before.
    func render() -> Canvas {
        var canvas = Canvas(size: size)
        guard size.rows >= ScreenLayout.smallest.rows, size.columns >= ScreenLayout.smallest.columns else {
            drawTooSmall(on: &canvas)
            return canvas
        }
        let layout = layout
        drawHeader(rows: layout.header, on: &canvas)
        drawBanner(rows: layout.banner, on: &canvas)
        switch inner.last {
        case nil: drawJobs(layout, on: &canvas)
        case .runs(let view): drawRuns(view, layout, on: &canvas)
        case .run(let view):
            let document = RunDocument(of: view, in: self)
            draw(document.lines, view.pager, rows: layout.body, on: &canvas)
        case .help(let view):
            draw(HelpDocument(of: view.context, in: self).lines, view.pager, rows: layout.body, on: &canvas)
        }
        drawFooter(row: layout.footer, on: &canvas)
        switch overlay {
        case .sortMenu(let picked): drawSortMenu(picked: picked, on: &canvas)
        case .command(let line): drawChoices(for: line, above: layout.footer, on: &canvas)
        case .filter(let line, _): drawPromptKeys("Enter applies", after: line, row: layout.footer, on: &canvas)
        case .search(let line): drawPromptKeys("Enter searches", after: line, row: layout.footer, on: &canvas)
        case .save(let line): drawPromptKeys("Enter saves", after: line, row: layout.footer, on: &canvas)
        case nil: break
        }
        return canvas
    }

    private func drawTooSmall(on canvas: inout Canvas) {
        let needed = ScreenLayout.smallest
        let text: SafeText =
            "Too small: \(size.columns)x\(size.rows). runtop needs \(needed.columns)x\(needed.rows)."
        for (row, line) in text.wrapped(to: max(size.columns, 1)).enumerated() {
            canvas.write(line, row: row, column: 0)
        }
    }

    private func drawJobs(_ layout: ScreenLayout, on canvas: inout Canvas) {
        let columns = TableLayout.place(jobColumns, in: 2..<size.columns)
        if let row = layout.titles {
            drawTitles(
                columns, sortedBy: jobs.order.key.rawValue, ascending: jobs.order.isAscending, row: row, on: &canvas)
        }
        if let message = emptyTableMessage {
            draw([DocumentLine(text: message, role: .quiet)], Pager(wraps: true), rows: layout.body, on: &canvas)
        }
        for (row, key) in zip(layout.body, jobs.rows.dropFirst(jobs.cursor.top)) {
            guard let entry = board[key] else { continue }
            drawRow(
                entry, columns: columns, isSelected: key == jobs.cursor.selection,
                isStale: entry.freshness.reason != nil, isLastSeen: showsLastSeen(entry), row: row, on: &canvas)
        }
    }

    /// Why the table is empty: not asked yet, a failure, no jobs, and no job that matches are different things.
    private var emptyTableMessage: SafeText? {
        guard jobs.rows.isEmpty else { return nil }
        if !board.isEmpty { return "  \(noMatchMessage)" }
        if poller.jobsListed != nil { return "  The service lists no jobs here, or none that --job-name matches." }
        if poller.trouble != nil {
            return "  No data yet: the service has not listed the jobs. See the error above."
        }
        return "  Asking the service for the jobs."
    }

    /// Whether the run that the job's row shows is no longer in the answers.
    private func showsLastSeen(_ entry: JobEntry) -> Bool {
        !entry.lastSeen.isEmpty && entry.leadingRun(at: now).map { entry.lastSeen.contains($0.id) } == true
    }

    private func drawRuns(_ view: RunsView, _ layout: ScreenLayout, on canvas: inout Canvas) {
        guard let entry = board[view.job] else {
            let gone = DocumentLine(text: "  The service no longer lists this job. Esc goes back.", role: .quiet)
            return draw([gone], Pager(wraps: true), rows: layout.body, on: &canvas)
        }
        let columns = TableLayout.place(runColumns(of: entry), in: 2..<size.columns)
        if let row = layout.titles {
            drawTitles(
                columns, sortedBy: view.order.key.rawValue, ascending: view.order.isAscending, row: row, on: &canvas)
        }
        var body = layout.body
        if size.rows >= 10 {
            drawRunsTitle(of: entry, view, row: body.lowerBound, on: &canvas)
            body = body.dropFirst()
        }
        if entry.runs.isEmpty {
            let none = statusCell(without: entry, width: size.columns - 2)
            canvas.write(none, row: body.lowerBound, column: 2, width: size.columns - 2)
        }
        let runs = Dictionary(entry.runs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (row, key) in zip(body, view.rows.dropFirst(view.cursor.top)) {
            guard let run = runs[key] else { continue }
            drawRow(
                run, columns: columns, isSelected: key == view.cursor.selection,
                isStale: entry.freshness.reason != nil, isLastSeen: entry.lastSeen.contains(key), row: row, on: &canvas)
        }
    }

    /// Draws the job's name, why it is late, and which of its runs is selected where not all are in sight.
    private func drawRunsTitle(of entry: JobEntry, _ view: RunsView, row: Int, on canvas: inout Canvas) {
        let width = size.columns - 3
        let isLong = view.rows.count > runsTableHeight
        let position: SafeText = isLong ? "  \(view.cursor.index + 1)/\(view.rows.count)" : ""
        canvas.write(
            StyledText(position, appearance.theme.style(.quiet)), row: row, column: 2, width: width,
            alignment: .trailing)
        let title = StyledText([
            styled(SafeText(entry.name), .title), styled(latenessText(of: entry).map { "  " + $0 } ?? "", .late),
        ])
        canvas.write(title, row: row, column: 2, width: width - position.width)
    }

    /// How the job is late, and after what time a run of it is.
    private func latenessText(of entry: JobEntry) -> SafeText? {
        guard let run = entry.lateRun(at: now), let lateness = entry.lateness(of: run, at: now) else { return nil }
        switch lateness {
        case .running:
            guard let limit = entry.usual?.lateAfter else { return nil }
            return "late: runs longer than \(TimeText.duration(limit))"
        case .waiting:
            return "late: waits longer than \(TimeText.duration(entry.waitLateAfter)) to start"
        }
    }

    /// Draws the rows of a text that are in sight, with the matches of its search.
    private func draw(_ lines: [DocumentLine], _ pager: Pager, rows: Range<Int>, on canvas: inout Canvas) {
        let theme = appearance.theme
        let size = Size(rows: rows.count, columns: size.columns)
        let layout = PagerLayout(lines, size: size, wraps: pager.wraps)
        for (row, visible) in zip(rows, layout.rows(from: pager.top, left: pager.left)) {
            let line = lines[visible.line]
            canvas.write(visible.text, row: row, column: 0, width: size.columns, style: theme.style(line.role))
            let window = visible.column..<visible.column + size.columns
            func restyle(_ columns: Range<Int>, _ style: @escaping (Style) -> Style) {
                let shown = columns.clamped(to: window)
                guard !shown.isEmpty else { return }
                canvas.restyle(
                    row: row, columns: shown.lowerBound - window.lowerBound..<shown.upperBound - window.lowerBound,
                    style)
            }
            restyle(0..<line.labelColumns) { _ in theme.style(.quiet) }
            guard !pager.needle.isEmpty else { continue }
            for columns in line.text.columnRanges(of: pager.needle, ignoringCase: pager.ignoresCase) {
                let isCurrent = pager.match == Pager.Match(line: visible.line, columns: columns)
                restyle(columns) { $0.overlaid(with: theme.style(isCurrent ? .currentMatch : .match)) }
            }
        }
    }
}

extension Style {
    /// This style with what another adds: its background, and its attributes.
    fileprivate func overlaid(with other: Style) -> Style {
        var style = self
        if other.background != .terminalDefault { style.background = other.background }
        style.attributes.formUnion(other.attributes)
        return style
    }
}
