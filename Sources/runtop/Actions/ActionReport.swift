import Foundation
import JSON
import Runs
import Screen

/// The output of a command for an action, and of the journal for each of its records.
struct ActionReport {
    let record: ActionRecord
    /// The final status of the run, if the command waited for it.
    var end: RunStatus?
    var waited = false

    /// For people.
    var text: [SafeText] {
        let target = record.action.target
        let details = record.action.details.isEmpty ? "" : " (\(record.action.details))"
        var lines: [SafeText] = [
            SafeText("\(record.action.word) \(target.jobName)\(details): \(record.outcomeWords)"),
            "  " + SafeText(record.answer),
        ]
        func add(_ label: SafeText, _ text: String?) {
            if let text, !text.isEmpty { lines.append("  " + label + SafeText(text)) }
        }
        add("run             ", record.startedRun ?? target.run?.key)
        add("opc-request-id  ", record.requestID)
        if waited, record.outcome == .confirmed {
            lines.append("  " + (end.map { "The run ended: \($0.wireValue)." } ?? "The run is still active."))
        }
        return lines.filter { $0 != "  " }
    }

    /// For scripts.
    var json: String {
        var writer = JSONWriter(pretty: true)
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    func write(to writer: inout JSONWriter) {
        let (action, target) = (record.action, record.action.target)
        writer.object { writer in
            writer.field("action", action.word)
            writer.field(
                "outcome", record.outcome == .sent ? ActionRecord.Outcome.unconfirmed.rawValue : record.outcome.rawValue
            )
            writer.field("answer", record.answer)
            writer.field("details", action.details)
            writer.field("instanceId", target.place.instanceID)
            writer.field("workspaceKey", target.place.workspaceKey)
            writer.field("place", record.placeName)
            writer.field("jobKey", target.job.key)
            writer.field("jobName", target.jobName)
            writer.field("runKey", target.run?.key)
            writer.field("statusBefore", target.known?.status.wireValue)
            writer.field("startedRunKey", record.startedRun)
            if let end { writer.field("endStatus", end.wireValue) }
            if waited { writer.field("isStillActive", record.outcome == .confirmed && end == nil) }
            writer.field("begun", record.begun.formatted(.iso8601))
            writer.field("ended", record.ended?.formatted(.iso8601))
            writer.field("systemUser", record.actor.systemUser)
            writer.field("principal", record.actor.principal)
            writer.field("opcRequestId", record.requestID)
            writer.field("retryToken", record.id)
        }
    }
}
