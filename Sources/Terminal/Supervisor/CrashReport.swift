import Foundation
import Glibc
import Screen

/// The file for the dashboard's standard error while it owns the screen: after a crash, it contains the runtime's message
/// and backtrace. Its folder is private to the user (the runtime itself would create the file with mode 0644).
struct CrashReport {
    /// The most crash reports to keep.
    static let mostKept = 5

    let path: String
    let descriptor: Int32

    /// Opens a new report in the folder `crashes` of the state folder, or, if that cannot be created, in a new folder in the
    /// temporary directory.
    init(stateFolder: String, environment: [String: String], now: Date) throws(SupervisorError) {
        guard let folder = Self.crashesFolder(in: stateFolder) ?? Self.temporaryFolder(environment) else {
            throw .noReportFolder
        }
        Self.removeOldest(in: folder)
        let name = "crash-\(now.formatted(.iso8601.timeSeparator(.omitted).dateSeparator(.omitted)))-\(getpid()).txt"
        path = folder + "/" + name
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .noReport(SafeText(path), SafeText(String(cString: strerror(errno)))) }
    }

    /// The output of the dashboard as safe lines, at most the last 100.
    func lines() -> [SafeText] {
        let text = (try? Data(contentsOf: URL(filePath: path))).map {
            String(decoding: $0.suffix(65_536), as: UTF8.self)
        }
        return SafeText.lines(of: text ?? "").suffix(100)
    }

    /// Closes the report, and removes it unless `keep` is set.
    func close(keep: Bool) {
        Glibc.close(descriptor)
        guard !keep else { return }
        unlink(path)
        // This removes the folder only if it is empty.
        rmdir(URL(filePath: path).deletingLastPathComponent().path)
    }

    /// The folder for reports, created if necessary; `nil` if it is not private to this user.
    private static func crashesFolder(in stateFolder: String) -> String? {
        guard stateFolder.hasPrefix("/") else { return nil }
        let folder = stateFolder + "/crashes"
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: attributes)
        return isPrivate(folder) ? folder : nil
    }

    /// A new folder in `$TMPDIR` or `/tmp`.
    private static func temporaryFolder(_ environment: [String: String]) -> String? {
        let parent = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array((parent + "/runtop-XXXXXX").utf8CString)
        return template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
    }

    /// Whether the folder belongs to this user; makes it private.
    private static func isPrivate(_ folder: String) -> Bool {
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            return false
        }
        return chmod(folder, 0o700) == 0 && access(folder, W_OK) == 0
    }

    /// Removes old reports, except the newest (names sort by time) and those of running supervisors.
    private static func removeOldest(in folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let finished = names.filter { $0.hasPrefix("crash-") && !isInUse($0) }
        for name in finished.sorted().dropLast(mostKept - 1) { unlink(folder + "/" + name) }
    }

    /// Whether the supervisor whose process id ends the name still runs.
    private static func isInUse(_ name: String) -> Bool {
        guard let id = name.split(separator: "-").last?.split(separator: ".").first.flatMap({ pid_t($0) }) else {
            return false
        }
        return kill(id, 0) == 0 || errno == EPERM
    }
}

/// The memory image that the system writes when a process crashes.
package enum CoreDump {
    /// Disables core dumps of this process and of its children, because they would contain keys and tokens.
    /// Disables core dumps of this process and of its children, because they would contain keys and tokens.
    ///
    /// The limit is one byte instead of zero: it is too small for any image, and it is the only limit that Linux also
    /// applies when a program such as systemd-coredump receives the images (core(5), fs/coredump.c).
    package static func forbid() {
        let core = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        var limit = rlimit()
        guard getrlimit(core, &limit) == 0 else { return }
        let most = min(limit.rlim_max, 1)
        limit = rlimit(rlim_cur: most, rlim_max: most)
        setrlimit(core, &limit)
    }
}
