import Foundation
import Polling
import Runs
import Screen

/// The dashboard's state of the poller.
struct PollerState: Equatable, Sendable {
    /// The last phase that the poller reported.
    var phase: PollerPhase = .starting {
        didSet { pauseWish = nil }
    }
    /// The configured interval.
    var interval: PollingInterval
    /// The report of the last finished cycle.
    private(set) var lastCycle: CycleReport?
    /// When the list of jobs was last received; `nil` before the first time.
    private(set) var jobsListed: Date?
    /// The progress of the backfill; `nil` if there is none.
    var backfill: BackfillProgress?
    /// Why the list of jobs is not up to date: its last request failed.
    private(set) var listOutage: Outage?
    /// Why runs are not up to date: requests of this cycle, or of the one before, failed.
    private(set) var runsOutage: Outage?
    private var runsOutageOfThisCycle: Outage?
    /// Whether the user has paused or resumed, until the poller reports its phase.
    private var pauseWish: Bool?

    init(interval: PollingInterval) { self.interval = interval }

    /// Why the data is not up to date; `nil` if it is. The runs come before the list of jobs.
    var outage: Outage? {
        guard var outage = runsOutage, let listOutage else { return runsOutage ?? listOutage }
        outage.since = min(outage.since, listOutage.since)
        if listOutage.error.summary != outage.error.summary { outage.others += 1 }
        return outage
    }

    /// Counts a failed request for runs. It is shown at once, not at the end of the cycle.
    mutating func runsFailed(_ error: RequestFailure, at now: Date) {
        var outage = runsOutageOfThisCycle ?? Outage(error: error, since: runsOutage?.since ?? now, others: 0)
        if error.summary != outage.error.summary { outage.others += 1 }
        runsOutageOfThisCycle = outage
        runsOutage = outage
    }

    /// Records that the list of jobs failed: the outage lasts until it is received, however many cycles succeed.
    mutating func listFailed(_ error: RequestFailure, at now: Date) {
        listOutage = Outage(error: error, since: listOutage?.since ?? now, others: 0)
    }

    /// Records that the list of jobs was received.
    mutating func listAnswered(at moment: Date) {
        jobsListed = moment
        listOutage = nil
    }

    /// Records the end of a cycle: without a failed request for runs, it ends their outage.
    mutating func cycleEnded(_ report: CycleReport) {
        lastCycle = report
        runsOutage = runsOutageOfThisCycle
        runsOutageOfThisCycle = nil
    }

    /// Whether the poller is paused, or will be when the requests in flight have finished.
    var isPaused: Bool { pauseWish ?? (phase == .paused || phase == .pausing) }

    /// The command that pauses or resumes.
    mutating func togglePause() -> PollCommand {
        let pauses = !isPaused
        pauseWish = pauses
        return pauses ? .pause : .resume
    }

    /// Notes for the operator about the last cycle besides failed requests, one sentence each.
    var notes: [SafeText] {
        guard let lastCycle else { return [] }
        var notes = lastCycle.notes.map { SafeText($0) }
        if lastCycle.flaws > 0 {
            let what: SafeText = lastCycle.flaws == 1 ? "1 item or field" : "\(lastCycle.flaws) items or fields"
            let first = lastCycle.firstFlaw.map { SafeText($0) } ?? ""
            // A note may contain it already.
            if first.isEmpty || !lastCycle.notes.contains(where: { $0 == lastCycle.firstFlaw }) {
                notes.append(what + " could not be used" + (first.isEmpty ? "" : ", the first: " + first))
            }
        }
        return notes
    }
}

/// Failing requests: the first failure, and the number of failures for another reason.
struct Outage: Equatable, Sendable {
    var error: RequestFailure
    /// The time since the last cycle without a failure.
    var since: Date
    var others: Int
}

/// The counts of the board, computed when the rows are sorted.
struct BoardSummary: Hashable, Sendable {
    var counts = BoardCounts()
    /// Jobs whose runs have not been requested yet, so their state is unknown.
    var notAsked = 0
    /// Jobs shown from the history, which have not been requested yet either.
    var remembered = 0
    /// The time of the oldest of the rows' answers; `nil` without any answer.
    var oldestAnswer: Date?
    var newestAnswer: Date?

    /// Until when the counts stay the same without new data.
    var holdsUntil = Date.distantFuture

    init() {}

    init(of board: JobBoard, at now: Date) {
        counts = board.counts(at: now)
        for entry in board.entries.values {
            if entry.freshness.isNotAsked {
                if entry.freshness == .never { notAsked += 1 } else { remembered += 1 }
            }
            if let change = entry.nextLateness(after: now) { holdsUntil = min(holdsUntil, change) }
            guard let answer = entry.freshness.lastAnswer else { continue }
            oldestAnswer = min(oldestAnswer ?? answer, answer)
            newestAnswer = max(newestAnswer ?? answer, answer)
        }
    }
}
