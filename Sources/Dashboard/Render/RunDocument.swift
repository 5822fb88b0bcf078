import Foundation
import Runs
import Screen

/// A line of a text on the screen, with how it looks.
struct DocumentLine {
    let text: SafeText
    var role: Role = .text
    /// How many columns at its start are a label.
    var labelColumns = 0
}

/// One run as a text: its facts, its message, its tasks, its error trace.
struct RunDocument {
    let lines: [DocumentLine]
    let tasksStart: Int
    /// The first line of the error trace.
    let traceStart: Int
    let rootCauseLine: Int?

    init(of view: RunView, in state: DashboardState) {
        var lines = Self.summary(of: view, in: state)
        lines += Self.message(of: view)
        tasksStart = lines.count
        lines += Self.tasks(of: view, in: state)
        lines += [DocumentLine(text: ""), Self.traceTitle(of: view.trace)]
        traceStart = lines.count
        rootCauseLine = view.trace.rootCause.map { [traceStart] in $0 + traceStart }
        lines += view.trace.lines.enumerated().map { index, text in
            DocumentLine(text: text, role: index == view.trace.rootCause ? .broken : .text)
        }
        self.lines = lines
    }

    private static func summary(of view: RunView, in state: DashboardState) -> [DocumentLine] {
        let run = view.run
        let entry = state.board[run.jobKey]
        var lines = [
            DocumentLine(
                text: state.appearance.glyphs.status(run.status)
                    + " \(run.status.word)  \(entry?.name ?? run.jobName ?? run.jobKey.rawValue)",
                role: .status(run.status))
        ]
        if !view.isListed {
            lines.append(
                DocumentLine(text: "No longer among the job's recent runs: this is how it was last seen.", role: .stale)
            )
        }
        if let cause = view.trace.rootCause {
            lines.append(fact("Cause", view.trace.lines[cause].description.trimmingSpaces, role: .broken))
        }
        lines.append(DocumentLine(text: ""))
        return lines + facts(of: run, entry: entry, in: state)
    }

    private static func facts(of run: JobRun, entry: JobEntry?, in state: DashboardState) -> [DocumentLine] {
        func moment(_ date: Date?) -> SafeText? {
            date.map { state.clock.dateAndTime($0) + "  (\(TimeText.age(of: $0, at: state.now)) ago)" }
        }
        let duration = run.duration(at: state.now)
        let ratio = duration.flatMap { entry?.usual?.ratio(of: $0) }
        let usual: SafeText? = entry?.usual.map { usual in
            let ratioText = ratio.map {
                "; this one \(TimeText.ratio($0, times: state.appearance.glyphs.times))" as SafeText
            }
            return "\(TimeText.duration(usual.median))" + (ratioText ?? "")
        }
        let created: SafeText? = [run.createdByName, run.createdBy].compactMap(\.self).filter { !$0.isEmpty }
            .map { SafeText($0) }.joined(separator: "  ")
        let facts: [(SafeText, SafeText?)] = [
            ("Run", run.name.map { SafeText($0) }),
            ("Run key", SafeText(run.key.rawValue)),
            ("Job key", SafeText(run.jobKey.rawValue)),
            ("Trigger", run.launch.map { SafeText($0.wireValue) }),
            ("Created by", created),
            ("Runs as", run.runAs.map { SafeText($0) }),
            ("Created", moment(run.created)),
            ("Waited", run.queueWait(at: state.now).map { TimeText.duration($0) }),
            ("Started", moment(run.started)),
            ("Ended", moment(run.ended) ?? (run.status.isActive ? "not yet" : nil)),
            ("Took", duration.map { TimeText.duration($0) }),
            ("Usually", usual),
            ("Updated", moment(run.updated)),
            ("Canceled", run.isUserCanceledOrTimedOut.map { $0 ? "by a user, or by its time-out" : "no" }),
            ("Data", entry?.freshness.lastAnswer.map { "\(TimeText.age(of: $0, at: state.now)) old" }),
            ("Stale", entry?.freshness.reason.map { SafeText($0) }),
        ]
        return facts.map { label, value in
            value.map { fact(label, $0.description) } ?? fact(label, state.appearance.glyphs.nothing.description)
        }
    }

    private static func message(of view: RunView) -> [DocumentLine] {
        guard let message = view.run.stateMessage, !message.isEmpty else { return [] }
        return [DocumentLine(text: ""), DocumentLine(text: "State message", role: .title)]
            + SafeText.lines(of: message).map { DocumentLine(text: $0) }
    }

    private static func tasks(of view: RunView, in state: DashboardState) -> [DocumentLine] {
        let title = { (text: SafeText) in [DocumentLine(text: ""), DocumentLine(text: text, role: .title)] }
        switch view.tasks {
        case .asked: return title("Tasks") + [DocumentLine(text: "  asking the service", role: .quiet)]
        case .failed(let reason): return title("Tasks") + [DocumentLine(text: "  not listed: \(reason)", role: .late)]
        case .listed(let tasks) where tasks.isEmpty:
            return title("Tasks") + [DocumentLine(text: "  the service lists none", role: .quiet)]
        case .listed(let tasks):
            return title("Tasks (\(tasks.count))") + tasks.map { line(of: $0, in: state) }
        }
    }

    private static func line(of task: TaskRun, in state: DashboardState) -> DocumentLine {
        let glyph = state.appearance.glyphs.status(task.status)
        let took = task.duration(at: state.now).map { TimeText.duration($0) } ?? state.appearance.glyphs.nothing
        let started = task.started.map { state.clock.short($0, at: state.now) } ?? ""
        let name = [task.name, task.taskKey].lazy.compactMap(\.self).first { !$0.isEmpty } ?? task.key
        var text: SafeText = "  \(glyph) "
        text += task.status.word.padded(to: 18) + took.padded(to: 8) + started.padded(to: 13) + SafeText(name)
        if let attempt = task.retryAttempt, attempt > 0 { text += "  (retry \(attempt))" }
        if let message = task.stateMessage, !message.isEmpty { text += "  \(message)" }
        return DocumentLine(text: text, role: .status(task.status))
    }

    private static func traceTitle(of trace: ErrorTrace) -> DocumentLine {
        if trace.lines.isEmpty { return DocumentLine(text: "No error trace", role: .quiet) }
        let lines: SafeText = trace.lines.count == 1 ? "line" : "lines"
        return DocumentLine(text: "Error trace (\(trace.lines.count) \(lines))", role: .title)
    }

    private static func fact(_ label: SafeText, _ value: String, role: Role = .text) -> DocumentLine {
        let label = label.padded(to: 12)
        return DocumentLine(text: label + SafeText(value), role: role, labelColumns: label.width)
    }
}

extension SafeText {
    /// The text with spaces after it up to a width.
    func padded(to columns: Int) -> SafeText {
        self + SafeText(String(repeating: " ", count: max(columns - width, 0)))
    }
}

extension Array where Element == SafeText {
    func joined(separator: SafeText) -> SafeText? {
        guard let first else { return nil }
        return dropFirst().reduce(first) { $0 + separator + $1 }
    }
}

extension String {
    fileprivate var trimmingSpaces: String { String(drop { $0 == " " }) }
}
