import AIDP
import Foundation
import Runs

/// Requests the runs that were missed while runtop did not run. It lists past periods slice by slice, the newest first.
///
/// It starts after every job was requested once. Between two cycles it sends up to ``requestsACycle`` requests, one at a
/// time; none while the poller backs off or half of the budget's burst is used up. Each slice is sized, from the runs in the
/// slice before, to contain about ``runsASlice`` runs.
struct Backfill: Sendable, Equatable {
    static let requestsACycle = 4
    static let runsASlice = 700
    static let slices: ClosedRange<Duration> = .seconds(60) ... .seconds(7 * 86_400)
    /// After this many failures in a row, the next request covers a shorter slice, down to the shortest.
    static let patience = 3
    /// The longest pause after a failure.
    static let longestPause: Duration = .seconds(600)

    /// A past period. The part from `reached` to `until` is filled in.
    private struct Stretch: Equatable {
        let since: Date
        let until: Date
        var reached: Date
        var isOver: Bool { reached <= since }
    }

    /// Periods not started yet. One whose `until` is `nil` ends at the time it is started.
    private var wanted: [PastWindow]
    private var stretches: [Stretch] = []
    private var slice: Duration = .seconds(600)
    private var underWay: PastWindow?
    private var askedThisCycle = 0
    private var failuresInARow = 0
    private var retryAt: Duration = .zero
    private var stopped: String?

    init(_ windows: [PastWindow]) { wanted = windows }

    /// Whether some of the past is still to be requested.
    var isWanted: Bool { stopped == nil && (!wanted.isEmpty || stretches.contains { !$0.isOver }) }

    /// Starts a cycle: the backfill may send its requests again after it.
    mutating func cycleBegins() { askedThisCycle = 0 }

    /// Adds periods to fill in.
    mutating func want(_ windows: [PastWindow]) { wanted += windows }

    /// Adds a period that was missed while polling. Ignored if no backfill was requested from the beginning.
    mutating func add(_ window: PastWindow) {
        guard stopped == nil, !(wanted.isEmpty && stretches.isEmpty) else { return }
        wanted.insert(window, at: 0)
    }

    /// The request for the next slice; `nil` when there is none, or it must wait.
    mutating func next(at now: Duration, serviceTime: Date?) -> PollRequest? {
        guard isWanted, underWay == nil, askedThisCycle < Self.requestsACycle, now >= retryAt, let serviceTime else {
            return nil
        }
        let begun = wanted.map { window in
            let until = window.until ?? serviceTime
            return Stretch(since: window.since, until: until, reached: until)
        }
        stretches = (begun.filter { !$0.isOver } + stretches).sorted { $0.until > $1.until }
        wanted = []
        guard let stretch = stretches.first(where: { !$0.isOver }) else { return nil }
        let window = PastWindow(
            since: max(stretch.since, stretch.reached.earlier(by: slice)), until: stretch.reached)
        underWay = window
        askedThisCycle += 1
        return .pastRuns(window)
    }

    /// Records the answer for a slice. An incomplete slice is requested again in smaller parts; the shortest counts as done.
    mutating func answered(runs: Int, gap: String?) -> BackfillProgress? {
        guard let window = underWay else { return nil }
        underWay = nil
        if gap != nil, slice > Self.slices.lowerBound {
            slice = max(Self.slices.lowerBound, slice / 4)
            return progress
        }
        failuresInARow = 0
        if let index = stretches.firstIndex(where: { !$0.isOver }) { stretches[index].reached = window.since }
        let factor = (Double(Self.runsASlice) / Double(max(runs, 1))).clamped(to: 0.25...4)
        slice = (slice * factor).clamped(to: Self.slices)
        return progress
    }

    /// Records that a slice failed. It is retried after a pause that doubles with each failure.
    mutating func failed(interval: Duration, at now: Duration) {
        underWay = nil
        failuresInARow += 1
        if failuresInARow.isMultiple(of: Self.patience) { slice = max(Self.slices.lowerBound, slice / 4) }
        retryAt = now + min(interval * Double(1 << min(failuresInARow, 10)), Self.longestPause)
    }

    /// Ends the backfill because the service does not offer the list.
    mutating func stop(_ reason: String) -> BackfillProgress? {
        underWay = nil
        guard isWanted else { return nil }
        stopped = reason
        return progress
    }

    /// The progress; `nil` before the backfill has started.
    private var progress: BackfillProgress? {
        guard let current = stretches.first(where: { !$0.isOver }) ?? stretches.last else { return nil }
        func sum(_ part: (Stretch) -> Date) -> Duration {
            stretches.reduce(.zero) { $0 + Duration(from: part($1), to: $1.until) }
        }
        return BackfillProgress(
            since: current.since, until: current.until, reached: current.reached, done: sum(\.reached),
            whole: sum(\.since),
            left: stretches.filter { !$0.isOver }.map { PastWindow(since: $0.since, until: $0.reached) },
            stopped: stopped)
    }
}
