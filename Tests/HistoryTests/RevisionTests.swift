import Foundation
import Runs
import Testing

@testable import History

@Suite("The newer of two states of a run is stored")
struct RevisionTests {
    private struct Case: CustomStringConvertible {
        let description: String
        let kept: RunRevision
        let incoming: RunRevision
        let replaces: Bool

        init(_ description: String, _ kept: RunRevision, _ incoming: RunRevision, _ replaces: Bool) {
            (self.description, self.kept, self.incoming, self.replaces) = (description, kept, incoming, replaces)
        }
    }

    private static func live(_ status: RunStatus, updated: Int64? = 100, seen: Int64 = 200) -> RunRevision {
        RunRevision(updated: updated, seen: seen, status: status)
    }

    private static func file(_ status: RunStatus, updated: Int64? = 100, seen: Int64 = 100) -> RunRevision {
        RunRevision(updated: updated, seen: seen, status: status, isImported: true)
    }

    private static let cases = [
        Case("seen later", live(.queued), live(.running, seen: 300), true),
        Case("seen earlier, by another runtop", live(.running), live(.queued, seen: 150), false),
        Case(
            "changed later by the service, though seen earlier", live(.running),
            live(.running, updated: 101, seen: 150), true),
        Case("changed earlier by the service", live(.running), live(.queued, updated: 99, seen: 300), false),
        Case("over, whatever its moment", live(.running), live(.success, updated: 99), true),
        Case("repaired: active again, by a later change", live(.failed), live(.running, updated: 150), true),
        Case("active again by an earlier change", live(.failed), live(.running, updated: 50, seen: 300), false),
        Case("a file, over", live(.running), file(.success), true),
        Case("a file, over, older", live(.running), file(.success, updated: 50), false),
        Case("a file, active", live(.success), file(.running, updated: 50), false),
        Case("a file, active, without a moment", live(.success, updated: nil), file(.running, updated: nil), false),
        Case("a file, over, without a moment", live(.running, updated: nil), file(.failed, updated: nil), true),
        Case("a file that says the same", live(.success), file(.success), false),
        Case("a file with a later change", live(.failed), file(.success, updated: 150), true),
        Case("a file with another end of the same moment", live(.failed), file(.success), false),
    ]

    @Test("All ways in which two states may differ", arguments: cases.indices)
    func decides(_ index: Int) {
        let each = Self.cases[index]
        #expect(each.incoming.replaces(each.kept) == each.replaces, "\(each)")
    }

    @Test("An older file does not make a run active again, and a newer one ends it")
    func imports() async throws {
        let folder = try HistoryFolder()
        let history = folder.history()
        var over = Sample.run("r", .failed)
        over.errorTrace = "KeyError: 1"
        let active = Sample.run("r", .running)
        try await history.record(Sample.cycle([over]))
        try await history.record(Sample.cycle([active], imported: true))
        #expect(try await history.runs()["r"] == over)

        let other = folder.history()
        try await other.record(Sample.cycle([Sample.run("s", .running)]))
        try await other.record(Sample.cycle([Sample.run("s", .success)], imported: true))
        #expect(try await history.runs()["s"] == Sample.run("s", .success))
        #expect(try await history.statusChanges(of: over.id).map(\.status) == [.failed])
    }

    @Test("The trace that a run no longer has is removed with the last run that has it")
    func replacedTrace() async throws {
        let folder = try HistoryFolder()
        let history = folder.history()
        var first = Sample.run("r", .failed)
        first.errorTrace = "the first attempt"
        try await history.record(Sample.cycle([first]))
        var second = first
        second.errorTrace = "the second attempt"
        second.updated = Sample.now
        // Its time changes as well, which is part of the primary key.
        second.created = Sample.now
        try await history.record(Sample.cycle([second]))
        #expect(try await history.runs() == ["r": second])
        #expect(try await history.statistics().traces == 1)
    }
}
