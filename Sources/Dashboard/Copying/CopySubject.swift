import Foundation
import Runs
import Screen

/// The job or run to copy from, as it was when the menu opened: the copied text is the one that the menu showed, even if
/// newer data has arrived.
struct CopySubject: Hashable, Sendable {
    let job: JobID
    /// The job on the board; `nil` if the service no longer lists it.
    let entry: JobEntry?
    /// The run; for a job, the one that shows its health: the newest failure of a broken job, or else the run of its row.
    let run: JobRun?
    /// The selected or shown task of the run.
    var task: TaskRun?
    /// Whether the user selected the run, not the job.
    let isRun: Bool

    /// A job.
    init(_ entry: JobEntry, at now: Date) {
        job = entry.id
        self.entry = entry
        run = entry.health(at: now) == .broken ? entry.latestFailure : entry.leadingRun(at: now)
        isRun = false
    }

    /// A run of a job.
    init(_ run: JobRun, of entry: JobEntry?) {
        job = run.job
        self.entry = entry
        self.run = run
        isRun = true
    }

    var jobName: String? { [entry?.job.name, run?.jobName].lazy.compactMap(\.self).first { !$0.isEmpty } }

    /// The line that names the cause of the failure; `nil` for a run that did not fail.
    var cause: String? {
        guard let run, run.status.isFailure || run.errorTrace?.isEmpty == false else { return nil }
        return failureCause(of: run)
    }
}

/// An item that can be copied, with its letter in the menu.
enum CopyItem: Hashable, Sendable, CaseIterable {
    case jobName
    case jobKey
    case runKey
    case message
    case cause
    case trace
    case ticket
    case call

    /// The key that copies the item. None of them moves in the menu or closes it by default.
    var letter: Character {
        switch self {
        case .jobName: "n"
        case .jobKey: "i"
        case .runKey: "r"
        case .message: "m"
        case .cause: "c"
        case .trace: "e"
        case .ticket: "t"
        case .call: "u"
        }
    }

    /// The name in the menu and in the message “Copied …”.
    func name(of subject: CopySubject) -> SafeText {
        switch self {
        case .jobName: "job name"
        case .jobKey: "job key"
        case .runKey: subject.isRun ? "run key" : "newest run's key"
        case .message: "state message"
        case .cause: "cause"
        case .trace: "error trace"
        case .ticket: "ticket (Markdown)"
        case .call: "REST call"
        }
    }
}

extension CopySubject {
    /// The items that have a text to copy.
    func items(_ calls: RESTCalls) -> [CopyItem] {
        CopyItem.allCases.filter { item in
            switch item {
            case .trace: isRun && run?.errorTrace?.isEmpty == false
            case .ticket: true
            default: line(of: item, calls) != nil
            }
        }
    }

    /// The text of an item in one line, for the menu; `nil` if there is none, and for the ticket and the trace.
    func line(of item: CopyItem, _ calls: RESTCalls) -> SafeText? {
        switch item {
        case .jobName: jobName.map { SafeText($0) }
        case .jobKey: SafeText(job.key)
        case .runKey: (isRun ? run : entry?.runs.first).map { SafeText($0.id.key) }
        case .message: isRun ? message.first { !$0.withoutLeadingSpaces.isEmpty } : nil
        case .cause: cause.map { SafeText($0) }
        case .call: (isRun ? run.flatMap { calls.run($0.id) } : calls.recentRuns(job)).map { SafeText($0) }
        case .trace, .ticket: nil
        }
    }

    private var message: [SafeText] { SafeText.lines(ofTerminalOutput: run?.stateMessage ?? "") }

    /// The text of an item as copied: as the screen shows it, so that a paste types no control characters into a shell.
    ///
    /// - Parameter ticket: creates the ticket.
    func text(of item: CopyItem, _ calls: RESTCalls, ticket: () -> String) -> String? {
        switch item {
        case .ticket: ticket()
        case .message: message.map(\.plainText).joined(separator: "\n")
        case .trace:
            run?.errorTrace.map { LongText($0).plainText }
        default: line(of: item, calls)?.plainText
        }
    }
}
