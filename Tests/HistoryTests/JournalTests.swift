import Foundation
import Runs
import Testing

@testable import History

/// Writes actions and reads them back.
@Suite("The journal in the history")
struct JournalTests {
    private let folder: HistoryFolder

    init() throws { folder = try HistoryFolder() }

    private func record(_ id: String, _ verb: RunAction.Verb, after seconds: Double = 0) -> ActionRecord {
        let job = JobID(place: Sample.place, key: "job\u{0}1")
        let run = RunID(job: job, key: "3f2504e0-4f89-41d3-9a0c-0305e82c3301")
        let known = ActionTarget.KnownRun(status: .unknown("ODD"), updated: Sample.now)
        return ActionRecord(
            id: id,
            action: RunAction(verb, of: ActionTarget(job: job, jobName: "orders\u{1B}[2J", run: run, known: known)),
            begun: Sample.now.addingTimeInterval(seconds),
            actor: .init(systemUser: "ada", principal: "ocid1.user.oc1..ada"), placeName: "sales")
    }

    @Test("every field of every kind of action is read back, newest first")
    func roundTrip() async throws {
        let history = folder.history()
        var records = [
            record("a", .repair(RunRepair(.rerun, tasks: ["load, all", "publish"]))),
            record(
                "b", .trigger([RunParameter(name: "day", value: "a=b, c\n"), .init(name: "x", value: "")]), after: 1),
            record("c", .cancel, after: 2),
        ]
        for record in records { try await history.keep(record) }
        records[0] = records[0].ended(.refused, "The run has changed.", at: Sample.now.addingTimeInterval(3))
        records[0].requestID = "request"
        records[1].startedRun = "new"
        for record in records.prefix(2) { try await history.keep(record) }
        let read = try await folder.history().newestActions(10)
        #expect(read == records.reversed())
        #expect(try await folder.history().newestActions(1).map(\.id) == ["c"])
    }

    @Test("pruning removes runs, but not the journal")
    func pruning() async throws {
        let history = folder.history()
        try await history.record(Sample.cycle([Sample.run("r")]))
        try await history.keep(record("a", .cancel))
        _ = try await history.prune(before: Sample.now.addingTimeInterval(1e7))
        #expect(try await history.runs().isEmpty)
        #expect(try await history.newestActions(10).count == 1)
    }
}
