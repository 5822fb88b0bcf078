import Foundation
import Runs
import Screen

/// The dashboard's state of actions: whether they are allowed, the newest records, and the marked jobs.
package struct ActionsState: Hashable, Sendable {
    /// Whether actions are allowed. This is only for display; the gate decides when effects are carried out.
    package var isAllowed: Bool
    /// Whether the user must type the name of the place.
    package var isProtected: Bool
    /// The marked jobs. A mark stays with its job when rows move.
    var marked: Set<JobID> = []
    /// The newest record of each job with an action.
    private(set) var records: [JobID: ActionRecord] = [:]
    /// The actions that the user has confirmed, by job, until there is a record of each.
    private(set) var pending: [JobID: RunAction] = [:]
    /// The records with an unknown outcome that the user has hidden.
    private var hidden: Set<String> = []
    /// Whether the user wanted to quit and was warned that an action is in progress.
    var hasWarnedOfQuitting = false
    /// The number of prompts so far; it gives each prompt a number.
    var prompts = 0

    package init(isAllowed: Bool = false, isProtected: Bool = false) {
        self.isAllowed = isAllowed
        self.isProtected = isProtected
    }

    mutating func note(_ record: ActionRecord) {
        let job = record.action.target.job
        pending[job] = nil
        if let other = records[job], other.begun > record.begun { return }
        records[job] = record
    }

    mutating func confirm(_ actions: [RunAction]) { for action in actions { pending[action.target.job] = action } }

    /// The gate has refused the confirmed actions.
    mutating func refuse() { pending = [:] }

    /// Whether the outcome of an action is still unknown.
    var isUnderWay: Bool { !pending.isEmpty || records.values.contains { $0.ended == nil } }

    /// How long a row shows the newest action after its outcome is known, and again after its run ended, in seconds.
    static let shown: TimeInterval = 120
    /// A run that ends later than this after the action says nothing of it.
    static let followed: TimeInterval = 3_600

    /// The record of the newest action that a row shows; an unconfirmed one stays.
    func record(of job: JobID, at now: Date) -> ActionRecord? {
        guard let record = records[job] else { return nil }
        guard let ended = record.ended, record.outcome != .unconfirmed else { return record }
        return now.timeIntervalSince(ended) < Self.shown ? record : nil
    }

    /// The same; the row of a job shows it again when the run of the action has ended.
    func record(of entry: JobEntry, at now: Date) -> ActionRecord? {
        if let record = record(of: entry.id, at: now) { return record }
        guard let record = records[entry.id], record.outcome == .confirmed,
            let run = entry.runs.first(where: { $0.id.key == record.runKey }),
            !run.status.isActive, let end = run.ended, end > record.begun,
            end.timeIntervalSince(record.begun) < Self.followed, now.timeIntervalSince(end) < Self.shown
        else { return nil }
        return record
    }

    /// The actions whose outcome is unknown and is no longer polled: one line each.
    var openOutcomes: [String] {
        unknown.filter { !hidden.contains($0.id) }.sorted { $0.begun < $1.begun }.map {
            "\($0.action.name) of \($0.action.target.jobName): \($0.outcome.words); check the run. Esc hides this."
        }
    }

    private var unknown: [ActionRecord] { records.values.filter { $0.outcome == .unconfirmed && $0.ended != nil } }

    /// Removes the unknown outcomes from the banner. The rows and the journal keep them.
    mutating func hideOpenOutcomes() { hidden = Set(unknown.map(\.id)) }

    /// Whether the text of a row changes every second.
    func countsSeconds(at now: Date) -> Bool {
        records.keys.contains { job in
            record(of: job, at: now).map { now.timeIntervalSince($0.begun) < Self.shown + 60 } ?? false
        }
    }
}

extension ActionRecord {
    /// The key of the run that the action changed or started.
    var runKey: String? { startedRun ?? action.target.run?.key }

    /// The text in a job's row, as long as the width allows: `repair sent 12s ago by you`.
    ///
    /// - Parameter isOther: whether the row shows another run than that of the action.
    func rowText(width: Int, isOther: Bool = false, at now: Date) -> SafeText {
        let age = TimeText.age(of: begun, at: now)
        var what: SafeText =
            switch (outcome, action.verb) {
            case (.confirmed, .repair): "repaired"
            case (.confirmed, .trigger): "started"
            case (.confirmed, .cancel): "canceled"
            case (.failed, _): SafeText("\(action.name) not sent")
            case (_, _):
                SafeText("\(action.name) \(outcome == .unconfirmed ? Outcome.unconfirmed.words : outcome.rawValue)")
            }
        if isOther { what = "another run " + what }
        let brief: SafeText = outcome == .unconfirmed ? SafeText(Outcome.unconfirmed.words) : what
        let texts: [SafeText] = [what + " \(age) ago by you", what + " \(age) ago", what, brief]
        return texts.first { $0.width <= width } ?? what.truncated(to: width)
    }

    var role: Role {
        switch outcome {
        case .sent: .running
        case .confirmed: .notice
        case .refused, .failed: .late
        case .unconfirmed: .broken
        }
    }
}
