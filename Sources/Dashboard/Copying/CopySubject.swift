import Foundation
import Runs
import Screen

/// What the operator copies from: a job, or one run of it, as it was when the menu opened. What is copied is what the menu
/// showed, whatever has come from the service since.
struct CopySubject: Hashable, Sendable {
    let job: JobID
    /// The job as the board knows it; `nil` when the service no longer lists it.
    let entry: JobEntry?
    /// The run; of a job, the one that says how the job is: the newest failure of a broken job, else the run of its row.
    let run: JobRun?
    /// The task of the run that is selected or shown.
    var task: TaskRun?
    /// Whether the operator chose that run, and not the job.
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

    /// The line that names why the run failed; `nil` for a run that did not.
    var cause: String? {
        guard let run, run.status.isFailure || run.errorTrace?.isEmpty == false else { return nil }
        return failureCause(of: run)
    }
}

/// A thing that can be copied, by its letter in the menu.
enum CopyItem: Hashable, Sendable, CaseIterable {
    case jobName
    case jobKey
    case runKey
    case message
    case cause
    case trace
    case ticket
    case call

    /// It picks the item at once. None of them is a key that moves in the menu or closes it by default.
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

    /// What it is called in the menu, and after “Copied”.
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
    /// The items that there is something to copy of.
    func items(_ calls: RESTCalls) -> [CopyItem] {
        CopyItem.allCases.filter { item in
            switch item {
            case .trace: isRun && run?.errorTrace?.isEmpty == false
            case .ticket: true
            default: line(of: item, calls) != nil
            }
        }
    }

    /// An item as one line, for the menu; `nil` where there is none, and for the ticket and the trace, which are longer.
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

    /// An item as it is copied: what the screen shows, so that a paste types no control character into a shell.
    ///
    /// - Parameter ticket: writes the ticket.
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
