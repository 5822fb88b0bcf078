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
    /// The screens opened from the table of jobs, the one shown last.
    var inner: [InnerView] = []
    var overlay: Overlay?
    var notice: Notice?
    var typed = TypedHistory()
    var signatures = SignatureMemo()
    var recurrences = RecurrenceMemo()
    var appearance: Appearance
    let keymap: Keymap
    let clock: WallClock
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
        clock: WallClock, actions: ActionsState = ActionsState(),
        size: Size, now: Date
    ) {
        self.place = place
        self.actions = actions
        poller = PollerState(interval: interval)
        self.appearance = appearance
        self.keymap = keymap
        self.clock = clock
        self.size = size
        self.now = now
        layout = ScreenLayout(size: size, bannerRows: 0)
    }

    /// The screen as it should look now.
    package mutating func frame() -> Canvas {
        arrange()
        return render()
    }

    /// The screen that takes the keys.
    var context: KeyContext {
        switch inner.last {
        case nil: .jobs
        case .runs: .runs
        case .job: .job
        case .run: .run
        case .help: .help
        case .journal: .journal
        case .causes: .causes
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

    var shownHelp: HelpView? {
        get { inner.last?.help }
        set { changeShown { $0.help = newValue } }
    }

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
