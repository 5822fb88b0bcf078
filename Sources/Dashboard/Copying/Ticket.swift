import Foundation
import Runs
import Screen

/// The text of a ticket about a job or a run, in Markdown. Times are UTC: its reader may live in another time zone.
struct Ticket {
    let text: String

    /// - Parameter outage: why the data is not up to date; `nil` if it is.
    init(of subject: CopySubject, place: PlaceLabel, outage: Outage?, at now: Date) {
        let writer = TicketWriter(subject: subject, place: place, outage: outage, now: now)
        text =
            ([writer.title, ""] + writer.facts + writer.verdicts + writer.cause + writer.trace).joined(separator: "\n")
            + "\n"
    }
}

/// Writes the parts of a ticket.
private struct TicketWriter {
    let subject: CopySubject
    let place: PlaceLabel
    let outage: Outage?
    let now: Date

    private static let utc = WallClock { _ in 0 }
    /// How many lines of the start and the end of a longer trace the ticket contains.
    private static let (firstLines, lastLines) = (10, 20)

    private func code(_ text: String) -> String { Markdown.code(SafeText(text)) }

    private func moment(_ date: Date?) -> String? { date.map { Self.utc.dateAndTime($0).plainText + " UTC" } }

    var title: String {
        let job = code(subject.jobName ?? subject.job.key)
        return subject.run.map { "### \(job): \(Markdown.code($0.status.word))" } ?? "### \(job)"
    }

    var facts: [String] {
        let run = subject.run
        let job = [subject.jobName, subject.job.key].compactMap(\.self).map(code).joined(separator: ", key ")
        let runNames = run.map { run in
            [run.name, run.id.key].compactMap(\.self).filter { !$0.isEmpty }.map(code).joined(separator: ", key ")
        }
        let freshness = subject.entry?.freshness
        let failure = freshness?.reason
        let requestID = outage.flatMap { $0.error.summary == failure ? $0.error.opcRequestID : nil }
        let facts: [(String, String?)] = [
            ("Job", job),
            (
                "Place",
                "\(code(place.region)), workspace \(code(place.workspace)), instance \(code(subject.job.place.instanceID))"
            ),
            ("Workspace key", code(subject.job.place.workspaceKey)),
            ("Run", runNames),
            ("Trigger", run?.launch.map { code($0.wireValue) }),
            ("Created", moment(run?.created)),
            ("Started", moment(run?.started)),
            ("Ended", moment(run?.ended)),
            ("Took", run?.duration(at: seen).map { duration($0) }),
            ("Message", run?.stateMessage.flatMap { firstLine(of: $0) }),
            ("Not current", failure.map(code)),
            ("opc-request-id", requestID.map(code)),
            ("As of", moment(freshness?.lastAnswer ?? now)),
        ]
        return facts.compactMap { label, value in value.map { "- \(label): \($0)" } }
    }

    /// Until when an active run is known to be active.
    private var seen: Date { subject.entry?.moment(at: now) ?? now }

    private func duration(_ duration: Duration) -> String {
        let took = TimeText.duration(duration).plainText
        guard let usual = subject.entry?.statistics.duration else { return took }
        let ratio = usual.ratio(of: duration).map { ", \(TimeText.ratio($0, times: "x").plainText) the usual" } ?? ""
        return "\(took)\(ratio): \(usual.text.plainText)"
    }

    private func firstLine(of message: String) -> String? {
        SafeText.lines(ofTerminalOutput: String(message.prefix(2_000))).first { !$0.withoutLeadingSpaces.isEmpty }
            .map { Markdown.code($0) }
    }

    /// The verdicts on the job, with reasons.
    var verdicts: [String] {
        let verdicts = subject.entry?.assessment(at: now).verdicts ?? []
        guard !verdicts.isEmpty else { return [] }
        return ["", "What is wrong with the job:", ""]
            + verdicts.map { verdict in
                "- \(verdict.kind.rawValue) since \(moment(verdict.since) ?? ""): \(SafeText(verdict.reason).plainText)"
            }
    }

    var cause: [String] {
        guard let cause = subject.cause else { return [] }
        return ["", "Cause:", ""] + Markdown.fenced([SafeText(cause)])
    }

    var trace: [String] {
        guard let trace = subject.run?.errorTrace, !trace.isEmpty else { return [] }
        let excerpt = TraceExcerpt(of: trace, first: Self.firstLines, last: Self.lastLines)
        return ["", "Error trace (\(excerpt.count) \(excerpt.count == 1 ? "line" : "lines")):", ""]
            + Markdown.fenced(excerpt.lines)
    }
}

/// The first and the last lines of an error trace, which may be megabytes long.
struct TraceExcerpt {
    /// How many lines the trace has.
    let count: Int
    let lines: [SafeText]

    /// Each line is cut at 400 columns.
    init(of trace: String, first: Int, last: Int) {
        // The line end of the last line starts no further line.
        let source = trace.utf8.last == UInt8(ascii: "\n") ? trace.dropLast() : trace[...]
        let bytes = source.utf8
        count = bytes.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        guard count > first + last + 1 else {
            lines = Self.lines(of: source)
            return
        }
        let head = Self.end(ofLine: first, in: bytes)
        let tail = Self.start(ofLastLines: last, in: bytes)
        let omitted: SafeText = "[\(count - first - last) lines left out]"
        lines = Self.lines(of: source[..<head]) + [omitted] + Self.lines(of: source[tail...])
    }

    private static func lines(of text: Substring) -> [SafeText] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            // A scalar has at most four bytes, so only text far beyond the last column is cut.
            let kept = String(decoding: line.prefix(8_000), as: UTF8.self)
            return (SafeText.lines(ofTerminalOutput: kept).first ?? "").truncated(to: 400)
        }
    }

    private static func end(ofLine number: Int, in bytes: Substring.UTF8View) -> Substring.Index {
        var left = number
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            left -= 1
            if left == 0 { return index }
        }
        return bytes.endIndex
    }

    private static func start(ofLastLines count: Int, in bytes: Substring.UTF8View) -> Substring.Index {
        var left = count
        var index = bytes.endIndex
        while index > bytes.startIndex {
            let before = bytes.index(before: index)
            if bytes[before] == UInt8(ascii: "\n") {
                left -= 1
                if left == 0 { return index }
            }
            index = before
        }
        return index
    }
}
