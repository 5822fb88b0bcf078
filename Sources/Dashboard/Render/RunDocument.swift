import Foundation
import Runs
import Screen

/// A line of a text on the screen, and how it looks.
struct DocumentLine {
    let text: SafeText
    var role: Role = .text
    /// How many columns at its start are a label.
    var labelColumns = 0
    /// Whether it wraps even where the other lines do not.
    var wraps = false
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
            let isCause = index == view.trace.rootCause
            return DocumentLine(text: text, role: isCause ? .broken : .text, wraps: isCause)
        }
        self.lines = lines
    }

    private static func summary(of view: RunView, in state: DashboardState) -> [DocumentLine] {
        let run = view.run
        let entry = state.board[run.job]
        let lastSeen: SafeText =
            view.lastSeen.map { "the run as it was \(TimeText.age(of: $0, at: state.now)) ago" }
            ?? "the run as last seen"
        var lines = [
            DocumentLine(
                text: state.appearance.glyphs.status(run.status)
                    + " \(run.status.word)  \(entry?.name ?? run.jobName ?? run.job.key)",
                role: .status(run.status))
        ]
        switch view.standing {
        case .listed: break
        case .olderThanListed:
            lines.append(DocumentLine(text: "No longer among the job's recent runs: \(lastSeen).", role: .stale))
        case .jobGone:
            lines.append(DocumentLine(text: "The service no longer lists this job: \(lastSeen).", role: .stale))
        }
        if let cause = view.trace.rootCause {
            var line = fact("Cause", view.trace.lines[cause].withoutLeadingSpaces, role: .broken)
            line.wraps = true
            lines.append(line)
        }
        lines.append(DocumentLine(text: ""))
        return lines + facts(of: view, entry: entry, in: state)
    }

    /// The fields of the run. One the service did not send is a dash, except for those that only a few runs have.
    private static func facts(of view: RunView, entry: JobEntry?, in state: DashboardState) -> [DocumentLine] {
        let run = view.run
        let lastKnown = view.lastKnown(at: state.now)
        func moment(_ date: Date?) -> SafeText? {
            date.map { state.clock.dateAndTime($0) + "  (\(TimeText.age(of: $0, at: state.now)) ago)" }
        }
        let duration = run.duration(at: lastKnown)
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
            ("Run key", SafeText(run.id.key)),
            ("Job key", SafeText(run.job.key)),
            ("Trigger", run.launch.map { SafeText($0.wireValue) }),
            ("Created by", created),
            ("Runs as", run.runAs.map { SafeText($0) }),
            ("Created", moment(run.created)),
            ("Waited", run.queueWait(at: lastKnown).map { TimeText.duration($0) }),
            ("Started", moment(run.started)),
            ("Ended", moment(run.ended) ?? (run.status.isActive ? "not yet" : nil)),
            ("Took", duration.map { TimeText.duration($0) }),
            ("Usually", usual),
            ("Updated", moment(run.updated)),
            ("Data", view.lastSeen.map { "\(TimeText.age(of: $0, at: state.now)) old" }),
        ]
        let rareFacts: [(SafeText, SafeText?)] = [
            ("Canceled", run.isUserCanceledOrTimedOut == true ? "by a user, or by its time-out" : nil),
            ("Stale", entry?.freshness.reason.map { SafeText($0) }),
        ]
        return facts.map { fact($0, $1 ?? state.appearance.glyphs.nothing) }
            + rareFacts.compactMap { label, value in value.map { fact(label, $0) } }
    }

    private static func message(of view: RunView) -> [DocumentLine] {
        guard let message = view.run.stateMessage, !message.isEmpty else { return [] }
        return [DocumentLine(text: ""), DocumentLine(text: "State message", role: .title)]
            + SafeText.lines(ofTerminalOutput: message).map { DocumentLine(text: $0) }
    }

    private static func tasks(of view: RunView, in state: DashboardState) -> [DocumentLine] {
        let list = view.tasks
        var title: SafeText = "Tasks"
        if let tasks = list.tasks { title += " (\(tasks.count))" }
        if let answered = list.answered { title += ", \(TimeText.age(of: answered, at: state.now)) old" }
        var lines = [DocumentLine(text: ""), DocumentLine(text: title, role: .title)]
        if let failure = list.failure {
            let what: SafeText = list.tasks == nil ? "not listed" : "not refreshed"
            lines.append(DocumentLine(text: "  \(what): \(failure)", role: .late))
        }
        if let note = list.note { lines.append(DocumentLine(text: "  \(note)", role: .late)) }
        guard let tasks = list.tasks else {
            return list.failure == nil ? lines + [DocumentLine(text: "  asking the service", role: .quiet)] : lines
        }
        if tasks.isEmpty { lines.append(DocumentLine(text: "  the service lists none", role: .quiet)) }
        let lastKnown = view.tasksLastKnown(at: state.now)
        return lines + tasks.map { line(of: $0, lastKnown: lastKnown, in: state) }
    }

    private static func line(of task: TaskRun, lastKnown: Date, in state: DashboardState) -> DocumentLine {
        let glyph = state.appearance.glyphs.status(task.status)
        let took = task.duration(at: lastKnown).map { TimeText.duration($0) } ?? state.appearance.glyphs.nothing
        let started = task.started.map { state.clock.short($0, at: state.now) } ?? ""
        let name = [task.name, task.taskKey].lazy.compactMap(\.self).first { !$0.isEmpty } ?? task.key
        var text: SafeText = "  \(glyph) "
        text += task.status.word.padded(to: 18) + took.padded(to: 8) + started.padded(to: 13) + SafeText(name)
        if let attempt = task.retryAttempt, attempt > 0 { text += "  (retry \(attempt))" }
        if let message = task.stateMessage, !message.isEmpty {
            text += "  " + SafeText.lines(ofTerminalOutput: message).joined(separator: " " as SafeText)
        }
        return DocumentLine(text: text, role: .status(task.status))
    }

    private static func traceTitle(of trace: ErrorTrace) -> DocumentLine {
        if trace.lines.isEmpty { return DocumentLine(text: "No error trace", role: .quiet) }
        let lines: SafeText = trace.lines.count == 1 ? "line" : "lines"
        return DocumentLine(text: "Error trace (\(trace.lines.count) \(lines))", role: .title)
    }

    private static func fact(_ label: SafeText, _ value: SafeText, role: Role = .text) -> DocumentLine {
        let label = label.padded(to: 12)
        return DocumentLine(text: label + value, role: role, labelColumns: label.width)
    }
}

extension PagerLayout {
    /// Lays out the lines of a document.
    init(_ lines: [DocumentLine], size: Size, wraps: Bool) {
        self.init(
            lines: lines.map(\.text), size: size, wraps: wraps,
            alwaysWrapped: Set(lines.indices.lazy.filter { lines[$0].wraps }))
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
