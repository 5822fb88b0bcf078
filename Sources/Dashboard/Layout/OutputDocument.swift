import Foundation
import Runs
import Screen

/// Writes the output of a task as a text: the task, its attempts, the output, and the error trace.
struct OutputWriter {
    let view: OutputView
    let glyphs: Glyphs
    let clock: WallClock
    let now: Date

    var document: Document {
        Document(summary + tries + notes + [DocumentLine(text: ""), title], trace: view.trace, glyphs: glyphs)
    }

    private var summary: [DocumentLine] {
        let task = view.shownTask
        let attempt = view.tryTitle.map { "  " + $0 } ?? ""
        let head = glyphs.status(task.status) + " \(task.status.word)  \(TaskTree.name(of: task))" + attempt
        var lines = [DocumentLine(text: head, role: .status(task.status))]
        if let cause = view.trace.rootCause {
            var line = DocumentLine.fact("Cause", view.trace.lines[cause].withoutLeadingSpaces, role: .broken)
            line.wraps = true
            lines.append(line)
        }
        let took = task.duration(at: task.status.isActive ? now : view.answered ?? now)
        let parts: [(SafeText, Duration?)] = [
            ("setup", view.output?.setup), ("execution", view.output?.execution), ("clean-up", view.output?.cleanup),
        ]
        let shares = parts.compactMap { name, duration in duration.map { name + " " + TimeText.duration($0) } }
        lines += [
            DocumentLine.fact("Task run", SafeText(view.id.key)),
            DocumentLine.fact("Started", task.started.map { clock.dateAndTime($0) } ?? glyphs.nothing),
            DocumentLine.fact(
                "Took",
                (took.map { TimeText.duration($0) } ?? glyphs.nothing)
                    + (shares.isEmpty ? "" : "  (" + shares.joined(separator: ", ") + ")")),
        ]
        if let message = task.stateMessage, !message.isEmpty {
            let text = SafeText.lines(ofTerminalOutput: message).joined(separator: " ")
            var line = DocumentLine.fact("Message", text)
            line.wraps = true
            lines.append(line)
        }
        return lines
    }

    private var tries: [DocumentLine] {
        let earlier = view.earlierTries
        guard !earlier.isEmpty else { return [] }
        return [DocumentLine(text: ""), DocumentLine(text: "Earlier tries (\(earlier.count))", role: .title)]
            + earlier.map { DocumentLine.attempt($0, glyphs: glyphs, clock: clock, at: now) }
    }

    private var notes: [DocumentLine] {
        var lines: [DocumentLine] = []
        if let failure = view.failure {
            let what: SafeText = view.output == nil ? "The output was not fetched" : "The output was not refreshed"
            lines.append(DocumentLine(text: what + ": \(failure)", role: .late, wraps: true))
        }
        if let output = view.output {
            if !output.exists {
                let what: SafeText = view.earlierTry == nil ? "task" : "try"
                lines.append(DocumentLine(text: "The service has no output of this \(what).", role: .quiet))
            }
            if output.isTruncated, let kept = view.text.read.characters {
                lines.append(
                    DocumentLine(
                        text:
                            "The service kept only a part of this output: \(kept) characters.",
                        role: .late, wraps: true))
            }
        }
        return lines.isEmpty ? [] : [DocumentLine(text: "")] + lines
    }

    private var title: DocumentLine {
        func lines(_ count: Int) -> SafeText { "\(count) \(count == 1 ? "line" : "lines")" }
        let count = view.trace.lines.count
        if view.text.isBeingRead { return DocumentLine(text: "Reading the output", role: .quiet) }
        guard view.output != nil || count > 0 else {
            return DocumentLine(
                text: view.failure == nil ? "Asking the service for the output" : "No output", role: .quiet)
        }
        if count == 0 { return DocumentLine(text: "It printed nothing", role: .quiet) }
        guard view.output != nil, let start = view.text.read.errorStart else {
            let what: SafeText = view.output == nil ? "Error trace" : "Output"
            return DocumentLine(text: what + " (\(lines(count)))", role: .title)
        }
        if start == 0 { return DocumentLine(text: "Error trace (\(lines(count))); it printed nothing", role: .title) }
        return DocumentLine(
            text: "Output (\(lines(start))), then the error trace (\(lines(count - start)))", role: .title)
    }
}

extension DocumentLine {
    /// A label and its value, in separate columns.
    static func fact(_ label: SafeText, _ value: SafeText, role: Role = .text) -> DocumentLine {
        let label = label.padded(to: 12)
        return DocumentLine(text: label + value, role: role, labelColumns: label.width)
    }

    /// One attempt at a run or a task: its number, status, duration, start and message.
    static func attempt(_ attempt: RunAttempt, glyphs: Glyphs, clock: WallClock, at now: Date) -> DocumentLine {
        let number: SafeText = attempt.number.map { "\($0 + 1)" } ?? glyphs.nothing
        var text: SafeText = "  " + number.padded(to: 4) + glyphs.status(attempt.status) + " "
        text += attempt.status.word.padded(to: 18)
        text += (attempt.duration.map { TimeText.duration($0) } ?? glyphs.nothing).padded(to: 8)
        text += (attempt.started.map { clock.short($0, at: now) } ?? "").padded(to: 13)
        if let kind = attempt.kind, !kind.isEmpty { text += SafeText(kind) + "  " }
        if let message = attempt.message, !message.isEmpty {
            text += SafeText.lines(ofTerminalOutput: message).joined(separator: " ")
        }
        return DocumentLine(text: text, role: .status(attempt.status))
    }
}
