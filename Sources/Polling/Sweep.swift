import AIDP
import Foundation
import Runs

/// Finds out with two lists a cycle which jobs' runs can have changed, so that only those jobs are asked for.
///
/// - The list of **new runs** (`GET …/jobRuns?timeCreatedGreaterThanOrEqualTo=…`) contains the runs of all jobs created
///   since the sweep before. Its windows overlap by ``margin``.
/// - The list of **active runs** (`GET …/jobRuns?status=RUNNING&…`) contains the runs of all jobs that are not over, those
///   too that were over and were repaired. A run that was active and is no longer in it has changed.
///
/// The lists only say which jobs to ask for: the rows are made of the answers of `recentJobRuns` alone. A job is asked for
/// when a list contains a run of it that its newest answer has not, or has in another state; when an active run of it is
/// missing from the list; and when its newest answer is older than the lists.
///
/// What the lists cannot show is the change of a run that was over before and after it, such as a repair that takes less
/// than an interval, or a new message. Therefore each job is asked for at least once in ``rotation``, whatever the lists
/// say: no row is older than that, and no change is seen later than one interval and one rotation.
///
/// The rotation also tests the lists. When an answer has a run that they should have had, or a run is over that they still
/// call active, they have ``margin`` to catch up. After that they are not trusted for ``retry``, and every job is asked for
/// in every cycle.
///
/// Moments are those of the service: its `Date` header, and the times at which it created runs. The clock of this machine
/// counts only where there is no header, and then as five minutes off, because a request signed with a clock further off is
/// refused.
struct Sweep: Sendable, Equatable {
    enum Listing: Sendable, Hashable, CaseIterable {
        case newRuns, activeRuns

        /// What is done where it cannot be used.
        fileprivate var withoutIt: String {
            self == .newRuns ? "every job is asked for in turn" : "every active job is asked for in each cycle"
        }
    }

    /// How much the windows of new runs overlap: a run may become visible in the list so much later than it is created, or
    /// bear the time of a node whose clock is so much behind. At 1,000 jobs that run twice an hour, it is 100 runs.
    static let margin: Duration = .seconds(180)
    /// How far this machine's clock may be off: a request signed with a clock further off is refused.
    static let clockTolerance: Duration = .seconds(300)
    /// Each job is asked for at least once in this time.
    static let rotation: Duration = .seconds(1200)
    /// How long a list that is not there, or was wrong, is not asked for.
    static let retry: Duration = .seconds(3600)
    /// The longest pause after failures of another kind: a time-out, a 500.
    static let longestPause: Duration = .seconds(600)
    /// Lists save nothing while asking for every job takes no more requests than this.
    static let fewRequests = 4

    /// Whether a list can be used.
    private struct Standing: Equatable {
        var failuresInARow = 0
        /// It is not asked for before.
        var retryAt: Duration = .zero
        /// Why it is not used, for the operator.
        var note: String?
    }

    /// The lists of one cycle.
    private struct Round: Equatable {
        var pending: Set<Listing>
        var complete: Set<Listing> = []
        /// By the wall clock, the answer to the list of new runs.
        var answered: Date?
        var began: [Listing: Duration] = [:]
    }

    private let isOn: Bool
    private var newRuns = Standing()
    private var activeRuns = Standing()
    private var round: Round?
    /// All runs created until this moment of the service were listed; `nil` before the first sweep.
    private(set) var reach: Date?
    /// Where the first window began.
    private var start: Date?
    /// The sweeps begin once every job was asked for after this moment.
    private var startAfter: Duration = .zero
    private var comparison = RunComparison()
    private var clock: ServiceClock?

    init(isOn: Bool) { self.isOn = isOn }

    /// Why not all is well with the lists.
    var notes: [String] { [newRuns.note, activeRuns.note].compactMap(\.self) }
    /// Whether a list of this cycle is still to come.
    var isPending: Bool { round.map { !$0.pending.isEmpty } ?? false }
    /// Whether the lists of this cycle say which jobs to ask for, and whether the active runs are among them; `nil` when
    /// every job is asked for.
    var followsActive: Bool? {
        guard let round, round.complete.contains(.newRuns) else { return nil }
        return round.complete.contains(.activeRuns)
    }
    /// Whether the list of runs is there, as far as is known.
    func isThere(at now: Duration) -> Bool { now >= newRuns.retryAt }

    /// The time by the service's clock, rather too early than too late; `nil` before the first answer.
    func serviceTime(at now: Duration) -> Date? { clock?.time(at: now) }

    /// The same, rather too late than too early.
    func latestServiceTime(at now: Duration) -> Date? {
        clock.map { $0.time(at: now).later(by: $0.isItsOwn ? .seconds(1) : Self.clockTolerance * 2) }
    }
}

// MARK: - A cycle's lists

extension Sweep {
    /// The lists that a cycle begins with; none when every job is asked for.
    ///
    /// - Parameters:
    ///   - requests: how many requests asking for every job takes.
    ///   - oldestAnswer: when the job longest without an answer got one; `nil` when one was not asked for since a moment.
    mutating func begin(
        requests: Int, interval: Duration, at now: Duration, oldestAnswer: (_ since: Duration) -> Duration?
    ) -> [PollRequest] {
        round = nil
        // Where half of the jobs have their turn in each cycle, lists save little as well.
        guard isOn, requests > Self.fewRequests, interval * 2 < Self.rotation, now >= newRuns.retryAt else { return [] }
        if reach == nil {
            guard let oldest = oldestAnswer(startAfter), now - oldest <= Self.rotation, let time = serviceTime(at: now)
            else { return [] }
            // Every job has an answer from then on; further back, because the times of runs may be those of another clock.
            let since = time.earlier(by: now - oldest + Self.clockTolerance)
            (start, reach) = (since.earlier(by: Self.margin), since)
        }
        guard let reach else { return [] }
        if now >= activeRuns.retryAt { activeRuns.note = nil }
        let listings: [Listing] = now >= activeRuns.retryAt ? [.newRuns, .activeRuns] : [.newRuns]
        round = Round(pending: Set(listings))
        return listings.map { $0 == .newRuns ? .newRuns(since: reach.earlier(by: Self.margin)) : .activeRuns }
    }

    /// A list is asked for now.
    mutating func asked(_ listing: Listing, at now: Duration) { round?.began[listing] = now }

    /// A list was answered. Returns its runs that are news: unknown ones, and those in another state than before.
    ///
    /// - Parameter gap: why items may be missing, if they may: then the window does not move on.
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

    /// A list failed. Whether it is not there says the result; then it is no failure of the service.
    ///
    /// - Parameter isItsOwn: another request of this cycle was answered, so the failure is this list's.
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
        // The first time it is tried again in the next cycle.
        let pause = interval * (Double(1 << doublings) - 0.5)
        standing.retryAt = now + min(pause, Self.longestPause)
        if doublings > 0 { standing.note = "\(error.inShort); \(listing.withoutIt) meanwhile" }
        set(listing, standing)
        return false
    }

    /// A list of the past failed. Returns whether it is not there: then the lists of a sweep are not there either.
    mutating func pastFailed(_ error: ServiceError, at now: Duration) -> Bool {
        guard error.meansNotThere else { return false }
        endRound(.newRuns)
        leave(.newRuns, because: error.inShort, at: now)
        return true
    }

    /// The moment by the wall clock to which the lists confirm the rows of jobs without news; `nil` when they do not.
    var confirms: Date? { followsActive == nil ? nil : round?.answered }

    /// The jobs with an active run that is missing from the list of active runs.
    var jobsWithEndedRuns: [JobID] { followsActive == true ? comparison.jobsWithEndedRuns : [] }

    private func standing(_ listing: Listing) -> Standing { listing == .newRuns ? newRuns : activeRuns }

    private mutating func set(_ listing: Listing, _ standing: Standing) {
        if listing == .newRuns { newRuns = standing } else { activeRuns = standing }
    }

    /// Moves the window on to the newest run listed. No further: runs may bear the time of a clock that is behind. And not
    /// past the service's own time: a run from the future would end all windows.
    private mutating func moveOn(to newest: Date?, before limit: Date?) {
        guard let reach, let newest, let limit else { return }
        self.reach = max(reach, min(newest, limit))
    }

    /// A list has a gap: every job is asked for, and a new window begins after that. The second time in a row the list is
    /// not used for a while.
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

    /// A list is not used for an hour.
    private mutating func leave(_ listing: Listing, because reason: String, at now: Duration) {
        set(listing, Standing(retryAt: now + Self.retry, note: "\(reason); for an hour \(listing.withoutIt)"))
        if listing == .newRuns { stop() } else { comparison.forgetLists([.activeRuns]) }
    }

    /// A list of this cycle does not help. Without that of the new runs the others do not either.
    private mutating func endRound(_ listing: Listing) {
        round?.pending.remove(listing)
        round?.complete.remove(listing)
        if listing == .newRuns { round?.pending = [] }
    }

    /// The windows end here; later ones begin anew.
    private mutating func stop() {
        (reach, start) = (nil, nil)
        comparison.forgetLists(Listing.allCases)
    }
}

// MARK: - What is known

extension Sweep {
    /// Learns from an answer of `recentJobRuns`, and compares it with the lists. Returns the jobs whose answer is behind
    /// the lists: they are asked for again.
    ///
    /// - Parameter hadNews: whether a list has just named the job, so that its new runs were not found by the rotation.
    mutating func learn(_ found: ChunkRuns, at now: Duration, hadNews: (JobID) -> Bool) -> [JobID] {
        guard isOn else { return [] }
        let window = start.flatMap { start in reach.map { start...max(start, $0) } }
        let behind = comparison.learn(found, window: window, at: now, hadNews: hadNews)
        if comparison.hasLostRun { distrust(.newRuns, at: now) }
        return behind
    }

    /// Forgets the jobs that are not listed any more.
    mutating func watch(_ jobs: Set<JobID>) { comparison.watch(jobs) }

    /// Learns what time it is for the service.
    mutating func learnTime(serviceDate: Date?, at now: Duration, wall: Date) {
        if let serviceDate {
            clock = ServiceClock(date: serviceDate, at: now, isItsOwn: true)
        } else if clock?.isItsOwn != true {
            clock = ServiceClock(date: wall.earlier(by: Self.clockTolerance), at: now, isItsOwn: false)
        }
    }
}

/// The service's clock, as it was last read.
private struct ServiceClock: Equatable {
    let date: Date
    let at: Duration
    /// From a `Date` header, and not from this machine's clock.
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

    /// The service does not have the operation, or not for us: asking again soon will not help.
    fileprivate var meansNotThere: Bool { status.map { [400, 403, 404, 405, 501].contains($0) } ?? false }
}
