import Foundation
import Runs
import Screen

/// The journal of actions, newest first: a text in a pager.
struct JournalView: Hashable, Sendable {
    /// `nil` until the journal is read.
    private(set) var records: [ActionRecord]?
    private(set) var note: String?
    var pager = Pager(wraps: true)
    /// The text on the screen, from the last `arrange()`.
    private(set) var document = Document()

    mutating func fill(_ records: [ActionRecord], note: String?) {
        self.records = records
        self.note = note
    }

    /// Adds a record, or replaces an earlier state of it.
    mutating func note(_ record: ActionRecord) {
        guard var records else { return }
        records.removeAll { $0.id == record.id }
        self.records = [record] + records
    }

    /// Lays the text out for a part of the screen of this size.
    mutating func show(in size: Size, clock: WallClock, at now: Date) {
        var lines: [DocumentLine] = []
        if let note {
            lines += SafeText(note).wrappedAtSpaces(to: size.columns - 1).map { .init(text: $0, role: .late) }
        }
        switch records {
        case nil: lines.append(DocumentLine(text: "Reading the journal.", role: .quiet))
        case []?: lines.append(DocumentLine(text: "No action has been taken with runtop.", role: .quiet))
        case let records?:
            for record in records {
                if !lines.isEmpty { lines.append(DocumentLine(text: "")) }
                lines += Self.lines(of: record, clock: clock, at: now)
            }
        }
        document = Document(lines)
        let layout = layout(in: size)
        pager.clamp(to: layout)
        pager.lastLine = pager.bottom(in: layout).line
    }

    func layout(in size: Size) -> PagerLayout { PagerLayout(document, size: size, wraps: pager.wraps) }

    private static func lines(of record: ActionRecord, clock: WallClock, at now: Date) -> [DocumentLine] {
        let (action, target) = (record.action, record.action.target)
        let details = action.details.isEmpty ? "" : " (\(action.details))"
        let title = SafeText("\(action.name) \(target.jobName)\(details): ")
        func fact(_ label: SafeText, _ text: String?) -> DocumentLine? {
            guard let text, !text.isEmpty else { return nil }
            return DocumentLine(text: "  " + label + SafeText(text), role: .quiet)
        }
        // A record of another session that is still “sent” was interrupted.
        let words = record.ended == nil && record.outcome == .sent ? "sent, not confirmed yet" : record.outcome.words
        let facts = [
            fact("answer   ", record.answer), fact("run      ", target.run?.key), fact("started  ", record.startedRun),
            fact("job      ", target.job.key), fact("place    ", record.placeName),
            fact("who      ", "\(record.actor.systemUser), \(record.actor.principal)"),
            fact("request  ", record.requestID),
        ]
        let moment = clock.short(record.begun, at: now)
        return [DocumentLine(text: moment + "  " + title + SafeText(words), role: record.role)]
            + facts.compactMap(\.self)
    }
}
