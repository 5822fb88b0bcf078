import Foundation
import Polling
import Runs
import Screen

/// The source of the runs, for the header.
package struct PlaceLabel: Hashable, Sendable {
    /// The region, or the host if there is no region.
    var region: String
    var workspace: String
    /// The OCI profile with the credentials.
    var profile: String

    package init(region: String, workspace: String, profile: String) {
        self.region = region
        self.workspace = workspace
        self.profile = profile
    }
}

/// The whole state of the dashboard.
///
/// ``update(_:at:)``, in `Update`, applies events. ``frame()`` prepares the rows and texts (`arrange()`, in `Layout`) and
/// draws each pane from a value into its part of the screen (`render()`, in `Panes`).
package struct DashboardState: Sendable {
    var board = JobBoard()
    var place: PlaceLabel
    var poller: PollerState
    /// When the session token expires; `nil` without one.
    var sessionEnds: Date?
    /// Why the last refresh of the session failed; `nil` if it did not.
    var sessionProblem: String?
    /// Why the history cannot be written; `nil` if it can.
    var historyProblem: String?
    var actions: ActionsState
    var jobs = JobsView()
    /// The tasks of the jobs whose runs were opened.
    var graphs: [JobID: [TaskNode]] = [:]
    /// The screens opened from the table of jobs; the last one is visible.
    var inner: [InnerView] = []
    var overlay: Overlay?
    var notice: Notice?
    var typed = TypedHistory()
    var signatures = SignatureMemo()
    var recurrences = RecurrenceMemo()
    var appearance: Appearance
    let keymap: Keymap
    /// The user's own commands.
    let ownCommands: [OwnCommand]
    /// The number of own commands run so far; it gives each run a number.
    var ownCommandCount = 0
    /// How many long texts were read elsewhere: each has its number.
    var textCount = 0
    let clock: WallClock
    /// The service calls that can be copied.
    let calls: RESTCalls
    var now: Date
    /// When the newest key was read.
    var keyRead = Date.distantPast
    /// The time of the last key that a closed question dropped: the rest of a burst of keys does not count either.
    var dropped: Date?
    var size: Size

    // Computed by `arrange()` from the above.

    var summary = BoardSummary()
    var banner = Banner()
    var layout: ScreenLayout
    /// Whether the board, or its state by time alone, has changed since it was last sorted and counted.
    var boardHasChanged = false
    /// Whether the user has changed the filter or the order.
    var needsSorting = false
    /// Until when the order of the rows and the counts stay the same without new data.
    var arrangementHolds = Date.distantPast
    /// Whether nothing has changed since ``arrange()``.
    var isArranged = false

    /// The smallest screen that is drawn; on a smaller one the dashboard shows only a message.
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

    /// The current screen.
    ///
    /// - Parameter keepsOrder: whether the order of the rows and the counts stay the same even if the board has changed, so
    ///   that the reaction to a key does not wait until thousands of jobs are sorted. A later frame sorts them.
    package mutating func frame(keepsOrder: Bool = false) -> Canvas {
        arrange(keepsOrder: keepsOrder)
        return render()
    }

    /// The screen that receives the keys.
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

/// The visible screen, if it is of a kind. Setting changes it: `shownRun?.pager.left = 0`.
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

    /// The pager of the visible long text.
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
