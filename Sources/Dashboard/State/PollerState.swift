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
    /// Why the list of jobs is not up to date: its newest request failed.
    private(set) var listTrouble: Trouble?
    /// Why runs are not up to date: requests of this cycle, or of the one before, failed.
    private(set) var runsTrouble: Trouble?
    private var runsTroubleOfThisCycle: Trouble?
    /// What the operator asked for, until the poller says what it does.
    private var pauseWish: Bool?

    init(interval: PollingInterval) { self.interval = interval }

    /// Why the data is not up to date, if it is not: the runs first, the list of jobs else.
    var trouble: Trouble? {
        guard var trouble = runsTrouble, let listTrouble else { return runsTrouble ?? listTrouble }
        trouble.since = min(trouble.since, listTrouble.since)
        if listTrouble.error.summary != trouble.error.summary { trouble.others += 1 }
        return trouble
    }

    /// Counts a failed request for runs; it is shown at once, not at the end of its cycle.
    mutating func runsFailed(_ error: RequestFailure, at now: Date) {
        var trouble =
            runsTroubleOfThisCycle ?? Trouble(error: error, since: runsTrouble?.since ?? now, others: 0)
        if error.summary != trouble.error.summary { trouble.others += 1 }
        runsTroubleOfThisCycle = trouble
        runsTrouble = trouble
    }

    /// The list of jobs failed: it stays in trouble until it is answered, however many cycles end well in between.
    mutating func listFailed(_ error: RequestFailure, at now: Date) {
        listTrouble = Trouble(error: error, since: listTrouble?.since ?? now, others: 0)
    }

    /// The list of jobs was answered.
    mutating func listAnswered(at moment: Date) {
        jobsListed = moment
        listTrouble = nil
    }

    /// A cycle ended: one in which no request for runs failed ends their trouble.
    mutating func cycleEnded(_ report: CycleReport) {
        lastCycle = report
        runsTrouble = runsTroubleOfThisCycle
        runsTroubleOfThisCycle = nil
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

/// Failed requests: the first, and how many failed for another reason.
struct Trouble: Equatable, Sendable {
    var error: RequestFailure
    /// Since when there has been no cycle without a failure.
    var since: Date
    var others: Int
}
