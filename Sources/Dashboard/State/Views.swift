import Foundation
import Runs
import Screen

/// The first screen: one row per job.
struct JobsView: Hashable, Sendable {
    var cursor = TableCursor<JobID>()
    var order = JobOrder(.risk)
    var filter = JobFilter()
    /// All jobs in order; `nil` before they are sorted.
    var sorted: SortedJobs?
    /// The jobs that match the filter, in order.
    var rows: [JobID] = []
    /// Whether the user has selected a row, which the selection then follows. Until then, and again after going to the top,
    /// the first row is selected, because it is the worst.
    var isSettled = false
    /// The facts on which the column widths depend.
    var measures = JobMeasures()
    /// The table of causes from which the jobs of one cause were opened.
    var openedFrom: CausesReturn?
}

/// All jobs of the board in an order, at a time.
struct SortedJobs: Hashable, Sendable {
    private(set) var order: JobOrder
    private(set) var entries: [JobEntry]

    /// The same jobs in reverse order.
    func reversed() -> SortedJobs {
        var other = self
        other.order.isReversed.toggle()
        other.entries.reverse()
        return other
    }

    /// Sorts the jobs, starting with their previous order, which is mostly right: that takes a fraction of the time.
    init(_ board: JobBoard, by order: JobOrder, after before: SortedJobs?, at now: Date) {
        self.order = order
        var entries: [JobEntry] = []
        entries.reserveCapacity(board.entries.count)
        for entry in before?.entries ?? [] {
            if let entry = board[entry.id] { entries.append(entry) }
        }
        if entries.count < board.entries.count {
            let known = Set(entries.map(\.id))
            entries += board.entries.values.filter { !known.contains($0.id) }
        }
        self.entries = order.sorted(entries, at: now)
    }
}

/// The runs of one job.
struct RunsView: Hashable, Sendable {
    let job: JobID
    var cursor: TableCursor<RunID>
    var order = RunOrder(.created)
    var rows: [RunID] = []
    /// The marked runs. A mark stays with its run when rows move.
    var marked: Set<RunID> = []
    /// The page of the job, which wide screens show next to its runs.
    var page: JobPage

    init(of entry: JobEntry, cursor: TableCursor<RunID>, clock: WallClock) {
        job = entry.id
        self.cursor = cursor
        page = JobPage(of: entry, clock: clock)
    }

    /// Scrolls to the selection, in a table of `height` rows.
    mutating func scroll(height: Int) { cursor.scroll(height: height, count: rows.count) }
}

/// A run: its facts, tasks, message and error trace, in one pager.
struct RunView: Hashable, Sendable {
    /// The run in its last known state: it stays when the service no longer lists it.
    var run: JobRun
    var standing = Standing.listed
    /// When an answer last contained the run; `nil` if that was before it was opened.
    var lastSeen: Date?
    var tasks = TaskList()
    /// The details of the run; `nil` before the first answer.
    var details: RunDetails?
    /// Why the last request for the details failed.
    var detailsFailure: String?
    /// The error trace.
    var text: ShownText
    var pager = Pager()
    /// What stays visible when lines are added above it: from the key that goes there until the user scrolls.
    var target: Target?
    /// The text on the screen, from the last `arrange()`.
    var document = RunDocument()

    enum Target: Hashable, Sendable {
        case rootCause
        case tasks
    }

    /// Whether the newest answer contains the run.
    enum Standing: Hashable, Sendable {
        case listed
        /// The service lists only newer runs of the job.
        case olderThanListed
        /// The job itself is no longer listed.
        case jobGone
    }

    /// The tasks of the run, from the service's answers.
    struct TaskList: Hashable, Sendable {
        /// The newest answer, which a failure does not change; `nil` before the first one.
        var tasks: [TaskRun]?
        var answered: Date?
        /// What is missing in the newest answer.
        var note: String?
        /// Why the last request failed.
        var failure: String?
        /// Whether the run has changed since the tasks were requested.
        var isOutdated = false
    }

    init(run: JobRun, lastSeen: Date?) {
        self.run = run
        self.lastSeen = lastSeen
        text = ShownText(error: run.errorTrace)
    }

    var trace: ErrorTrace { text.trace }

    /// The last moment at which the run was known to be active: an active run's duration counts until then.
    func lastKnown(at now: Date) -> Date { standing == .listed ? now : lastSeen ?? now }

    /// The last time at which its tasks were known to be active.
    func tasksLastKnown(at now: Date) -> Date {
        let isCurrent = standing == .listed && run.status.isActive && tasks.failure == nil
        return isCurrent ? now : tasks.answered ?? now
    }

    /// Whether the tasks may have changed since the last answer.
    var needsTasks: Bool {
        standing == .listed && (run.status.isActive || tasks.isOutdated || tasks.failure != nil)
    }

    /// Updates the run from the newest answer.
    mutating func update(with run: JobRun, at moment: Date) {
        lastSeen = moment
        guard run != self.run else { return }
        if run.errorTrace != self.run.errorTrace { text.set(error: run.errorTrace) }
        self.run = run
        tasks.isOutdated = true
    }

    /// Shows a new text in a part of the screen of this size.
    ///
    /// The visible lines stay where they are: those of the trace if any are visible, otherwise those of the tasks. A screen
    /// at the start of the text stays there, and a screen with a target goes to it.
    mutating func show(_ new: RunDocument, in size: Size) {
        let tasksMoved = new.tasksStart - document.tasksStart
        let traceMoved = new.traceStart - document.traceStart
        if tasksMoved != 0 || traceMoved != 0 {
            let old = document
            pager.shift(by: traceMoved, within: old.traceStart..<max(old.text.count, old.traceStart))
            pager.shift(by: tasksMoved, within: old.tasksStart..<min(old.traceStart, new.traceStart))
            let bottom = pager.bottom(in: PagerLayout(old.text, size: size, pager: pager))
            if pager.top > Pager.Position() {
                if bottom.line >= old.traceStart {
                    pager.top.line = max(pager.top.line + traceMoved, 0)
                } else if bottom.line >= old.tasksStart {
                    pager.top.line = max(pager.top.line + tasksMoved, 0)
                }
            }
        }
        document = new
        let layout = layout(in: size)
        switch target {
        case .rootCause: pager.show(line: document.rootCauseLine ?? document.text.count - 1, in: layout)
        case .tasks: pager.show(line: document.tasksStart + 2, in: layout)
        case nil: pager.clamp(to: layout)
        }
        pager.lastLine = pager.bottom(in: layout).line
    }

    /// The text laid out for a part of the screen of this size.
    func layout(in size: Size) -> PagerLayout { PagerLayout(document.text, size: size, pager: pager) }
}

/// The help of a screen.
struct HelpView: Hashable, Sendable {
    let context: KeyContext
    var pager = Pager(wraps: true)
    /// The text on the screen, from the last `arrange()`.
    var document = HelpDocument()

    /// Shows a new text in a part of the screen of this size.
    mutating func show(_ new: HelpDocument, in size: Size) {
        document = new
        let layout = layout(in: size)
        pager.lastLine = pager.bottom(in: layout).line
    }

    /// The text laid out for a part of the screen of this size.
    func layout(in size: Size) -> PagerLayout { PagerLayout(document.text, size: size, wraps: pager.wraps) }
}

/// A screen opened from another one; `Esc` returns to that.
enum InnerView: Hashable, Sendable {
    case runs(RunsView)
    case job(JobView)
    case run(RunView)
    case tasks(TasksView)
    case output(OutputView)
    case help(HelpView)
    case journal(JournalView)
    case causes(CausesView)
    case command(OwnCommandView)

    var runs: RunsView? {
        get { if case .runs(let view) = self { view } else { nil } }
        set { if let newValue { self = .runs(newValue) } }
    }

    var job: JobView? {
        get { if case .job(let view) = self { view } else { nil } }
        set { if let newValue { self = .job(newValue) } }
    }

    var run: RunView? {
        get { if case .run(let view) = self { view } else { nil } }
        set { if let newValue { self = .run(newValue) } }
    }

    var command: OwnCommandView? {
        get { if case .command(let view) = self { view } else { nil } }
        set { if let newValue { self = .command(newValue) } }
    }

    /// The pager of a long text with search.
    var pager: Pager? {
        get { run?.pager ?? output?.pager ?? command?.pager }
        set {
            guard let newValue else { return }
            run?.pager = newValue
            output?.pager = newValue
            command?.pager = newValue
        }
    }

    /// The long text that may have to be read elsewhere.
    var text: ShownText? {
        get { run?.text ?? output?.text }
        set {
            guard let newValue else { return }
            run?.text = newValue
            output?.text = newValue
        }
    }

    /// The long text that is shown.
    var document: Document? { run?.document.text ?? output?.document ?? command?.document }

    var tasks: TasksView? {
        get { if case .tasks(let view) = self { view } else { nil } }
        set { if let newValue { self = .tasks(newValue) } }
    }

    var output: OutputView? {
        get { if case .output(let view) = self { view } else { nil } }
        set { if let newValue { self = .output(newValue) } }
    }

    var journal: JournalView? {
        get { if case .journal(let view) = self { view } else { nil } }
        set { if let newValue { self = .journal(newValue) } }
    }

    var causes: CausesView? {
        get { if case .causes(let view) = self { view } else { nil } }
        set { if let newValue { self = .causes(newValue) } }
    }

    var help: HelpView? {
        get { if case .help(let view) = self { view } else { nil } }
        set { if let newValue { self = .help(newValue) } }
    }
}

/// A prompt, menu or box that receives the keys before the screen beneath.
enum Overlay: Hashable, Sendable {
    /// A filter, applied while the user types; Esc restores the previous text.
    case filter(LineEditor, before: String)
    case search(LineEditor)
    case command(LineEditor)
    case save(LineEditor)
    /// The columns to sort by, and the selected one.
    case sortMenu(picked: Int)
    /// The items of a job or a run to copy.
    case copyMenu(CopyMenu)
    /// The question before an action.
    case action(ActionPrompt)
    /// The parameters of a job to run again.
    case parameters(ParameterForm)
}

/// A message, shown for a few seconds.
struct Notice: Hashable, Sendable {
    let text: SafeText
    var isWarning = false
    /// The remaining seconds on the screen; `nil` for a message that stays until a key is pressed.
    var secondsLeft: Int? = 6
}

/// The selected row and the visible rows of a table. The selection follows its row when rows move.
struct TableCursor<ID: Hashable & Sendable>: Hashable, Sendable {
    private(set) var selection: ID?
    /// The index of the selected row.
    private(set) var index = 0
    /// The index of the first visible row.
    private(set) var top = 0

    init(selection: ID? = nil) { self.selection = selection }

    /// Updates the selection after a change of the rows: it moves with its row, or selects the row at its place if its row
    /// is gone. An empty table keeps the selection for when the rows come back, see ``selected(of:)``.
    mutating func follow(_ rows: [ID]) {
        guard !rows.isEmpty else {
            index = 0
            return
        }
        if let selection, let found = rows.firstIndex(of: selection) {
            index = found
        } else {
            select(min(index, rows.count - 1), of: rows)
        }
    }

    /// Selects a row by index, clamped to the table.
    mutating func select(_ row: Int, of rows: [ID]) {
        guard !rows.isEmpty else { return }
        index = min(max(row, 0), rows.count - 1)
        selection = rows[index]
    }

    mutating func move(by distance: Int, of rows: [ID]) { select(index + distance, of: rows) }

    /// The selected row; `nil` if it is not in the table: a key acts only on visible rows.
    func selected(of rows: [ID]) -> ID? { rows.indices.contains(index) && rows[index] == selection ? selection : nil }

    /// Scrolls by the smallest distance that makes the selection visible, in a table of `height` rows.
    mutating func scroll(height: Int, count: Int) {
        guard height > 0 else { return }
        top = min(max(top, index - height + 1), index)
        top = max(min(top, count - height), 0)
    }
}
