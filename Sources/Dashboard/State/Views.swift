import Foundation
import Runs
import Screen

/// The first screen: one row a job.
struct JobsView: Hashable, Sendable {
    var cursor = TableCursor<JobID>()
    var order = JobOrder(.risk)
    var filter = JobFilter()
    /// All jobs in order; `nil` before they were sorted.
    var sorted: SortedJobs?
    /// The jobs shown, in order.
    var rows: [JobID] = []
    /// Whether the operator has chosen a row, which the selection then follows. Until then, and again after going to the
    /// top, the first row is selected: it is the worst.
    var isSettled = false
    /// What the widths of its columns depend on.
    var measures = JobMeasures()
    /// Where the jobs of one cause were opened from.
    var openedFrom: CausesReturn?
}

/// All jobs of the board in an order, as of a moment.
struct SortedJobs: Hashable, Sendable {
    private(set) var order: JobOrder
    private(set) var entries: [JobEntry]

    /// The same jobs in the reverse order.
    func reversed() -> SortedJobs {
        var other = self
        other.order.isReversed.toggle()
        other.entries.reverse()
        return other
    }

    /// Sorts the jobs. Those that were sorted before begin in that order, most of which will do: that takes a fraction of the
    /// time.
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
    /// The marked runs. A mark belongs to a run, wherever its row is.
    var marked: Set<RunID> = []
    /// The page of the job, which wide screens show beside its runs.
    var page: JobPage

    init(of entry: JobEntry, cursor: TableCursor<RunID>, clock: WallClock) {
        job = entry.id
        self.cursor = cursor
        page = JobPage(of: entry, clock: clock)
    }

    /// Brings the selection in sight of a table `height` rows high.
    mutating func scroll(height: Int) { cursor.scroll(height: height, count: rows.count) }
}

/// One run: its facts, tasks, message and error trace, in one pager.
struct RunView: Hashable, Sendable {
    /// The run as last seen: it stays when the service no longer lists it.
    var run: JobRun
    var standing = Standing.listed
    /// When an answer last contained the run; `nil` where that was before it was opened.
    var lastSeen: Date?
    var tasks = TaskList()
    /// What the service says of the run alone; `nil` before it was asked.
    var details: RunDetails?
    /// Why the newest request for that failed.
    var detailsFailure: String?
    /// The error trace.
    var text: ShownText
    var pager = Pager()
    /// What the screen stays on while lines come above it: from the key that goes there until the operator scrolls.
    var target: Target?
    /// The text on the screen, as of the last `arrange()`.
    var document = RunDocument()

    enum Target: Hashable, Sendable {
        case rootCause
        case tasks
    }

    /// Whether the newest answer contains the run.
    enum Standing: Hashable, Sendable {
        case listed
        /// The job has newer runs, and the service lists only those.
        case olderThanListed
        /// The job itself is no longer listed.
        case jobGone
    }

    /// The tasks of the run, as far as the service has answered.
    struct TaskList: Hashable, Sendable {
        /// The newest answer, which a failure leaves in place; `nil` before the first one.
        var tasks: [TaskRun]?
        var answered: Date?
        /// What the newest answer left out.
        var note: String?
        /// Why the newest request failed.
        var failure: String?
        /// Whether the run has changed since the tasks were asked for.
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

    /// The same for its tasks.
    func tasksLastKnown(at now: Date) -> Date {
        let isCurrent = standing == .listed && run.status.isActive && tasks.failure == nil
        return isCurrent ? now : tasks.answered ?? now
    }

    /// Whether the tasks may have changed since the last answer.
    var needsTasks: Bool {
        standing == .listed && (run.status.isActive || tasks.isOutdated || tasks.failure != nil)
    }

    /// Takes over the run of the newest answer.
    mutating func update(with run: JobRun, at moment: Date) {
        lastSeen = moment
        guard run != self.run else { return }
        if run.errorTrace != self.run.errorTrace { text.set(error: run.errorTrace) }
        self.run = run
        tasks.isOutdated = true
    }

    /// Shows the text as it is now, in a part of the screen of some size.
    ///
    /// What is being read stays where it is: the trace when some of it is in sight, else the tasks. A screen at the start
    /// of the text stays there, and one with a target goes to it.
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

    /// The text laid out for a part of the screen of some size.
    func layout(in size: Size) -> PagerLayout { PagerLayout(document.text, size: size, pager: pager) }
}

/// The help of a screen.
struct HelpView: Hashable, Sendable {
    let context: KeyContext
    var pager = Pager(wraps: true)
    /// The text on the screen, as of the last `arrange()`.
    var document = HelpDocument()

    /// Shows the text in a part of the screen of some size.
    mutating func show(_ new: HelpDocument, in size: Size) {
        document = new
        let layout = layout(in: size)
        pager.lastLine = pager.bottom(in: layout).line
    }

    /// The text laid out for a part of the screen of some size.
    func layout(in size: Size) -> PagerLayout { PagerLayout(document.text, size: size, wraps: pager.wraps) }
}

/// A screen opened from another; `Esc` goes back to that.
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

    /// The pager of a long text, which can be searched.
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

/// What takes the keys before the screen beneath does.
enum Overlay: Hashable, Sendable {
    /// Filters while it is typed; Esc restores the text before.
    case filter(LineEditor, before: String)
    case search(LineEditor)
    case command(LineEditor)
    case save(LineEditor)
    /// The columns to sort by, and which of them is selected.
    case sortMenu(picked: Int)
    /// What can be copied of a job or a run.
    case copyMenu(CopyMenu)
    /// The question before an action.
    case action(ActionPrompt)
    /// The parameters of a job that is to be run again.
    case parameters(ParameterForm)
}

/// A message to the operator, shown for a few seconds.
struct Notice: Hashable, Sendable {
    let text: SafeText
    var isWarning = false
    /// Seconds it has left on the screen; `nil` for one that stays until a key is pressed.
    var secondsLeft: Int? = 6
}

/// Which row of a table is selected, and which rows are in sight. The selection follows its row when rows move.
struct TableCursor<ID: Hashable & Sendable>: Hashable, Sendable {
    private(set) var selection: ID?
    /// The number of the selected row.
    private(set) var index = 0
    /// The first row in sight.
    private(set) var top = 0

    init(selection: ID? = nil) { self.selection = selection }

    /// Follows the rows after a change: the selection moves with its row; when that is gone, the row in its place is
    /// selected. A table without rows keeps the selection for when they come back, see ``selected(of:)``.
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

    /// Selects a row by its number, kept within the table.
    mutating func select(_ row: Int, of rows: [ID]) {
        guard !rows.isEmpty else { return }
        index = min(max(row, 0), rows.count - 1)
        selection = rows[index]
    }

    mutating func move(by distance: Int, of rows: [ID]) { select(index + distance, of: rows) }

    /// What is selected among the rows; `nil` when they are none: a key acts on what is on the screen only.
    func selected(of rows: [ID]) -> ID? { rows.indices.contains(index) && rows[index] == selection ? selection : nil }

    /// Brings the selection in sight of a table `height` rows high, by the smallest move.
    mutating func scroll(height: Int, count: Int) {
        guard height > 0 else { return }
        top = min(max(top, index - height + 1), index)
        top = max(min(top, count - height), 0)
    }
}
