import Foundation
import Runs
import Screen

/// The question before an action: what to do, to which run, where, and with what effect. Its targets do not change.
///
/// Every key means No, except one key without another meaning, or the typed name of a protected place.
struct ActionPrompt: Hashable, Sendable {
    let number: Int
    private(set) var actions: [RunAction]
    /// The user's own command to run, in place of actions.
    private(set) var command: OwnCommandCall?
    /// The targets that are left out, with the reason.
    let leftOut: SafeText?
    /// The typed part of the name of a protected place; `nil` if a key is enough.
    var typedName: LineEditor?
    /// The time from which keys count; `nil` before the prompt was painted.
    private(set) var acceptsKeysFrom: Date?
    /// Whether yes was pressed. It counts if no other key follows at once.
    var isYesPressed = false
    /// When the newest key of the name came.
    private var typed: Date?

    /// For this many seconds after painting, or after a key that did not count, keys do not count.
    static let readingTime: TimeInterval = 0.3
    /// Keys that follow one another faster than this are a burst, as pasted text is, in seconds.
    static let burst: TimeInterval = 0.05

    init(number: Int, actions: [RunAction], leftOut: SafeText? = nil, asksName: Bool = false) {
        self.number = number
        self.actions = actions
        self.leftOut = leftOut
        typedName = asksName ? LineEditor() : nil
    }

    /// The question before one of the user's own commands.
    init(number: Int, command: OwnCommandCall, asksName: Bool) {
        self.init(number: number, actions: [], asksName: asksName)
        self.command = command
    }

    /// Records that the prompt is on the screen.
    mutating func painted(at now: Date) {
        if acceptsKeysFrom == nil { acceptsKeysFrom = now.addingTimeInterval(Self.readingTime) }
    }

    /// Whether a key that was read at this time counts. A key that does not count delays the time for the next.
    mutating func accepts(keyReadAt keyRead: Date) -> Bool {
        guard let acceptsKeysFrom else { return false }
        guard keyRead < acceptsKeysFrom else { return true }
        self.acceptsKeysFrom = max(acceptsKeysFrom, keyRead.addingTimeInterval(Self.readingTime))
        return false
    }

    /// A key of the name was typed.
    mutating func typed(_ name: LineEditor, at now: Date) { (typedName, typed) = (name, now) }

    /// Whether an Enter of this moment belongs to a burst of keys, as a text that is pasted without marks is.
    func isPasted(at now: Date) -> Bool { typed.map { now.timeIntervalSince($0) < Self.burst } ?? false }

    /// The same question for the other repair mode; the user must read it again.
    mutating func switchMode() {
        guard case .repair(let repair) = actions.first?.verb, repair.tasks.isEmpty else { return }
        let mode: RunRepair.Mode = repair.mode == .resume ? .rerun : .resume
        for index in actions.indices { actions[index].verb = .repair(RunRepair(mode)) }
        acceptsKeysFrom = nil
    }

    var canSwitchMode: Bool {
        if case .repair(let repair) = actions.first?.verb { repair.tasks.isEmpty } else { false }
    }

    var confirmation: ActionConfirmation { typedName.map { .placeName($0.text) } ?? .yes }

    private var allTargets: [ActionTarget] { actions.map(\.target) + [command?.target].compactMap(\.self) }

    /// The confirmed requests.
    func requests() -> [ActionRequest] {
        let confirmation = confirmation
        return actions.map { ActionRequest($0, confirmed: confirmation) }
    }

    /// Why nothing can be sent any more: a target has changed or disappeared since the prompt opened; `nil` if none has.
    func problem(on board: JobBoard) -> SafeText? {
        for target in allTargets {
            guard let entry = board[target.job] else { return "\(target.jobName) is no longer listed." }
            guard let run = target.run, let known = target.known else { continue }
            guard let now = entry.runs.first(where: { $0.id == run }) else {
                return "The run of \(target.jobName) is no longer listed."
            }
            if known.isSame(as: .init(now)) { continue }
            return now.status == known.status
                ? "The run of \(target.jobName) has changed since." : "\(target.jobName) is \(now.status.word) now."
        }
        return nil
    }
}

extension ActionPrompt {
    var title: SafeText {
        if let command { return SafeText(command.name) }
        guard let first = actions.first else { return "" }
        return SafeText(first.name)
    }

    /// The first line: the verb and the number of targets.
    private var question: SafeText {
        if command != nil { return "Run this command?" }
        let count = actions.count
        switch actions.first?.verb {
        case .repair(let repair) where count == 1 && repair.tasks.count == 1:
            return "Repair the task \(repair.tasks[0])?"
        case .repair(let repair) where count == 1 && repair.tasks.count > 1:
            return "Repair these \(repair.tasks.count) tasks?"
        case .repair: return count == 1 ? "Repair this run?" : "Repair these \(count) runs?"
        case .cancel: return count == 1 ? "Cancel this run?" : "Cancel these \(count) runs?"
        case .trigger, nil: return count == 1 ? "Run this job now?" : "Run these \(count) jobs now?"
        }
    }

    /// The most lines of the box that say what will happen.
    private static let linesOfConsequence = 3

    /// The tasks that run again: by their names, as many of them as there is room for.
    private static func consequence(of tasks: [String], width: Int) -> SafeText {
        if tasks.count == 1 { return "The task \(tasks[0]) runs again, and those after it." }
        for shown in (1...min(tasks.count, 100)).reversed() {
            let more = tasks.count > shown ? " and \(tasks.count - shown) more" : ""
            let text = SafeText(
                "The tasks " + tasks.prefix(shown).joined(separator: ", ") + more + " run again, and those after them.")
            if shown == 1 || text.wrappedAtSpaces(to: width).count <= linesOfConsequence { return text }
        }
        return ""
    }

    /// What will happen.
    private func consequence(width: Int) -> SafeText {
        switch actions.first?.verb {
        case .repair(let repair) where !repair.tasks.isEmpty:
            return Self.consequence(of: repair.tasks, width: width)
        case .repair(let repair):
            return repair.mode == .resume
                ? "The tasks that did not succeed run again, and those after them." : "All its tasks run again."
        case .trigger(let parameters):
            guard !parameters.isEmpty else { return "A new run starts, with the job's own parameters." }
            return SafeText(
                "A new run starts, with " + parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ", "))
        case .cancel, nil: return "What it has done so far is lost, or left half done."
        }
    }

    /// The lines of the box, at most `width` columns and `rows` rows.
    ///
    /// - Parameter yes: the key for yes.
    func lines(
        place: SafeText, yes: SafeText, problem: SafeText?, width: Int, rows: Int
    ) -> [(text: SafeText, role: Role)] {
        var end: [(SafeText, Role)] = [("", .text)]
        if let command {
            // The command line is shown exactly as it will run, with its spaces.
            end += ("$ " + command.line).wrapped(to: width).map { ($0, .text) }
        } else {
            end += consequence(width: width).wrappedAtSpaces(to: width).prefix(Self.linesOfConsequence).map {
                ($0, .text)
            }
        }
        if let leftOut { end += leftOut.wrappedAtSpaces(to: width).prefix(2).map { ($0, .late) } }
        end.append(("", .text))
        if let problem {
            end += problem.wrappedAtSpaces(to: width).prefix(2).map { ($0, .broken) }
            end.append(("Nothing is sent. Any key closes this.", .title))
        } else if typedName != nil {
            end.append(("The place is protected. Type its name, and Enter:", .title))
            end.append((SafeText(typedName?.text ?? "") + "_", .prompt))
        } else {
            let switching: SafeText = canSwitchMode ? "   Tab " + (isResume ? "all tasks" : "only what failed") : ""
            end.append((yes + " yes   any other key: No" + switching, .title))
        }
        let head: [(SafeText, Role)] = [(question, .title), ("place " + place, .text)]
        guard head.count + 1 + end.count <= rows else {
            // These lines are always shown: the question, the targets, and the answers.
            let last = end.suffix(problem == nil && typedName == nil ? 1 : 2)
            let first = rows >= 5 ? head : Array(head.prefix(1))
            let shown = first + targets(width: width, rows: max(rows - first.count - last.count, 1)) + last
            return shown.map { ($0.0.truncated(to: width), $0.1) }
        }
        let room = rows - head.count - end.count
        return (head + targets(width: width, rows: room) + end).map { ($0.0.truncated(to: width), $0.1) }
    }

    private var isResume: Bool {
        if case .repair(let repair) = actions.first?.verb { repair.mode == .resume } else { false }
    }

    /// The names and keys of the targets, in two lines each if they fit.
    private func targets(width: Int, rows: Int) -> [(SafeText, Role)] {
        let each = allTargets.map { target -> [SafeText] in
            let name: SafeText = "job   " + SafeText(target.jobName)
            let status: SafeText = target.known.map { "  " + $0.status.word } ?? ""
            let key: SafeText = target.run.map { "run   " + SafeText($0.key) } ?? ("key   " + SafeText(target.job.key))
            return [name, key + status]
        }
        let lines = each.flatMap(\.self)
        if lines.count <= rows { return lines.map { ($0, .text) } }
        let short = allTargets.map { target -> SafeText in
            let key = target.run?.key ?? target.job.key
            return SafeText(target.jobName).truncated(to: max(width - 15, 8)) + "  "
                + SafeText(key).truncated(to: 13)
        }
        if short.count <= rows { return short.map { ($0, .text) } }
        return short.prefix(rows - 1).map { ($0, .text) } + [
            ("and \(short.count - rows + 1) more that are marked", .late)
        ]
    }
}
