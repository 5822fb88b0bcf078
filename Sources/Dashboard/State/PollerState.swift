import AIDPClient
import Foundation
import Polling
import Screen

/// What the dashboard knows of the poller.
struct PollerState: Equatable, Sendable {
    var phase: PollerPhase = .starting
    /// The interval asked for.
    var interval: Duration
    /// The newest finished cycle.
    var lastCycle: CycleReport?
    /// When the list of jobs was last answered; `nil` before the first time.
    var jobsListed: Date?
    /// What keeps the data from being fresh, if anything.
    var trouble: Trouble?
    /// What this cycle has met so far.
    var troubleOfThisCycle: Trouble?

    init(interval: Duration) { self.interval = interval }

    /// Notes a failed request; it is shown at once, not at the end of its cycle.
    mutating func meet(_ error: ServiceError, at now: Date) {
        let since = trouble?.since ?? now
        var met = troubleOfThisCycle ?? Trouble(error: error, since: since, others: 0)
        if error.summary != met.error.summary { met.others += 1 }
        troubleOfThisCycle = met
        trouble = met
    }

    /// Takes a finished cycle: one without an error ends the trouble.
    mutating func finish(_ report: CycleReport) {
        lastCycle = report
        trouble = troubleOfThisCycle
        troubleOfThisCycle = nil
    }

    var isPaused: Bool { phase == .paused }
}

/// Failed requests of a cycle: the first, and how many failed for another reason.
struct Trouble: Equatable, Sendable {
    var error: ServiceError
    /// Since when no cycle went through.
    var since: Date
    var others: Int
}
