import Foundation
import Runs
import Screen

/// One run as a text: its facts, its message, its tasks, its error trace.
struct RunDocument: Hashable, Sendable {
    private(set) var text = Document()
    private(set) var tasksStart = 0
    /// The first line of the error trace.
    private(set) var traceStart = 0
    private(set) var rootCauseLine: Int?

    /// An empty text.
    init() {}

    /// - Parameters:
    ///   - entry: the run's job; `nil` if the service no longer lists it.
    ///   - nodes: the tasks of the job; empty if unknown.
    ///   - recurrence: whether its job has failed for the same cause before.
    ///   - width: the width of the text, which decides whether tasks have bars.
    init(
        of view: RunView, entry: JobEntry?, nodes: [TaskNode], recurrence: CauseRecurrence? = nil, width: Int,
        glyphs: Glyphs, clock: WallClock,
        at now: Date
    ) {
        let writer = RunWriter(
            view: view, entry: entry, nodes: nodes, recurrence: recurrence, width: width, glyphs: glyphs, clock: clock,
            now: now)
        let head = writer.summary + writer.facts + writer.details + writer.message
        let lines = head + writer.tasks + [DocumentLine(text: ""), writer.traceTitle]
        let trace = view.trace
        text = Document(lines, trace: trace, glyphs: glyphs)
        tasksStart = head.count
        traceStart = lines.count
        if let cause = trace.rootCause { rootCauseLine = lines.count + cause }
    }
}

/// Writes the parts of a run's text.
private struct RunWriter {
    let view: RunView
    let entry: JobEntry?
    let nodes: [TaskNode]
    let recurrence: CauseRecurrence?
    let width: Int
    let glyphs: Glyphs
    let clock: WallClock
    let now: Date

    /// The status and the job, why the run is not current, and the cause of its failure.
    var summary: [DocumentLine] {
        let run = view.run
        let lastSeen: SafeText =
            view.lastSeen.map { "the run as it was \(TimeText.age(of: $0, at: now)) ago" }
            ?? "the run as last seen"
        var lines = [
            DocumentLine(
                text: glyphs.status(run.status)
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
        if let recurrence { lines.append(fact("Before", recurrence.text(at: now))) }
        lines.append(DocumentLine(text: ""))
        return lines
    }

    /// The fields of the run. A missing field is a dash, except for fields that only a few runs have.
    var facts: [DocumentLine] {
        let run = view.run
        let lastKnown = view.lastKnown(at: now)
        func moment(_ date: Date?) -> SafeText? {
            date.map { clock.dateAndTime($0) + "  (\(TimeText.age(of: $0, at: now)) ago)" }
        }
        let duration = run.duration(at: lastKnown)
        let usual: SafeText? = entry?.statistics.duration.map { usual in
            let ratio = duration.flatMap { usual.ratio(of: $0) }
            return usual.text + (ratio.map { "; this one \(TimeText.ratio($0, times: glyphs.times))" } ?? "")
        }
        let created = [run.createdByName, run.createdBy].compactMap(\.self).filter { !$0.isEmpty }
            .map { SafeText($0) }
        let facts: [(SafeText, SafeText?)] = [
            ("Run", run.name.map { SafeText($0) }),
            ("Run key", SafeText(run.id.key)),
            ("Job key", SafeText(run.job.key)),
            ("Trigger", run.launch.map { SafeText($0.wireValue) }),
            ("Created by", created.isEmpty ? nil : created.joined(separator: "  ")),
            ("Runs as", run.runAs.map { SafeText($0) }),
            ("Created", moment(run.created)),
            ("Waited", run.queueWait(at: lastKnown).map { TimeText.duration($0) }),
            ("Started", moment(run.started)),
            ("Ended", moment(run.ended) ?? (run.status.isActive ? "not yet" : nil)),
            ("Took", duration.map { TimeText.duration($0) }),
            ("Usually", usual),
            ("Updated", moment(run.updated)),
            ("Data", view.lastSeen.map { "\(TimeText.age(of: $0, at: now)) old" }),
        ]
        let rareFacts: [(SafeText, SafeText?)] = [
            ("Canceled", run.isUserCanceledOrTimedOut == true ? "by a user, or by its time-out" : nil),
            ("Stale", entry?.freshness.reason.map { SafeText($0) }),
        ]
        return facts.map { fact($0, $1 ?? glyphs.nothing) } + progress(at: lastKnown)
            + rareFacts.compactMap { label, value in value.map { fact(label, $0) } }
    }

    /// The progress of an active run, and its expected end.
    private func progress(at moment: Date) -> [DocumentLine] {
        guard view.standing == .listed, let entry, let bar = entry.progress(of: view.run, at: moment) else { return [] }
        let label = Part(("Progress" as SafeText).padded(to: 12), .quiet)
        let parts = [label] + bar.parts(width: 30, glyphs: glyphs)
        guard let end = entry.assessment(at: now).expectedEnd, entry.leadingRun(at: now)?.id == view.run.id else {
            return [DocumentLine(parts)]
        }
        return [
            DocumentLine(parts),
            fact("Should end", end.text(clock, at: now) + (end.latest < now ? ": not ended yet" : "")),
        ]
    }

    var message: [DocumentLine] {
        guard let message = view.run.stateMessage, !message.isEmpty else { return [] }
        return [DocumentLine(text: ""), DocumentLine(text: "State message", role: .title)]
            + SafeText.lines(ofTerminalOutput: message).map { DocumentLine(text: $0) }
    }

    var tasks: [DocumentLine] {
        let list = view.tasks
        var title: SafeText = "Tasks"
        if let tasks = list.tasks { title += " (\(tasks.count))" }
        if let answered = list.answered { title += ", \(TimeText.age(of: answered, at: now)) old" }
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
        let lastKnown = view.tasksLastKnown(at: now)
        let tree = TaskTree(tasks, nodes: nodes, glyphs: glyphs, at: lastKnown)
        return lines + tree.rows.map { line(of: $0, in: tree, lastKnown: lastKnown) }
    }

    /// The smallest width at which tasks have bars on a common time axis.
    private static let widthForBars = 120

    private func line(of row: TaskTree.Row, in tree: TaskTree, lastKnown: Date) -> DocumentLine {
        let barColumns = width >= Self.widthForBars ? 30 : 0
        guard let task = row.task else {
            let blank = SafeText.spaces(barColumns > 0 ? barColumns + 2 : 0)
            let text = ("  \(glyphs.nothing) not run" as SafeText).padded(to: 43) + blank + row.branch + row.name
            return DocumentLine(text: text, role: .quiet)
        }
        let glyph = glyphs.status(task.status)
        let took = task.duration(at: lastKnown).map { TimeText.duration($0) } ?? glyphs.nothing
        let started = task.started.map { clock.short($0, at: now) } ?? ""
        var text: SafeText = "  \(glyph) "
        text += task.status.word.padded(to: 18) + took.padded(to: 8) + started.padded(to: 13)
        if barColumns > 0 {
            let bar = tree.bar(of: task, width: barColumns, glyphs: glyphs, at: lastKnown).map(\.text).joined()
            text += bar.padded(to: barColumns + 2)
        }
        text += row.branch + row.name
        if let attempt = task.retryAttempt, attempt > 0 { text += "  (retry \(attempt))" }
        if let message = task.stateMessage, !message.isEmpty {
            text += "  " + SafeText.lines(ofTerminalOutput: message).joined(separator: " ")
        }
        return DocumentLine(text: text, role: .status(task.status))
    }

    var traceTitle: DocumentLine {
        let trace = view.trace
        if view.text.isBeingRead { return DocumentLine(text: "Reading the error trace", role: .quiet) }
        if trace.lines.isEmpty { return DocumentLine(text: "No error trace", role: .quiet) }
        let count = trace.lines.numberedLines
        let lines: SafeText = count == 1 ? "line" : "lines"
        return DocumentLine(text: "Error trace (\(count) \(lines))", role: .title)
    }

    private func fact(_ label: SafeText, _ value: SafeText, role: Role = .text) -> DocumentLine {
        DocumentLine.fact(label, value, role: role)
    }

    /// The fields that only a single run has: the parts of its duration, its parameters, related runs, and repairs.
    var details: [DocumentLine] {
        var lines: [DocumentLine] = []
        if let failure = view.detailsFailure {
            lines.append(fact("Details", "not read: \(failure)", role: .late))
        }
        guard let details = view.details else { return lines }
        let times: [(SafeText, Duration?)] = [
            ("setup", details.setup), ("execution", details.execution), ("clean-up", details.cleanup),
        ]
        let shares = times.compactMap { name, duration in duration.map { name + " " + TimeText.duration($0) } }
        if !shares.isEmpty { lines.append(fact("Times", shares.joined(separator: ", "))) }
        if let parent = details.parent { lines.append(fact("Parent run", SafeText(parent))) }
        if let root = details.root, root != details.parent { lines.append(fact("Root run", SafeText(root))) }
        for (index, parameter) in details.parameters.enumerated() {
            lines.append(
                fact(index == 0 ? "Parameters" : "", SafeText(parameter.name) + " = " + SafeText(parameter.value)))
        }
        guard !details.attempts.isEmpty else { return lines }
        return lines + [
            DocumentLine(text: ""), DocumentLine(text: "Attempts (\(details.attempts.count))", role: .title),
        ] + details.attempts.map { DocumentLine.attempt($0, glyphs: glyphs, clock: clock, at: now) }
    }
}
