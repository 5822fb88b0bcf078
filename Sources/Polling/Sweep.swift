import AIDP
import Foundation
import Runs

/// Finds out with two lists per cycle which jobs may have changed runs, so that only those jobs are requested.
///
/// - The list of **new runs** (`GET …/jobRuns?timeCreatedGreaterThanOrEqualTo=…`) contains the runs of all jobs created
///   since the previous sweep. Its windows overlap by ``margin``.
/// - The list of **active runs** (`GET …/jobRuns?status=RUNNING&…`) contains the unfinished runs of all jobs, including
///   finished runs that were repaired. If an active run is no longer in it, the run has changed.
///
/// The lists only decide which jobs to request; the rows use only the answers of `recentJobRuns`. A job is requested if a
/// list contains one of its runs that its newest answer does not contain, or has in another state; if the list of active
/// runs no longer contains one of its active runs; and if its newest answer is older than the lists.
///
/// The lists cannot show a change of a run that was finished before and after it, such as a repair that takes less than an
/// interval, or a new message. Therefore each job is requested at least once per ``rotation``: no row is older than that,
/// and every change is visible after one interval and one rotation at the latest.
///
/// The rotation also checks the lists. If an answer contains a run that the lists omit, or a finished run that they still
/// show as active, they have ``margin`` to catch up. After that the lists are not used for ``retry``, and every cycle
/// requests every job.
///
/// All times are those of the service: its `Date` header, and the creation times of runs. Without the header, this machine's
/// clock is used, with a tolerance of five minutes, because the service refuses requests signed with a clock further off.
struct Sweep: Sendable, Equatable {
    enum Listing: Sendable, Hashable, CaseIterable {
        case newRuns, activeRuns

        /// What the poller does if the list cannot be used.
        fileprivate var withoutIt: String {
            self == .newRuns ? "every job is requested in turn" : "every active job is requested in each refresh"
        }
    }

    /// The overlap of the windows of new runs: a run may appear in the list this long after its creation, or its creation
    /// time may come from a node whose clock is this far behind. 1,000 jobs that run twice an hour have 100 runs in it.
    static let margin: Duration = .seconds(180)
    /// The largest error of this machine's clock: the service refuses requests signed with a clock further off.
    static let clockTolerance: Duration = .seconds(300)
    /// The longest time between two requests for a job.
    static let rotation: Duration = .seconds(1200)
    /// How long a list that does not exist, or was wrong, is not requested.
    static let retry: Duration = .seconds(3600)
    /// The longest pause after other failures, such as a timeout or a 500.
    static let longestPause: Duration = .seconds(600)
    /// If requesting every job takes no more requests than this, lists save nothing.
    static let fewRequests = 4

    /// Whether a list can be used.
    private struct Standing: Equatable {
        var failuresInARow = 0
        /// The list is not requested before this time.
        var retryAt: Duration = .zero
        /// Why the list is not used, for the operator.
        var note: String?
    }

    /// The lists of one cycle.
    private struct Round: Equatable {
        var pending: Set<Listing>
        var complete: Set<Listing> = []
        /// The wall-clock time of the answer to the list of new runs.
        var answered: Date?
        var began: [Listing: Duration] = [:]
    }

    private let isOn: Bool
    private var newRuns = Standing()
    private var activeRuns = Standing()
    private var round: Round?
    /// All runs created up to this time of the service were listed; `nil` before the first sweep.
    private(set) var reach: Date?
    /// The start of the first window.
    private var start: Date?
    /// The sweeps start after every job was requested after this time.
    private var startAfter: Duration = .zero
    private var comparison = RunComparison()
    private var clock: ServiceClock?

    init(isOn: Bool) { self.isOn = isOn }

    /// The problems of the lists, for the operator.
    var notes: [String] { [newRuns.note, activeRuns.note].compactMap(\.self) }
    /// Whether a list of this cycle is not answered yet.
    var isPending: Bool { round.map { !$0.pending.isEmpty } ?? false }
    /// Whether the list of active runs is one of the lists that decide which jobs to request; `nil` if every job is
    /// requested.
    var followsActive: Bool? {
        guard let round, round.complete.contains(.newRuns) else { return nil }
        return round.complete.contains(.activeRuns)
    }
    /// Whether the service offers the list of runs, as far as the poller knows.
    func isThere(at now: Duration) -> Bool { now >= newRuns.retryAt }

    /// The earliest possible time of the service's clock; `nil` before the first answer.
    func serviceTime(at now: Duration) -> Date? { clock?.time(at: now) }

    /// The latest possible time of the service's clock.
    func latestServiceTime(at now: Duration) -> Date? {
        clock.map { $0.time(at: now).later(by: $0.isItsOwn ? .seconds(1) : Self.clockTolerance * 2) }
    }
}

// MARK: - A cycle's lists

extension Sweep {
    /// The lists that a cycle begins with; none if it requests every job.
    ///
    /// - Parameters:
    ///   - requests: how many requests it takes to request every job.
    ///   - oldestAnswer: the time of the oldest of the jobs' newest answers; `nil` if a job was not requested since a time.
    mutating func begin(
        requests: Int, interval: Duration, at now: Duration, oldestAnswer: (_ since: Duration) -> Duration?
    ) -> [PollRequest] {
        round = nil
        // If half of the jobs have their turn in each cycle, lists also save little.
        guard isOn, requests > Self.fewRequests, interval * 2 < Self.rotation, now >= newRuns.retryAt else { return [] }
        if reach == nil {
            guard let oldest = oldestAnswer(startAfter), now - oldest <= Self.rotation, let time = serviceTime(at: now)
            else { return [] }
            // Every job has an answer since then. Creation times may come from another clock, so start earlier.
            let since = time.earlier(by: now - oldest + Self.clockTolerance)
            (start, reach) = (since.earlier(by: Self.margin), since)
        }
        guard let reach else { return [] }
        if now >= activeRuns.retryAt { activeRuns.note = nil }
        let listings: [Listing] = now >= activeRuns.retryAt ? [.newRuns, .activeRuns] : [.newRuns]
        round = Round(pending: Set(listings))
        return listings.map { $0 == .newRuns ? .newRuns(since: reach.earlier(by: Self.margin)) : .activeRuns }
    }

    /// Records that a list is requested now.
    mutating func asked(_ listing: Listing, at now: Duration) { round?.began[listing] = now }

    /// Stores the answer to a list. Returns its new runs, and those whose state has changed.
    ///
    /// - Parameter gap: why items may be missing; `nil` if none are. With a gap, the window does not move on.
    mutating func answered(
        _ listing: Listing, runs: [JobRun], gap: String?, serviceDate: Date?, at now: Duration, wall: Date
    ) -> [JobRun] {
        guard let began = round?.began[listing], round?.pending.contains(listing) == true else { return [] }
        let news = runs.filter { comparison.isNews($0) }
        round?.pending.remove(listing)
        if listing == .newRuns { round?.answered = wall }
        comparison.list(runs, listing, isComplete: gap == nil)
        if let gap {
            incomplete(listing, gap, at: now)
            return news
        }
        guard comparison.isHonest(listing, began: began) else {
            distrust(listing, at: now)
            return news
        }
        set(listing, Standing())
        round?.complete.insert(listing)
        if listing == .newRuns {
            moveOn(to: runs.compactMap(\.created).max(), before: serviceDate ?? serviceTime(at: began))
        }
        return news
    }

    /// Records that a list failed. Returns whether the service does not offer the list: then the service has not failed.
    ///
    /// - Parameter isItsOwn: another request of this cycle was answered, so only this list failed.
    mutating func failed(
        _ listing: Listing, _ error: ServiceError, isItsOwn: Bool, interval: Duration, at now: Duration
    ) -> Bool {
        endRound(listing)
        if error.meansNotThere {
            leave(listing, because: error.inShort, at: now)
            return true
        }
        guard isItsOwn || !error.asksToWait else { return false }
        var standing = standing(listing)
        standing.failuresInARow += 1
        let doublings = min(standing.failuresInARow - 1, 10)
        // After the first failure, the next cycle retries.
        let pause = interval * (Double(1 << doublings) - 0.5)
        standing.retryAt = now + min(pause, Self.longestPause)
        if doublings > 0 { standing.note = "\(error.inShort); \(listing.withoutIt) meanwhile" }
        set(listing, standing)
        return false
    }

    /// Records that a list of the past failed. Returns whether the service does not offer it, nor the lists of a sweep then.
    mutating func pastFailed(_ error: ServiceError, at now: Duration) -> Bool {
        guard error.meansNotThere else { return false }
        endRound(.newRuns)
        leave(.newRuns, because: error.inShort, at: now)
        return true
    }

    /// The wall-clock time to which the lists confirm the rows of jobs without changes; `nil` if they do not.
    var confirms: Date? { followsActive == nil ? nil : round?.answered }

    /// The jobs with an active run that the list of active runs does not contain.
    var jobsWithEndedRuns: [JobID] { followsActive == true ? comparison.jobsWithEndedRuns : [] }

    private func standing(_ listing: Listing) -> Standing { listing == .newRuns ? newRuns : activeRuns }

    private mutating func set(_ listing: Listing, _ standing: Standing) {
        if listing == .newRuns { newRuns = standing } else { activeRuns = standing }
    }

    /// Moves the window on to the newest listed run, not further, because creation times may come from a clock that is
    /// behind; and not past the service's own time, because a run from the future would end all windows.
    private mutating func moveOn(to newest: Date?, before limit: Date?) {
        guard let reach, let newest, let limit else { return }
        self.reach = max(reach, min(newest, limit))
    }

    /// Handles a list with a gap: every job is requested, and a new window begins after that. The second time in a row, the
    /// list is not used for a while.
    private mutating func incomplete(_ listing: Listing, _ gap: String, at now: Duration) {
        var standing = standing(listing)
        standing.failuresInARow += 1
        endRound(listing)
        guard standing.failuresInARow == 1 else { return leave(listing, because: gap, at: now) }
        set(listing, standing)
        guard listing == .newRuns else { return }
        stop()
        startAfter = now
    }

    private mutating func distrust(_ listing: Listing, at now: Duration) {
        let problem =
            listing == .newRuns
            ? "listJobRuns left out a run that recentJobRuns has"
            : "listJobRuns calls a run active that is over in recentJobRuns"
        endRound(listing)
        leave(listing, because: problem, at: now)
    }

    /// Stops using a list for an hour.
    private mutating func leave(_ listing: Listing, because reason: String, at now: Duration) {
        set(listing, Standing(retryAt: now + Self.retry, note: "\(reason); for an hour \(listing.withoutIt)"))
        if listing == .newRuns { stop() } else { comparison.forgetLists([.activeRuns]) }
    }

    /// Drops a list from this cycle. Without the list of new runs, the other list is dropped too.
    private mutating func endRound(_ listing: Listing) {
        round?.pending.remove(listing)
        round?.complete.remove(listing)
        if listing == .newRuns { round?.pending = [] }
    }

    /// Ends the windows; a later sweep starts new ones.
    private mutating func stop() {
        (reach, start) = (nil, nil)
        comparison.forgetLists(Listing.allCases)
    }
}

// MARK: - Learning from answers

extension Sweep {
    /// Compares an answer of `recentJobRuns` with the lists. Returns the jobs whose answer is older than the lists: they are
    /// requested again.
    ///
    /// - Parameter hadNews: whether a list has just named the job, so that the rotation was not what found its new runs.
    mutating func learn(_ found: ChunkRuns, at now: Duration, hadNews: (JobID) -> Bool) -> [JobID] {
        guard isOn else { return [] }
        let window = start.flatMap { start in reach.map { start...max(start, $0) } }
        let behind = comparison.learn(found, window: window, at: now, hadNews: hadNews)
        if comparison.hasLostRun { distrust(.newRuns, at: now) }
        return behind
    }

    /// Removes the jobs that are no longer listed.
    mutating func watch(_ jobs: Set<JobID>) { comparison.watch(jobs) }

    /// Sets the service's clock.
    mutating func learnTime(serviceDate: Date?, at now: Duration, wall: Date) {
        if let serviceDate {
            clock = ServiceClock(date: serviceDate, at: now, isItsOwn: true)
        } else if clock?.isItsOwn != true {
            clock = ServiceClock(date: wall.earlier(by: Self.clockTolerance), at: now, isItsOwn: false)
        }
    }
}

/// The last reading of the service's clock.
private struct ServiceClock: Equatable {
    let date: Date
    let at: Duration
    /// Whether it comes from a `Date` header, not from this machine's clock.
    let isItsOwn: Bool

    func time(at now: Duration) -> Date { date.later(by: now - at) }
}

extension Date {
    func later(by duration: Duration) -> Date { addingTimeInterval(duration / .seconds(1)) }
    func earlier(by duration: Duration) -> Date { addingTimeInterval(-(duration / .seconds(1))) }
}

extension ServiceError {
    /// `listJobRuns: 404 NotAuthorizedOrNotFound`
    fileprivate var inShort: String { "\(operation): \(RequestFailure(self).short)" }

    /// The service does not have the operation, or does not allow it: a retry soon will not help.
    fileprivate var meansNotThere: Bool { status.map { [400, 403, 404, 405, 501].contains($0) } ?? false }
}
