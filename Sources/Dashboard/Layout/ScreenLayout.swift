import Foundation
import Polling
import Runs
import Screen

/// The parts of the screen, at every size.
///
/// ```
/// +-----------------------+-----------------------+-----------------------+
/// | header: 1 row, or 2 where there are 10                                |
/// | banner: 0 to 6 rows                                                   |
/// +---- the jobs ---------+---- a job's runs -----+---- a run, a job, ----+
/// | titles: 1 row from 8  | titles    | jobPage:  |      the help         |
/// | jobRows               | runTitle  | from 150  | text                  |
/// |                       | runRows   | columns   |                       |
/// +-----------------------+-----------------------+-----------------------+
/// | footer: 1 row                                                         |
/// +-----------------------------------------------------------------------+
/// ```
struct ScreenLayout: Equatable {
    /// On a smaller screen the dashboard shows only a message.
    static let smallest = Size(rows: 5, columns: 20)

    let screen: Rectangle
    let header: Rectangle
    let banner: Rectangle
    /// The column titles of a table.
    let titles: Rectangle?
    let jobRows: Rectangle
    /// The titles of the table of runs.
    let runTitles: Rectangle?
    /// The name of the job whose runs are shown, on screens of at least 10 rows.
    let runTitle: Rectangle?
    let runRows: Rectangle
    /// The job page next to its runs.
    let jobPage: Rectangle?
    /// A text to read.
    let text: Rectangle
    let footer: Rectangle

    /// The smallest width at which a job's page is shown next to its runs.
    static let columnsForPage = 150

    /// The most rows of a banner: with 24 rows, the screen shows a whole error and a dozen rows of the table.
    static func mostBannerRows(in size: Size) -> Int {
        switch size.rows {
        case ..<10: 1
        case ..<16: 2
        case ..<20: 4
        default: 6
        }
    }

    /// Lays out a screen; `bannerRows` is the number of rows that the banner needs.
    init(size: Size, bannerRows: Int) {
        let columns = 0..<max(size.columns, 0)
        func part(_ rows: Range<Int>) -> Rectangle { Rectangle(rows: rows, columns: columns) }
        let headerRows = size.rows >= 10 ? 2 : 1
        let bannerEnd = headerRows + min(bannerRows, Self.mostBannerRows(in: size))
        let footerRow = size.rows - 1
        let tableStart = size.rows >= 8 ? bannerEnd + 1 : bannerEnd
        let table = min(tableStart, footerRow)..<footerRow
        screen = part(0..<max(size.rows, 0))
        header = part(0..<headerRows)
        banner = part(headerRows..<bannerEnd)
        titles = size.rows >= 8 ? part(bannerEnd..<bannerEnd + 1) : nil
        jobRows = part(table)
        let hasPage = size.columns >= Self.columnsForPage && size.rows >= 20
        let pageStart = hasPage ? size.columns - min(size.columns * 45 / 100, 92) : columns.upperBound
        func runPart(_ rows: Range<Int>) -> Rectangle {
            Rectangle(rows: rows, columns: hasPage ? 0..<pageStart - 3 : columns)
        }
        runTitles = size.rows >= 8 ? runPart(bannerEnd..<bannerEnd + 1) : nil
        runTitle = size.rows >= 10 ? runPart(table.prefix(1)) : nil
        runRows = runPart(size.rows >= 10 ? table.dropFirst() : table)
        jobPage =
            hasPage
            ? Rectangle(rows: min(bannerEnd, footerRow)..<footerRow, columns: pageStart..<columns.upperBound) : nil
        text = part(min(bannerEnd, footerRow)..<footerRow)
        footer = part(footerRow..<footerRow + 1)
    }

    /// The part of a screen between the banner and the footer, without the titles of its table.
    func body(of context: KeyContext) -> Rectangle {
        switch context {
        case .jobs, .runs, .tasks, .causes: jobRows
        case .job, .run, .output, .help, .journal, .command: text
        }
    }
}

extension DashboardState {
    /// The number of rows of the table of jobs, which is the size of a page.
    var jobsTableHeight: Int { layout.jobRows.size.rows }

    /// The number of rows of the table of a job's runs.
    var runsTableHeight: Int { max(layout.runRows.size.rows, 1) }

    /// Prepares everything for drawing: the rows of the tables, the selections, the banner, the layout, and the text of the
    /// visible screen. Drawing only reads.
    ///
    /// This runs once per frame or key, not once per answer, because it may sort thousands of jobs.
    mutating func arrange(keepsOrder: Bool = false) {
        guard !isArranged else { return }
        // Without rows, there is no order to keep.
        let takesChanges = boardHasChanged && (!keepsOrder || jobs.sorted?.entries.isEmpty != false)
        if takesChanges {
            measureColumns()
            summary = BoardSummary(of: board, at: now)
        }
        if needsSorting || takesChanges {
            sortJobs(takesChanges: takesChanges)
            sortRuns()
            arrangeCauses(boardHasChanged: takesChanges)
            arrangementHolds = nextArrangement()
            needsSorting = false
            dropStaleMarks()
        }
        if takesChanges { boardHasChanged = false }
        banner = Banner(
            of: poller, sessionProblem: sessionProblem,
            notes: [historyProblem].compactMap(\.self) + actions.openOutcomes, size: size,
            glyphs: appearance.glyphs, at: now)
        layout = ScreenLayout(size: size, bannerRows: banner.lines.count)
        jobs.cursor.scroll(height: jobsTableHeight, count: jobs.rows.count)
        let runsHeight = runsTableHeight
        shownRuns?.scroll(height: runsHeight)
        arrangeCausesInSight()
        arrangeText()
        isArranged = !boardHasChanged
    }

    /// The next time at which the order of the rows, a count, or whether ages are shown changes without new data.
    private func nextArrangement() -> Date {
        let ordersChange =
            jobs.order.key.changesWithTime && summary.counts.active > 0
            || inner.contains { $0.runs?.order.key.changesWithTime == true }
        if ordersChange { return now }
        let patience = poller.interval.duration * 3 / .seconds(1)
        let ages = jobs.measures.showsAge ? nil : summary.oldestAnswer?.addingTimeInterval(patience)
        return min(summary.holdsUntil, ages ?? .distantFuture)
    }

    /// Sorts all jobs, but only if their order may have changed; then filters them.
    private mutating func sortJobs(takesChanges: Bool) {
        if takesChanges || jobs.sorted?.order.key != jobs.order.key {
            jobs.sorted = SortedJobs(board, by: jobs.order, after: jobs.sorted, at: now)
        } else if let sorted = jobs.sorted, sorted.order != jobs.order {
            jobs.sorted = sorted.reversed()
        }
        let shown = jobs.filter.shown(of: jobs.sorted?.entries ?? [], at: now) { $0.statusTexts(of: $1) }
        jobs.rows = shown.map(\.id)
        if jobs.isSettled {
            jobs.cursor.follow(jobs.rows)
        } else {
            jobs.cursor.select(0, of: jobs.rows)
        }
    }

    private mutating func sortRuns() {
        for depth in inner.indices {
            guard var view = inner[depth].runs else { continue }
            view.rows = view.order.sorted(board[view.job]?.runs ?? [], at: now).map(\.id)
            view.cursor.follow(view.rows)
            inner[depth].runs = view
        }
    }

    /// Measures what the widths of the columns depend on, for all jobs, so that a filter does not move columns.
    private mutating func measureColumns() {
        jobs.measures = JobMeasures(longestHistory: board.longestHistory)
        for entry in board.entries.values {
            jobs.measures.showsAge =
                jobs.measures.showsAge || entry.showsAge(at: now, interval: poller.interval.duration)
            jobs.measures.showsCause = jobs.measures.showsCause || entry.currentCause != nil
            // A name is at most as wide as its number of bytes, so only few names need measuring.
            guard jobs.measures.longestName < JobMeasures.widestName, entry.name.utf8.count > jobs.measures.longestName
            else { continue }
            jobs.measures.longestName = max(jobs.measures.longestName, SafeText(entry.name).width)
        }
    }

    /// The page of a job, updated from the board.
    private func updated(_ page: JobPage) -> JobPage {
        var page = page
        page.update(with: board[page.job], clock: clock)
        return page
    }

    private func document(of page: JobPage, size: Size) -> JobDocument {
        JobDocument(
            of: page, isListed: board[page.job] != nil, size: size, glyphs: appearance.glyphs, clock: clock, at: now)
    }

    /// Creates the text of the visible screen. For a run, only the lines above the trace are created again, because they
    /// contain ages; the help only after a change of width.
    private mutating func arrangeText() {
        let size = layout.text.size
        if let view = shownRun {
            let recurrence = board[view.run.job].flatMap { signatures.recurrence(of: view.run, in: $0) }
            let document = RunDocument(
                of: view, entry: board[view.run.job], nodes: graphs[view.run.job] ?? [], recurrence: recurrence,
                width: size.columns,
                glyphs: appearance.glyphs, clock: clock, at: now)
            shownRun?.show(document, in: size)
        } else if shownTasks != nil {
            arrangeTasks()
        } else if let view = shownOutput {
            let writer = OutputWriter(view: view, glyphs: appearance.glyphs, clock: clock, now: now)
            shownOutput?.show(writer.document, in: size)
        } else if let view = shownJob {
            let page = updated(view.page)
            let document = document(of: page, size: size)
            shownJob?.page = page
            shownJob?.show(document, in: size)
        } else if let area = layout.jobPage, let view = shownRuns {
            var page = updated(view.page)
            page.document = document(of: page, size: area.size)
            shownRuns?.page = page
        } else if shownJournal != nil {
            let (clock, now) = (clock, now)
            shownJournal?.show(in: size, clock: clock, at: now)
        } else if shownCommand != nil {
            let (glyphs, now) = (appearance.glyphs, now)
            shownCommand?.show(in: size, glyphs: glyphs, at: now)
        } else if let view = shownHelp {
            let document =
                view.document.width == size.columns
                ? view.document
                : HelpDocument(
                    of: view.context, keymap: keymap, own: ownCommands(in: view.context), appearance: appearance,
                    width: size.columns)
            shownHelp?.show(document, in: size)
        }
        if shownPager?.search != nil, let document = shownDocument { shownPager?.search?.follow(document) }
    }
}
