import Foundation
import Polling
import Runs
import Screen

/// Where the runs come from: the header names it.
package struct PlaceLabel: Hashable, Sendable {
    /// The region, or the host where there is none.
    var region: String
    var workspace: String
    /// The OCI profile that signs.
    var profile: String

    package init(region: String, workspace: String, profile: String) {
        self.region = region
        self.workspace = workspace
        self.profile = profile
    }
}

/// All that the dashboard knows and shows.
///
/// Events go in by ``update(_:at:)``, in `Update`. ``frame()`` puts the rows and the text in order (`arrange()`, in
/// `Layout`) and draws each pane from a value into its part of the screen (`render()`, in `Panes`).
package struct DashboardState: Sendable {
    var board = JobBoard()
    var place: PlaceLabel
    var poller: PollerState
    /// When the session token ends; `nil` without one.
    var sessionEnds: Date?
    /// Why the session was not refreshed, where that was tried.
    var sessionProblem: String?
    /// Why the history is not written, while it is not.
    var historyProblem: String?
    var actions: ActionsState
    var jobs = JobsView()
    /// The tasks of the jobs whose runs were opened.
    var graphs: [JobID: [TaskNode]] = [:]
    /// The screens opened from the table of jobs, the one shown last.
    var inner: [InnerView] = []
    var overlay: Overlay?
    var notice: Notice?
    var typed = TypedHistory()
    var signatures = SignatureMemo()
    var recurrences = RecurrenceMemo()
    var appearance: Appearance
    let keymap: Keymap
    /// The operator's own commands.
    let ownCommands: [OwnCommand]
    /// How many of them were run: each run has its number.
    var ownCommandCount = 0
    /// How many long texts were read elsewhere: each has its number.
    var textCount = 0
    let clock: WallClock
    /// The calls of the service, as they can be copied.
    let calls: RESTCalls
    var now: Date
    var size: Size

    // What `arrange()` makes of the above.

    var summary = BoardSummary()
    var banner = Banner()
    var layout: ScreenLayout
    /// Whether the board, or what time makes of it, has changed since it was last sorted and counted.
    var boardHasChanged = false
    /// Whether the operator has asked for other rows, or another order of them.
    var needsSorting = false
    /// Until when time alone changes neither the order of the rows nor a count.
    var arrangementHolds = Date.distantPast
    /// Whether nothing has happened since ``arrange()``.
    var isArranged = false

    /// The smallest screen that is drawn; on a smaller one the dashboard says so.
    package static var smallestSize: Size { ScreenLayout.smallest }

    package init(
        place: PlaceLabel, interval: PollingInterval, appearance: Appearance, keymap: Keymap = .standard,
        ownCommands: [OwnCommand] = [],
        clock: WallClock, calls: RESTCalls = .none, actions: ActionsState = ActionsState(), size: Size, now: Date
    ) {
        self.place = place
        self.actions = actions
        poller = PollerState(interval: interval)
        self.appearance = appearance
        self.keymap = keymap
        self.ownCommands = ownCommands
        self.clock = clock
        self.calls = calls
        self.size = size
        self.now = now
        layout = ScreenLayout(size: size, bannerRows: 0)
    }

    /// The screen as it should look now.
    ///
    /// - Parameter holdsNews: whether the rows stay in the order they are shown in, and the counts as they are, though the
    ///   board has changed: the answer to a key does not wait until thousands of jobs are in order again. A later frame
    ///   does that.
    package mutating func frame(holdsNews: Bool = false) -> Canvas {
        arrange(holdsNews: holdsNews)
        return render()
    }

    /// The screen that takes the keys.
    var context: KeyContext {
        switch inner.last {
        case nil: .jobs
        case .runs: .runs
        case .job: .job
        case .run: .run
        case .tasks: .tasks
        case .output: .output
        case .help: .help
        case .journal: .journal
        case .causes: .causes
        case .command: .command
        }
    }
}

/// The screen shown, where it is of a kind. Changes are made through these: `shownRun?.pager.left = 0`.
extension DashboardState {
    var shownRuns: RunsView? {
        get { inner.last?.runs }
        set { changeShown { $0.runs = newValue } }
    }

    var shownJob: JobView? {
        get { inner.last?.job }
        set { changeShown { $0.job = newValue } }
    }

    var shownRun: RunView? {
        get { inner.last?.run }
        set { changeShown { $0.run = newValue } }
    }

    var shownTasks: TasksView? {
        get { inner.last?.tasks }
        set { changeShown { $0.tasks = newValue } }
    }

    var shownOutput: OutputView? {
        get { inner.last?.output }
        set { changeShown { $0.output = newValue } }
    }

    var shownHelp: HelpView? {
        get { inner.last?.help }
        set { changeShown { $0.help = newValue } }
    }

    var shownCommand: OwnCommandView? {
        get { inner.last?.command }
        set { changeShown { $0.command = newValue } }
    }

    /// The pager and the text of a long text that is shown.
    var shownPager: Pager? {
        get { inner.last?.pager }
        set { changeShown { $0.pager = newValue } }
    }

    var shownDocument: Document? { inner.last?.document }

    var shownJournal: JournalView? {
        get { inner.last?.journal }
        set { changeShown { $0.journal = newValue } }
    }

    var shownCauses: CausesView? {
        get { inner.last?.causes }
        set { changeShown { $0.causes = newValue } }
    }

    private mutating func changeShown(_ change: (inout InnerView) -> Void) {
        guard let last = inner.indices.last else { return }
        change(&inner[last])
    }
}
