import Foundation
import Polling
import Runs
import Screen

/// What the dashboard knows of the poller.
struct PollerState: Equatable, Sendable {
    /// What the poller last said it does.
    var phase: PollerPhase = .starting {
        didSet { pauseWish = nil }
    }
    /// The interval asked for.
    var interval: PollingInterval
    /// The newest finished cycle.
    private(set) var lastCycle: CycleReport?
    /// When the list of jobs was last answered; `nil` before the first time.
    private(set) var jobsListed: Date?
    /// How far the past is filled in; `nil` where nothing is.
    var backfill: BackfillProgress?
    /// Why the list of jobs is not up to date: its newest request failed.
    private(set) var listOutage: Outage?
    /// Why runs are not up to date: requests of this cycle, or of the one before, failed.
    private(set) var runsOutage: Outage?
    private var runsOutageOfThisCycle: Outage?
    /// What the operator asked for, until the poller says what it does.
    private var pauseWish: Bool?

    init(interval: PollingInterval) { self.interval = interval }

    /// Why the data is not up to date, if it is not: the runs first, the list of jobs else.
    var outage: Outage? {
        guard var outage = runsOutage, let listOutage else { return runsOutage ?? listOutage }
        outage.since = min(outage.since, listOutage.since)
        if listOutage.error.summary != outage.error.summary { outage.others += 1 }
        return outage
    }

    /// Counts a failed request for runs; it is shown at once, not at the end of its cycle.
    mutating func runsFailed(_ error: RequestFailure, at now: Date) {
        var outage = runsOutageOfThisCycle ?? Outage(error: error, since: runsOutage?.since ?? now, others: 0)
        if error.summary != outage.error.summary { outage.others += 1 }
        runsOutageOfThisCycle = outage
        runsOutage = outage
    }

    /// The list of jobs failed: its outage lasts until it is answered, however many cycles end well in between.
    mutating func listFailed(_ error: RequestFailure, at now: Date) {
        listOutage = Outage(error: error, since: listOutage?.since ?? now, others: 0)
    }

    /// The list of jobs was answered.
    mutating func listAnswered(at moment: Date) {
        jobsListed = moment
        listOutage = nil
    }

    /// A cycle ended: one in which no request for runs failed ends their outage.
    mutating func cycleEnded(_ report: CycleReport) {
        lastCycle = report
        runsOutage = runsOutageOfThisCycle
        runsOutageOfThisCycle = nil
    }

    /// Paused, or about to be once the requests under way have ended.
    var isPaused: Bool { pauseWish ?? (phase == .paused || phase == .pausing) }

    /// The command that pauses, or that takes a pause back.
    mutating func togglePause() -> PollCommand {
        let pauses = !isPaused
        pauseWish = pauses
        return pauses ? .pause : .resume
    }

    /// What an operator should know of the newest cycle though no request failed, a sentence each.
    var notes: [SafeText] {
        guard let lastCycle else { return [] }
        var notes = lastCycle.notes.map { SafeText($0) }
        if lastCycle.flaws > 0 {
            let what: SafeText = lastCycle.flaws == 1 ? "1 item or field" : "\(lastCycle.flaws) items or fields"
            let first = lastCycle.firstFlaw.map { SafeText($0) } ?? ""
            // A note may have said it already.
            if first.isEmpty || !lastCycle.notes.contains(where: { $0 == lastCycle.firstFlaw }) {
                notes.append(what + " could not be used" + (first.isEmpty ? "" : ", the first: " + first))
            }
        }
        return notes
    }
}

/// Requests that fail: the first failure, and how many failed for another reason.
struct Outage: Equatable, Sendable {
    var error: RequestFailure
    /// Since when there has been no cycle without a failure.
    var since: Date
    var others: Int
}

/// The board in a few figures, computed once when the rows are sorted.
struct BoardSummary: Hashable, Sendable {
    var counts = BoardCounts()
    /// Jobs whose runs have not been asked for yet: nothing is known of them, good or bad.
    var notAsked = 0
    /// Jobs that are shown as the history last saw them: they have not been asked for yet either.
    var remembered = 0
    /// When the row longest without an answer got one; `nil` while there is no answer at all.
    var oldestAnswer: Date?
    var newestAnswer: Date?

    /// Until when time alone changes no count.
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
