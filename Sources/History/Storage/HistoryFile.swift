import Foundation
import GRDB
import Glibc

/// The file of the history: opened, checked, made with its folder, and set aside when it is damaged.
struct HistoryFile: Sendable {
    let path: String
    var access = HistoryAccess.keeps
    /// The maximum time to wait for a lock of another program, in seconds.
    var patience: TimeInterval = 5
    /// The maximum number of pages of 4 KiB, for tests of a full disk.
    var mostPages: Int?
    /// Whether the file system of a folder is read-only.
    var isReadOnlyFileSystem: @Sendable (_ folder: String) -> Bool = Self.isReadOnlyFileSystem

    /// The same file, opened without changing it.
    var toRead: HistoryFile {
        var file = self
        file.access = .reads
        return file
    }

    /// An open file, and its identity.
    struct Open: Sendable {
        let pool: DatabasePool
        let identity: Identity
        /// Whether it is read without a lock, because no program writes to it.
        var isUnlocked = false
    }

    /// Identifies the file that a path leads to. It changes when the file is replaced.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let number: UInt64
    }

    /// Why runtop rejects a file that SQLite could open.
    private enum Refusal: Error {
        case newer(Int)
        case notOurs
    }

    /// Opens the file and migrates it to the current schema. Blocks for up to `patience` seconds while another program
    /// holds a lock.
    func open() throws(HistoryError) -> Open {
        if access == .keeps {
            try makeFolderAndFile()
        } else if let facts = Self.facts(path) {
            guard facts.st_size > 0 || mayBeInUse else { throw missing("The history \(path) is empty.") }
        } else {
            throw missing("There is no history at \(path).")
        }
        guard beginsLikeDatabase else { throw HistoryError(.damaged, "The history \(path) is damaged.") }
        if access == .reads {
            do {
                return try openToRead()
            } catch {
                throw failure(error)
            }
        }
        let end = Date(timeIntervalSinceNow: patience)
        while true {
            do {
                let pool = try locked(until: end) {
                    let pool = try DatabasePool(path: path, configuration: configuration)
                    try migrate(pool)
                    return pool
                }
                guard let identity else { continue }
                return Open(pool: pool, identity: identity)
            } catch let error as DatabaseError where error.isLock && Date() < end {
                // Setting the journal mode of a new file does not use SQLite's busy timeout.
                usleep(20_000)
            } catch {
                throw failure(error)
            }
        }
    }

    /// Opens the file without changing it.
    ///
    /// SQLite reads a file in WAL mode with two other files, which it creates if necessary. If neither exists, no
    /// program has the file open: it is then opened as `immutable`, which creates no files and needs no write
    /// permission.
    private func openToRead() throws -> Open {
        let isUnlocked = !mayBeInUse
        var address = URLComponents()
        (address.scheme, address.path) = ("file", URL(filePath: path).path)
        if isUnlocked { address.queryItems = [URLQueryItem(name: "immutable", value: "1")] }
        var configuration = Configuration()
        configuration.label = "history"
        configuration.readonly = true
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = 2
        let pool = try DatabasePool(path: isUnlocked ? address.string ?? path : path, configuration: configuration)
        let version = try pool.read { database in
            try Self.check(database)
            return try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        }
        // An older schema is read as it is: missing columns and tables count as empty.
        guard version >= 1 else { throw missing("The history \(path) has nothing in it yet.") }
        guard let identity else { throw missing("There is no history at \(path).") }
        return Open(pool: pool, identity: identity, isUnlocked: isUnlocked)
    }

    private func missing(_ problem: String) -> HistoryError {
        HistoryError(
            .missing, problem, advice: "The dashboard begins one; “runtop history import” makes one of a file.")
    }

    /// Whether a program may have the file open, or its log contains data.
    var mayBeInUse: Bool {
        (Self.facts(path + "-wal")?.st_size ?? 0) > 0 || Self.facts(path + "-shm") != nil
    }

    /// Runs the body while no other process opens the file or sets it aside, so that a new file is never seen without
    /// its tables. If the folder cannot be locked in time, runs the body without the lock.
    private func locked<Value>(until end: Date, _ body: () throws -> Value) rethrows -> Value {
        let folder = Glibc.open(self.folder, O_RDONLY | O_CLOEXEC)
        defer { if folder >= 0 { close(folder) } }
        while folder >= 0, flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK, Date() < end { usleep(10_000) }
        return try body()
    }

    /// The identity of the current file; `nil` if it does not exist.
    var identity: Identity? {
        Self.facts(path).map { Identity(device: UInt64($0.st_dev), number: UInt64($0.st_ino)) }
    }

    /// The result of `stat`; `nil` if the file does not exist.
    private static func facts(_ path: String) -> stat? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts : nil
    }

    /// Whether the file begins like an SQLite database, or is empty. SQLite checks this too, but it deletes the log of
    /// a file that it cannot read.
    private var beginsLikeDatabase: Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return true }
        let magic = Data("SQLite format 3\u{0}".utf8)
        guard let bytes = try? file.read(upToCount: magic.count), !bytes.isEmpty else { return true }
        return bytes == magic
    }

    /// The path of the folder of the file.
    private var folder: String { URL(filePath: path).deletingLastPathComponent().path }

    private static func isReadOnlyFileSystem(_ folder: String) -> Bool {
        var facts = statvfs()
        return statvfs(folder, &facts) == 0 && facts.f_flag & UInt(ST_RDONLY) != 0
    }

    private var isFolder: Bool { Self.facts(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }

    /// The size on disk in bytes: the database and its log.
    var bytes: Int64 {
        [path, path + "-wal"].reduce(0) { $0 + Int64(Self.facts($1)?.st_size ?? 0) }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "history"
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = 2
        // Only runtop writes the rows, and the tests check them with `foreign_key_check`.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { [mostPages, patience] database in
            guard !database.configuration.readonly else {
                // GRDB sets another timeout for the readers of a pool.
                try database.execute(sql: "PRAGMA busy_timeout = \(Int(patience * 1_000))")
                return
            }
            try Self.check(database)
            // Takes effect only in a new file, before its first table.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            // In WAL mode, a committed transaction survives a crash of the process. With NORMAL, a commit does not wait
            // for the disk, so that a power failure can lose the last cycles, which can be requested again. With FULL,
            // each cycle would wait for the disk.
            try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 8388608")
            try database.execute(sql: "PRAGMA cache_size = -4096")
            if let mostPages { try database.execute(sql: "PRAGMA max_page_count = \(mostPages)") }
        }
        return configuration
    }

    /// Rejects a file of another program or of a newer version before anything is written to it.
    private static func check(_ database: Database) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard application == Schema.applicationID || (application == 0 && tables == 0) else { throw Refusal.notOurs }
        guard version <= Schema.version else { throw Refusal.newer(version) }
    }

    private func migrate(_ pool: DatabasePool) throws {
        let isCurrent = try pool.writeWithoutTransaction { database in
            guard try Int.fetchOne(database, sql: "PRAGMA user_version") == Schema.version else { return false }
            if try Schema.migrator.hasBeenSuperseded(database) { throw Refusal.newer(Schema.version + 1) }
            return true
        }
        if !isCurrent { try Schema.migrator.migrate(pool) }
    }

    /// Creates the folder and an empty file, which is a new database. Only the owner has access to them.
    private func makeFolderAndFile() throws(HistoryError) {
        guard identity == nil else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw HistoryError(
                .inaccessible,
                "The folder \(folder) of the history cannot be made: \(SystemReason(error).text).",
                advice: HistoryError.otherPath)
        }
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw HistoryError(
                .inaccessible, "The history \(path) cannot be made: \(String(cString: strerror(errno))).",
                advice: HistoryError.otherPath)
        }
        close(descriptor)
    }

    /// Renames a damaged file and its log, with the time in the new name. Deletes nothing.
    ///
    /// - Parameter damaged: the file that was found damaged. If the path leads to another file now, another process has
    ///   already set it aside.
    /// - Returns: what was done, or why it failed.
    func setAside(_ damaged: Identity?, at now: Date) -> HistoryError {
        // If several processes find it damaged, only one renames it.
        locked(until: .distantPast) { rename(damaged, at: now) }
    }

    private func rename(_ damaged: Identity?, at now: Date) -> HistoryError {
        let what = "The history was damaged"
        if let damaged, identity != damaged { return HistoryError(.replaced, "\(what); a new one was created.") }
        let moment = now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        var kept = "\(path).damaged-\(moment)"
        var attempt = 1
        while Glibc.access(kept, F_OK) == 0 {
            attempt += 1
            kept = "\(path).damaged-\(moment)-\(attempt)"
        }
        guard Glibc.rename(path, kept) == 0 else {
            return HistoryError(
                .damaged, "The history \(path) is damaged, and cannot be renamed: \(String(cString: strerror(errno))).",
                advice: "Move it away; runtop then creates a new one.")
        }
        for part in ["-wal", "-shm"] where Glibc.access(path + part, F_OK) == 0 {
            Glibc.rename(path + part, kept + part)
        }
        // An empty file is a new database. If it cannot be created, the next call says so.
        try? makeFolderAndFile()
        return HistoryError(
            .replaced, "\(what), and kept as \(URL(filePath: kept).lastPathComponent); a new one was created.")
    }

    /// Converts an error of SQLite.
    func failure(_ error: any Error) -> HistoryError {
        switch error {
        case let error as HistoryError: error
        case Refusal.notOurs:
            HistoryError(
                .foreign, "The file \(path) is a database of another program, and is left alone.",
                advice: HistoryError.otherPath)
        case Refusal.newer(let version):
            HistoryError(
                .foreign,
                "The history \(path) was written by a newer runtop (schema \(version); this one knows \(Schema.version)), and is left alone.",
                advice: "Use the newer runtop, or name another file with history.path in the settings.")
        case let error as DatabaseError: failure(error)
        default: HistoryError(.inaccessible, "The history \(path) cannot be used: \(SystemReason(error).text).")
        }
    }

    private func failure(_ error: DatabaseError) -> HistoryError {
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: HistoryError(.damaged, "The history \(path) is damaged.")
        case .SQLITE_FULL:
            HistoryError(
                .inaccessible, "The history \(path) cannot be written: the disk is full.",
                advice: "Make room, or lower history.max-size in the settings.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            HistoryError(
                .locked,
                "The history \(path) cannot be used: another program has held a lock on it for \(Int(patience.rounded(.up))) s.",
                advice: "Find it with “fuser \(path)”.")
        case let code where Self.isRefusedWrite(code) && access != .reads && isReadOnlyFileSystem(folder):
            HistoryError(
                .inaccessible,
                "The history \(path) cannot be written: its file system is mounted read-only.",
                advice: "Mount it for writing (“mount -o remount,rw”). " + HistoryError.otherPath)
        case .SQLITE_READONLY, .SQLITE_PERM:
            HistoryError(
                .inaccessible, "The history \(path) cannot be written: the file or its folder is read-only.",
                advice: HistoryError.otherPath)
        case .SQLITE_CANTOPEN where isFolder:
            HistoryError(.inaccessible, "The history \(path) is a folder.", advice: HistoryError.otherPath)
        case .SQLITE_CANTOPEN where self.access == .reads && mayBeInUse && Self.facts(path + "-shm") == nil:
            HistoryError(
                .inaccessible,
                "The history \(path) cannot be read where it is: its newest part is in \(path)-wal, and its folder is read-only.",
                advice: "Copy both files to another folder, and name the copy with --history.")
        case .SQLITE_CANTOPEN:
            HistoryError(
                .inaccessible, "The history \(path) cannot be opened: check that the file and its folder are yours.",
                advice: HistoryError.otherPath)
        default:
            HistoryError(
                .inaccessible,
                "The history \(path) cannot be used: SQLite says “\(error.message ?? "\(error.resultCode)")” (\(error.extendedResultCode.rawValue)).",
                advice: HistoryError.otherPath)
        }
    }
}

extension HistoryFile {
    /// Whether SQLite reports this for a file that it cannot write or whose log it cannot create.
    private static func isRefusedWrite(_ code: ResultCode) -> Bool {
        [.SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_IOERR].contains(code)
    }
}

extension HistoryError {
    static let otherPath =
        "Name another file with history.path in the settings; with --no-history the dashboard keeps none."
}

extension DatabaseError {
    fileprivate var isLock: Bool { resultCode == .SQLITE_BUSY || resultCode == .SQLITE_LOCKED }
}

/// The system's message in an error of Foundation.
struct SystemReason {
    let text: String

    init(_ error: any Error) {
        let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        text =
            inner.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(inner.code))) : "\(inner)"
    }
}
