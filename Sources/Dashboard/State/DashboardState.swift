import Foundation
import Polling
import Runs
import Screen

/// Where the runs come from: the header names it.
package struct PlaceLabel: Hashable, Sendable {
    /// The region, or the host where there is none.
    package var region: String
    package var workspace: String
    /// The OCI profile that signs.
    package var profile: String

    package init(region: String, workspace: String, profile: String) {
        self.region = region
        self.workspace = workspace
        self.profile = profile
    }
}

/// How the dashboard looks on this terminal.
package struct Appearance: Hashable, Sendable {
    package var theme: Theme
    package var glyphs: Glyphs

    package init(theme: Theme, glyphs: Glyphs) {
        self.theme = theme
        self.glyphs = glyphs
    }
}

/// All that the dashboard knows and shows. Events go in by ``update(_:at:)``; ``frame()`` gives the screen.
package struct DashboardState: Sendable {
    package internal(set) var board = JobBoard()
    var place: PlaceLabel
    var poller: PollerState
    /// When the session token ends; `nil` without one.
    var sessionEnds: Date?
    /// Why the session was not refreshed, where that was tried.
    var sessionTrouble: String?
    var summary = BoardSummary()
    var jobs = JobsView()
    /// The screens opened from the table of jobs, the one shown last.
    var inner: [InnerView] = []
    var overlay: Overlay?
    var notice: Notice?
    var typed = TypedHistory()
    var appearance: Appearance
    let keymap: Keymap
    let clock: WallClock
    var now: Date
    var size: Size
    /// Whether rows may have changed their order since they were last arranged.
    var needsArranging = false

    /// The smallest screen that is drawn; on a smaller one the dashboard says so.
    package static var smallestSize: Size { ScreenLayout.smallest }

    package init(
        place: PlaceLabel, interval: PollingInterval, appearance: Appearance, keymap: Keymap = .standard,
        clock: WallClock,
        size: Size, now: Date
    ) {
        self.place = place
        poller = PollerState(interval: interval)
        self.appearance = appearance
        self.keymap = keymap
        self.clock = clock
        self.size = size
        self.now = now
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
        case .run: .run
        case .help: .help
        }
    }

    /// Puts the rows of the tables in order, and the selections with them. This is done once for a frame, not for every
    /// answer: there may be thousands of jobs to sort.
    mutating func arrange() {
        if needsArranging {
            arrangeJobs()
            arrangeRuns()
            measureColumns()
            summary = BoardSummary(of: board, at: now)
            needsArranging = false
        }
        jobs.cursor.scroll(height: jobsTableHeight, count: jobs.rows.count)
        if case .runs(var view) = inner.last {
            view.cursor.scroll(height: runsTableHeight, count: view.rows.count)
            inner[inner.count - 1] = .runs(view)
        }
        arrangeOpenRun()
    }

    private mutating func arrangeJobs() {
        let shown = board.entries.values.filter { jobs.filter.matches($0, at: now) { $0.statusTexts(of: $1) } }
        jobs.rows = jobs.order.sorted(shown, at: now).map(\.id)
        if jobs.isSettled {
            jobs.cursor.follow(jobs.rows)
        } else {
            jobs.cursor.select(0, of: jobs.rows)
        }
    }

    /// Measures what the widths of the columns depend on: all jobs, so that a filter moves no column.
    private mutating func measureColumns() {
        (jobs.showsAge, jobs.longestName) = (false, 0)
        for entry in board.entries.values {
            jobs.showsAge = jobs.showsAge || showsAge(of: entry)
            // A name is at most as wide as it has bytes, so that few need measuring.
            guard jobs.longestName < JobsView.widestName, entry.name.utf8.count > jobs.longestName else { continue }
            jobs.longestName = max(jobs.longestName, SafeText(entry.name).width)
        }
    }

    private mutating func arrangeRuns() {
        for (depth, view) in inner.enumerated() {
            guard case .runs(var runs) = view else { continue }
            runs.rows = runs.order.sorted(board[runs.job]?.runs ?? [], at: now).map(\.id)
            runs.cursor.follow(runs.rows)
            inner[depth] = .runs(runs)
        }
    }
}
