import Actions
import Foundation
import History
import Runs
import TestSupport
import Testing

@testable import runtop

/// The journal while another program has the history's file: nothing of it is lost.
@Suite("The journal and a history that is locked", .blocking)
struct JournalLockTests {
    private static let place = Place(instanceID: "i", workspaceKey: "w")

    private func record(_ id: String) -> ActionRecord {
        let job = JobID(place: Self.place, key: "job")
        return ActionRecord(
            id: id,
            action: RunAction(.cancel, of: ActionTarget(job: job, jobName: "orders", run: RunID("run", of: job))),
            begun: Date(timeIntervalSince1970: 1_777_639_000), actor: .init(systemUser: "ada", principal: "p"),
            placeName: "sales")
    }

    /// Another program that has the only right to write to a file of SQLite, until it is told to end.
    private func lock(_ file: String, in folder: TemporaryFolder) throws -> ChildProcess {
        let (isLocked, isOver) = (folder.file("locked").path, folder.file("over").path)
        let script = """
            import os, sqlite3, sys, time
            other = sqlite3.connect(sys.argv[1], isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")
            open(sys.argv[2], "w").close()
            while not os.path.exists(sys.argv[3]): time.sleep(0.05)
            """
        let other = try ChildProcess(
            "timeout", ["120", "python3", "-c", script, file, isLocked, isOver], environment: Program.inherited,
            output: folder.file("output"), errors: folder.file("errors"))
        _ = try eventually("the file is locked") { FileManager.default.fileExists(atPath: isLocked) ? true : nil }
        return other
    }

    @Test("what cannot be written is said, kept in memory, and written with the next action when the lock is gone")
    func locked() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("history.db").path
        let store = SQLiteHistory(path: path)
        let journal = SessionJournal(store: store)
        #expect(await journal.keep(record("first")) == nil)
        let other = try lock(path, in: folder)
        let problem = await journal.keep(record("second"))
        #expect(problem?.hasPrefix("The journal is not written: ") == true, "\(problem ?? "written")")
        #expect(problem?.contains("another program has held a lock on it") == true)
        let shown = await journal.contents()
        #expect(shown.records.map(\.id).sorted() == ["first", "second"])
        #expect(shown.note == problem, "the journal's screen says it too")
        try Data().write(to: folder.file("over"))
        #expect(other.wait() == 0)
        #expect(await journal.keep(record("third")) == nil)
        #expect(try await store.newestActions(10).map(\.id).sorted() == ["first", "second", "third"])
        #expect(await journal.contents().note == nil)
        await store.close()
    }
}
