import Foundation
import GRDB
import Glibc
import Runs
import TestSupport
import Testing

@testable import History

/// Everything that can be wrong with a file. Each case gives an error with a sentence, within a limited time.
@Suite("Problems with the file", .blocking)
struct TroubleTests {
    private let folder: HistoryFolder

    init() throws { folder = try HistoryFolder() }

    private func error(_ body: () async throws -> Void) async -> HistoryError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? HistoryError
        }
    }

    private func write(_ bytes: Data, to suffix: String = "") throws {
        try bytes.write(to: URL(filePath: folder.path + suffix))
    }

    @Test("Only their owner has access to the folder and the files")
    func modes() async throws {
        let path = folder.url.appending(path: "state/runtop/history.db").path
        let history = SQLiteHistory(path: path)
        try await history.record(Sample.cycle([Sample.run("r")]))
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(folder.url.appending(path: "state/runtop").path) == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(path + suffix) == 0o600) }
    }

    @Test(
        "A damaged file is set aside with its log, nothing is deleted, and a new file is created",
        arguments: [
            "no database at all", "", "SQLite format 3\u{0}and then nothing of the kind",
        ])
    func damaged(_ beginning: String) async throws {
        let damage = Data((beginning + String(repeating: "x", count: 10_000)).utf8)
        try write(damage)
        try write(Data("the log".utf8), to: "-wal")
        let history = folder.history()
        let error = await error { _ = try await history.board(of: Sample.place, newestRuns: 5) }
        #expect(error?.kind == .replaced)
        // The message says that a new one was created.
        #expect(try Data(contentsOf: URL(filePath: folder.path)).isEmpty)
        #expect(
            error?.problem
                == "The history was damaged, and kept as history.db.damaged-20260501T123640Z; a new one was created."
        )
        #expect(try Data(contentsOf: URL(filePath: folder.path + ".damaged-20260501T123640Z")) == damage)
        // SQLite itself removes a log without a valid page if its file begins like a database.
        if !beginning.hasPrefix("SQLite") {
            #expect(folder.files.contains("history.db.damaged-20260501T123640Z-wal"))
        }
        try await history.record(Sample.cycle([Sample.run("r")]))
        #expect(try await history.runs().count == 1)
        // The next file that is set aside does not replace the first.
        await history.close()
        try write(damage)
        _ = await self.error { try await folder.history().record(Sample.cycle([Sample.run("r")])) }
        #expect(folder.files.contains("history.db.damaged-20260501T123640Z-2"))
    }

    @Test("Damage that is found later sets the file aside as well")
    func damagedLater() async throws {
        let first = folder.history()
        try await first.record(Sample.cycle((0..<2_000).map { Sample.run("\($0)") }))
        await first.close()
        var bytes = try Data(contentsOf: URL(filePath: folder.path))
        // All pages except the first, which contains the schema.
        bytes.replaceSubrange(4_096..., with: Data(repeating: 0x5A, count: bytes.count - 4_096))
        try write(bytes)
        let history = folder.history()
        let error = await error { try await history.record(Sample.cycle([Sample.run("new")])) }
        #expect(error?.kind == .replaced)
        try await history.record(Sample.cycle([Sample.run("new")]))
        #expect(try await history.runs().keys.sorted() == ["new"])
    }

    @Test("A program that only reads does not create a file, nor set one aside")
    func reading() async throws {
        let reader = folder.history(access: .reads)
        let missing = await error { _ = try await reader.statistics() }
        #expect(missing?.kind == .missing)
        #expect(folder.files.isEmpty)
        try write(Data("no database".utf8))
        let damaged = await error { _ = try await reader.statistics() }
        #expect(damaged?.problem == "The history \(folder.path) is damaged.")
        #expect(folder.files == ["history.db"])
    }

    @Test("After a program has read and written, the history is one file again")
    func oneFile() async throws {
        let history = folder.history()
        try await history.record(Sample.cycle([Sample.run("r")]))
        #expect(try await history.runs().count == 1)
        await history.close()
        #expect(folder.files == ["history.db"])
    }

    @Test("A program that only reads leaves an empty file empty")
    func readingEmpty() async throws {
        try write(Data())
        let empty = await error { _ = try await folder.history(access: .reads).statistics() }
        #expect(empty?.kind == .missing)
        #expect(empty?.problem == "The history \(folder.path) is empty.")
        #expect(folder.files == ["history.db"])
        #expect(try Data(contentsOf: URL(filePath: folder.path)).isEmpty)
    }

    @Test("A program that only reads creates no file beside the history, and sees what another process writes")
    func readingOnly() async throws {
        let writer = folder.history()
        try await writer.record(Sample.cycle([Sample.run("r")]))
        await writer.close()
        #expect(folder.files == ["history.db"])
        let before = try Data(contentsOf: URL(filePath: folder.path))
        let reader = folder.history(access: .reads)
        #expect(try await reader.runs().count == 1)
        #expect(folder.files == ["history.db"])
        #expect(try Data(contentsOf: URL(filePath: folder.path)) == before)
        let refused = await error { try await reader.record(Sample.cycle([Sample.run("s")])) }
        #expect(refused?.kind == .inaccessible)
        try await writer.record(Sample.cycle([Sample.run("s")]))
        #expect(try await reader.runs().count == 2)
        await reader.close()
    }

    @Test("A file of a newer version is not changed, nor is a database of another program")
    func foreign() async throws {
        try await folder.history().record(Sample.cycle([Sample.run("r")]))
        try await DatabaseQueue(path: folder.path).write { try $0.execute(sql: "PRAGMA user_version = 3") }
        let newer = await error { try await folder.history().record(Sample.cycle([Sample.run("s")])) }
        #expect(newer?.kind == .foreign)
        #expect(newer?.problem.contains("written by a newer runtop (schema 3; this one knows 2)") == true)
        try await DatabaseQueue(path: folder.path).write { database in
            try database.execute(sql: "PRAGMA user_version = 2; INSERT INTO grdb_migrations VALUES ('3')")
        }
        let migrated = await error { try await folder.history().record(Sample.cycle([Sample.run("s")])) }
        #expect(migrated?.kind == .foreign)
        #expect(try folder.value("SELECT count(*) FROM run", Int.self) == 1)

        let path = folder.url.appending(path: "other.db").path
        try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (x)") }
        let before = try Data(contentsOf: URL(filePath: path))
        let other = await error { try await SQLiteHistory(path: path).record(Sample.cycle([Sample.run("s")])) }
        #expect(other?.problem == "The file \(path) is a database of another program, and is left alone.")
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test("A lock that another program never releases gives an error, and writing works again when it is released")
    func locked() async throws {
        let history = folder.history(patience: 0.05)
        try await history.record(Sample.cycle([Sample.run("r")]))
        var unsafe = Configuration()
        unsafe.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.path, configuration: unsafe)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        for store in [history, folder.history(patience: 0.05)] {
            let error = await error { try await store.record(Sample.cycle([Sample.run("s")])) }
            #expect(error?.kind == .locked)
            #expect(error?.problem.contains("another program has held a lock on it for 1 s") == true)
        }
        // Readers do not wait for a writer.
        #expect(try await history.runs().count == 1)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await history.record(Sample.cycle([Sample.run("s")]))
        #expect(try await history.runs().count == 2)
    }

    @Test("A full disk gives an error, nothing of the cycle is stored, and the stored runs can be read")
    func full() async throws {
        let history = folder.history(mostPages: 40)
        try await history.record(Sample.cycle([Sample.run("r")]))
        let error = await error {
            try await history.record(Sample.cycle((0..<5_000).map { Sample.run("\($0)") }))
        }
        #expect(error?.problem == "The history \(folder.path) cannot be written: the disk is full.")
        #expect(try await history.runs().count == 1)
        try await history.record(Sample.cycle([Sample.run("s")]))
        #expect(try await history.runs().count == 2)
    }

    @Test("A folder in which no file can be created")
    func noFolder() async {
        let error = await error {
            try await SQLiteHistory(path: "/proc/runtop/history.db").record(Sample.cycle([Sample.run("r")]))
        }
        #expect(error?.kind == .inaccessible)
        #expect(error?.problem.hasPrefix("The folder /proc/runtop of the history cannot be made: ") == true)
    }

    @Test("A read-only file and a read-only folder", .enabled(if: geteuid() != 0, "root may write everything"))
    func readOnly() async throws {
        try await folder.history().record(Sample.cycle([Sample.run("r")]))
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder.path)
        let file = await error { try await folder.history().record(Sample.cycle([Sample.run("s")])) }
        #expect(file?.kind == .inaccessible)
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.url.path)
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.url.path)
        }
        try FileManager.default.removeItem(atPath: folder.path)
        let made = await error { try await folder.history().record(Sample.cycle([Sample.run("s")])) }
        #expect(made?.problem.hasPrefix("The history \(folder.path) cannot be made") == true)
    }

    @Test("A file that cannot be written is read as a whole; the error says that it is read-only")
    func readOnlyIsRead() async throws {
        let history = folder.history()
        try await history.record(Sample.cycle((0..<30).map { Sample.run("\($0)", ago: Double($0) * 60) }))
        await history.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        }
        #expect(
            try probe("read", "\(Sample.place.instanceID)", "\(Sample.place.workspaceKey)") == """
                recalled 5 of 1 jobs, past 30
                The history \(folder.path) cannot be written: the file or its folder is read-only.
                past 30

                """)
        #expect(folder.files == ["history.db"])
    }

    /// Runs HistoryProbe on the file, without root's right to ignore permissions, and returns its output.
    private func probe(_ arguments: String...) throws -> String {
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "HistoryProbe").path
        let user = geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
        let words = (user + [program, folder.path] + arguments).map { "'\($0)'" }
        let stream = try #require(popen(words.joined(separator: " ") + " 2>&1", "r"))
        defer { pclose(stream) }
        var output = ""
        var line = [CChar](repeating: 0, count: 4_096)
        while fgets(&line, Int32(line.count), stream) != nil {
            output += String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return output
    }

    @Test("On a read-only file system the error says so, and what to do")
    func readOnlyFileSystem() {
        var file = HistoryFile(path: folder.path)
        file.isReadOnlyFileSystem = { [url = folder.url] in $0 == url.path }
        for code: ResultCode in [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR] {
            let error = file.failure(DatabaseError(resultCode: code))
            #expect(error.kind == .inaccessible)
            #expect(
                error.problem
                    == "The history \(folder.path) cannot be written: its file system is mounted read-only.")
            #expect(error.advice.hasPrefix("Mount it for writing"))
        }
        #expect(file.failure(DatabaseError(resultCode: .SQLITE_FULL)).problem.contains("the disk is full"))
        file.isReadOnlyFileSystem = { _ in false }
        #expect(file.failure(DatabaseError(resultCode: .SQLITE_CANTOPEN)).problem.contains("cannot be opened"))
    }

    @Test("If the file is removed while runtop runs, a new one is created, with everything that is seen next")
    func removed() async throws {
        let history = folder.history()
        try await history.record(Sample.cycle([Sample.run("r")]))
        for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: folder.path + suffix) }
        try await history.record(Sample.cycle([Sample.run("r")]))
        #expect(try await folder.history().runs().count == 1)
    }

    @Test("Several processes write to one file, and no cycle is lost")
    func shared() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                let history = folder.history(patience: 60)
                group.addTask {
                    for number in 0..<25 {
                        try await history.record(Sample.cycle([Sample.run("\(writer)-\(number)")]))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await folder.history().runs().count == 100)
    }
}
