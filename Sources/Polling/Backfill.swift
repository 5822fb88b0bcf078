import AIDP
import Foundation
import Runs

/// Fills in what happened while nobody looked: lists the runs of stretches of the past, the newest first, slice by slice.
///
/// It has what the live cycles leave: it begins once every job was asked for, sends up to ``requestsACycle`` requests
/// between two cycles, one at a time, and none while the poller is in trouble or half of the budget's burst is used up. A
/// slice is as long as makes about ``runsASlice`` runs, judged by the one before.
struct Backfill: Sendable, Equatable {
    static let requestsACycle = 4
    static let runsASlice = 700
    static let slices: ClosedRange<Duration> = .seconds(60) ... .seconds(7 * 86_400)
    /// Failures of a slice in a row after which it is asked for in smaller parts, down to the smallest.
    static let patience = 3
    /// The longest pause after failures.
    static let longestPause: Duration = .seconds(600)

    /// A stretch of the past, of which all from `reached` on is filled in.
    private struct Stretch: Equatable {
        let since: Date
        let until: Date
        var reached: Date
        var isOver: Bool { reached <= since }
    }

    /// Stretches that end when they are begun have no end yet.
    private var wanted: [PastWindow]
    private var stretches: [Stretch] = []
    private var slice: Duration = .seconds(600)
    private var underWay: PastWindow?
    private var askedThisCycle = 0
    private var failuresInARow = 0
    private var retryAt: Duration = .zero
    private var stopped: String?

    init(_ windows: [PastWindow]) { wanted = windows }

    /// Whether something is still to be asked for.
    var isWanted: Bool { stopped == nil && (!wanted.isEmpty || stretches.contains { !$0.isOver }) }

    /// A cycle begins: after it the backfill may send its requests again.
    mutating func cycleBegins() { askedThisCycle = 0 }

    /// Stretches to fill in, besides those wanted before.
    mutating func want(_ windows: [PastWindow]) { wanted += windows }

    /// A stretch that was missed while polling. Nothing is filled in where nothing was to be from the beginning.
    mutating func add(_ window: PastWindow) {
        guard stopped == nil, !(wanted.isEmpty && stretches.isEmpty) else { return }
        wanted.insert(window, at: 0)
    }

    /// The next slice; `nil` when there is none, or it must wait.
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

    /// The slice was listed. An incomplete one is asked for again in smaller parts; the smallest counts as done.
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

    /// The slice failed: it is tried again, later each time.
    mutating func failed(interval: Duration, at now: Duration) {
        underWay = nil
        failuresInARow += 1
        if failuresInARow.isMultiple(of: Self.patience) { slice = max(Self.slices.lowerBound, slice / 4) }
        retryAt = now + min(interval * Double(1 << min(failuresInARow, 10)), Self.longestPause)
    }

    /// The list is not there: nothing more is filled in.
    mutating func stop(_ reason: String) -> BackfillProgress? {
        underWay = nil
        guard isWanted else { return nil }
        stopped = reason
        return progress
    }

    /// How far it is; `nil` before it has begun.
    private var progress: BackfillProgress? {
        guard let current = stretches.first(where: { !$0.isOver }) ?? stretches.last else { return nil }
        func sum(_ part: (Stretch) -> Date) -> Duration {
            stretches.reduce(.zero) { $0 + Duration(from: part($1), to: $1.until) }
        }
        return BackfillProgress(
            since: current.since, until: current.until, reached: current.reached, done: sum(\.reached),
            whole: sum(\.since), stopped: stopped)
    }
}
