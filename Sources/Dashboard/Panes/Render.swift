import Foundation
import Polling
import Runs
import Screen

extension DashboardState {
    /// Draws the screen from scratch: the same state always gives the same canvas. Each pane draws a value into its part of
    /// the layout, and knows nothing else.
    func render() -> Canvas {
        var canvas = Canvas(size: size)
        guard size.rows >= ScreenLayout.smallest.rows, size.columns >= ScreenLayout.smallest.columns else {
            drawTooSmall(on: &canvas)
            return canvas
        }
        header.draw(in: layout.header, on: &canvas)
        banner.draw(in: layout.banner, theme: appearance.theme, on: &canvas)
        switch inner.last {
        case nil: drawJobs(on: &canvas)
        case .runs(let view): drawRuns(view, on: &canvas)
        case .job(let view): draw(view.page.document.text, view.pager, in: layout.text, on: &canvas)
        case .run(let view): draw(view.document.text, view.pager, in: layout.text, on: &canvas)
        case .tasks(let view): drawTasks(view, on: &canvas)
        case .output(let view): draw(view.document, view.pager, in: layout.text, on: &canvas)
        case .help(let view): draw(view.document.text, view.pager, in: layout.text, on: &canvas)
        case .causes(let view): drawCauses(view, cells, on: &canvas)
        case .journal(let view): draw(view.document, view.pager, in: layout.text, on: &canvas)
        case .command(let view): draw(view.document, view.pager, in: layout.text, on: &canvas)
        }
        footer.draw(in: layout.footer, on: &canvas)
        switch overlay {
        case .sortMenu(let picked):
            Menu(title: "sort by", choices: sortChoices, picked: picked, appearance: appearance)
                .draw(in: layout.screen, on: &canvas)
        case .copyMenu(let menu):
            let width = layout.screen.size.columns - 6
            Menu(title: "copy", choices: menu.rows(calls, width: width), picked: menu.picked, appearance: appearance)
                .draw(in: layout.screen, on: &canvas)
        case .command(let line):
            Choices(
                Command.completion(of: line.text, in: context, own: ownNames).choices,
                style: appearance.theme.style(.key)
            )
            .draw(in: layout.body(of: context), on: &canvas)
        case .action, .parameters: actionBox(in: layout.screen)?.draw(in: layout.screen, on: &canvas)
        case .filter, .search, .save, nil: break
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

    private func draw(_ text: Document, _ pager: Pager, in area: Rectangle, on canvas: inout Canvas) {
        TextPane(text: text, pager: pager, theme: appearance.theme).draw(in: area, on: &canvas)
    }

    // MARK: The header and the footer

    private var header: Header {
        Header(
            place: place, summary: summary, poller: poller, sessionEnds: sessionEnds, breadcrumb: breadcrumb,
            allowsActions: actions.isAllowed, marked: markedCount, appearance: appearance, clock: clock, now: now)
    }

    private var breadcrumb: Breadcrumb {
        switch inner.last {
        case nil:
            let isLong = jobs.rows.count > jobsTableHeight
            return .jobs(
                jobs.filter, jobs.order, shown: jobs.rows.count,
                position: isLong ? "\(jobs.cursor.index + 1)/\(jobs.rows.count)" : nil)
        case .runs(let view): return .runs(view.order)
        case .job(let view):
            let lines = view.pager.linesInSight(of: view.page.document.text.count)
            return .job(name: SafeText(view.page.entry.name), lines: lines)
        case .run(let view):
            let run = view.run
            return .run(
                name: SafeText(board[run.job]?.name ?? run.jobName ?? run.job.key), run.status,
                moment: run.moment.map { clock.short($0, at: now) },
                lines: linesInSight(of: view.document.text, view.pager))
        case .tasks(let view):
            let isLong = view.rows.count > layout.jobRows.size.rows
            return .tasks(
                run: SafeText(view.run.key), position: isLong ? "\(view.cursor.index + 1)/\(view.rows.count)" : nil)
        case .output(let view):
            let attempt = view.tryTitle.map { $0 + appearance.glyphs.separator } ?? ""
            return .run(
                name: TaskTree.name(of: view.task), view.shownTask.status,
                moment: view.shownTask.started.map { clock.short($0, at: now) },
                lines: attempt + linesInSight(of: view.document, view.pager))
        case .help(let view): return .help(lines: view.pager.linesInSight(of: view.document.text.count))
        case .causes(let view):
            return .causes(view.order, filter: SafeText(view.filter), shown: view.rows.count)
        case .journal(let view): return .journal(lines: view.pager.linesInSight(of: view.document.count))
        case .command(let view):
            return .command(
                name: SafeText(view.call.name), lines: linesInSight(of: view.document, view.pager))
        }
    }

    private var footer: Footer { Footer(content: footerContent, appearance: appearance) }

    private var footerContent: Footer.Content {
        switch overlay {
        case .filter(let line, _): return .prompt("/", line, enter: "Enter applies")
        case .search(let line):
            return .prompt("search /", line, enter: "Enter searches", mistake: SearchPattern.mistake(in: line.text))
        case .command(let line): return .prompt(":", line, enter: nil)
        case .save(let line): return .prompt("save to: ", line, enter: "Enter saves")
        case .sortMenu, .copyMenu, .action, .parameters, nil: break
        }
        if let notice { return .notice(notice) }
        if shownPager?.marking != nil { return .keys(markingHints) }
        // Help comes first, because it explains the others.
        let intents = [.help] + Keymap.intents(in: context).filter { $0 != .help }
        return .keys(
            intents.compactMap { intent in
                if intent.changesRuns, !actions.isAllowed { return nil }
                guard let word = intent.info.footer, let key = keymap.keys(for: intent).first else { return nil }
                let isResume = intent == .pause && poller.isPaused
                return Footer.Hint(key: SafeText(key.name), word: isResume ? "resume" : SafeText(word))
            })
    }

    /// The visible lines, after the number of the current match or of the marked lines.
    private func linesInSight(of text: Document, _ pager: Pager) -> SafeText {
        let lines = pager.linesInSight(of: text.count)
        if let marking = pager.marking {
            let layout = PagerLayout(text, size: layout.text.size, pager: pager)
            return "\(pager.markedLines(marking, in: layout).count) marked" + appearance.glyphs.separator + lines
        }
        guard let search = pager.search else { return lines }
        return "match " + search.position(of: pager.match, in: text) + appearance.glyphs.separator + lines
    }

    /// The keys of the marking mode.
    private var markingHints: [Footer.Hint] {
        let words: [(Intent, SafeText)] = [
            (.down, "more"), (.up, "less"), (.copy, "copy"), (.save, "save"), (.pager, "pager"), (.editor, "editor"),
            (.back, "end marking"),
        ]
        return words.compactMap { intent, word in
            keymap.keys(for: intent).first.map { Footer.Hint(key: SafeText($0.name), word: word) }
        }
    }

    // MARK: The tables

    private var cells: Cells {
        Cells(appearance: appearance, clock: clock, now: now, actions: actions, recurrences: recurrences)
    }

    var jobColumns: [Column<JobEntry, JobSortKey>] {
        cells.jobColumns(jobs.measures, width: size.columns, interval: poller.interval.duration)
    }

    private func drawJobs(on canvas: inout Canvas) {
        let area = layout.jobRows
        let rows = jobs.rows.dropFirst(jobs.cursor.top).prefix(area.size.rows).compactMap { board[$0] }
        Table(columns: jobColumns, order: jobs.order, appearance: appearance)
            .draw(
                rows.map { entry in
                    TableRow(
                        value: entry, isSelected: entry.id == jobs.cursor.selection,
                        isStale: !entry.freshness.isCurrent, isLastSeen: entry.showsLastSeen(at: now),
                        isMarked: actions.marked.contains(entry.id))
                }, in: area, titles: layout.titles, on: &canvas)
        if let message = emptyTableMessage { draw(message: message, in: area, on: &canvas) }
    }

    private func drawRuns(_ view: RunsView, on canvas: inout Canvas) {
        if let area = layout.jobPage { draw(view.page, in: area, on: &canvas) }
        guard let entry = board[view.job] else {
            return draw(
                message: "The service no longer lists this job. Esc goes back.", in: layout.runRows, on: &canvas)
        }
        let area = layout.runRows
        if let title = layout.runTitle {
            let isLong = view.rows.count > runsTableHeight
            RunTitle(
                name: SafeText(entry.name), lateness: entry.latenessText(at: now),
                position: isLong ? "\(view.cursor.index + 1)/\(view.rows.count)" : nil, appearance: appearance
            ).draw(in: title, on: &canvas)
        }
        let runs = Dictionary(entry.runs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = view.rows.dropFirst(view.cursor.top).prefix(area.size.rows).compactMap { runs[$0] }
        Table(columns: cells.runColumns(of: entry), order: view.order, appearance: appearance)
            .draw(
                rows.map { run in
                    TableRow(
                        value: run, isSelected: run.id == view.cursor.selection,
                        isStale: !entry.freshness.isCurrent, isLastSeen: entry.lastSeen.contains(run.id),
                        isMarked: view.marked.contains(run.id))
                }, in: area, titles: layout.runTitles, on: &canvas)
        if entry.runs.isEmpty {
            let field = area.inset(left: 2)
            canvas.write(
                cells.statusCell(without: entry, width: field.size.columns), row: field.top, column: field.left,
                width: field.size.columns)
        }
    }

    private func drawTasks(_ view: TasksView, on canvas: inout Canvas) {
        let area = layout.jobRows
        if let tree = view.tree {
            let nameWidth = view.rows.map(\.nameWidth).max() ?? 0
            let shown = view.rows.dropFirst(view.cursor.top).prefix(area.size.rows)
            Table(
                columns: cells.taskColumns(tree, nameWidth: max(min(nameWidth, 60), 10), at: tasksMoment),
                order: Order(TaskSortKey.dependency), appearance: appearance
            ).draw(
                shown.map { row in
                    TableRow(
                        value: row, isSelected: row.id == view.cursor.selection, isStale: false, isLastSeen: false,
                        isMarked: row.taskKey.map { view.marked.contains($0) } ?? false)
                }, in: area, titles: layout.titles, on: &canvas)
        }
        guard let message = tasksMessage else { return }
        let below = Rectangle(
            rows: min(area.rows.lowerBound + view.rows.count, area.rows.upperBound)..<area.rows.upperBound,
            columns: area.columns)
        draw(message: message, in: below, on: &canvas)
    }

    /// Draws the page of a job next to its runs, as much as fits: a key opens the whole page.
    private func draw(_ page: JobPage, in area: Rectangle, on canvas: inout Canvas) {
        let line = appearance.styled(appearance.glyphs.box.vertical, .frame)
        for row in area.rows {
            canvas.write(line.text, row: row, column: area.left - 2, style: line.style)
        }
        draw(page.document.text, Pager(), in: area, on: &canvas)
    }

    private func draw(message: SafeText, in area: Rectangle, on canvas: inout Canvas) {
        let text = Document([DocumentLine(text: "  " + message, role: .quiet)])
        draw(text, Pager(wraps: true), in: area, on: &canvas)
    }

    /// Why the table is empty: not requested yet, a failure, no jobs, or no job that matches.
    private var emptyTableMessage: SafeText? {
        guard jobs.rows.isEmpty else { return nil }
        if !board.isEmpty { return noMatchMessage }
        if poller.jobsListed != nil { return "The service lists no jobs here, or none that --job-name matches." }
        if poller.outage != nil { return "No data yet: the service has not listed the jobs. See the error above." }
        return "Asking the service for the jobs."
    }
}

extension JobEntry {
    /// Whether the run in the job's row is no longer in the answers.
    fileprivate func showsLastSeen(at now: Date) -> Bool {
        !lastSeen.isEmpty && leadingRun(at: now).map { lastSeen.contains($0.id) } == true
    }

    /// Why the job is late.
    fileprivate func latenessText(at now: Date) -> SafeText? {
        assessment(at: now).verdicts.first { $0.kind.isLate }.map { "late: \($0.reason)" }
    }
}
