import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A text file that grows to a size and then makes room for a new one: `runtop.log`, `runtop.log.1`, `.2`, `.3`.
///
/// Lines are written whole, one after the other, by whatever thread. A line that cannot be written is dropped and counted,
/// and the next one that can says so: a full disk must not stop a dashboard. When somebody else moves the file away, the
/// next line begins a new one.
public final class RotatingFile: Sendable {
    private let path: String
    private let largest: Int
    private let kept: Int
    private let state: Mutex<Open>

    private struct Open {
        var descriptor: Int32
        var size: Int
        /// What tells the file from another of its name.
        var inode: ino_t
        var dropped = 0
    }

    /// Opens the file, or makes it, readable by its owner alone.
    ///
    /// - Parameters:
    ///   - largest: the bytes after which it is rotated.
    ///   - kept: how many old ones stay.
    /// - Throws: ``LogFailure`` when it cannot be opened.
    public init(path: String, largest: Int = 10_000_000, kept: Int = 3) throws(LogFailure) {
        self.path = (path as NSString).expandingTildeInPath
        self.largest = largest
        self.kept = kept
        guard let open = Self.open(self.path) else {
            throw LogFailure(
                "The log file \(self.path) cannot be written: \(LogFailure.lastReason).", advice: "Check --log-file.")
        }
        state = Mutex(open)
    }

    deinit { state.withLock { _ = close($0.descriptor) } }

    /// Writes a line and its end.
    public func write(_ line: String) {
        state.withLock { open in
            reopen(&open, adding: line.utf8.count + 1)
            if open.dropped > 0, Self.append("(\(open.dropped) lines could not be written)\n", to: &open) {
                open.dropped = 0
            }
            if !Self.append(line + "\n", to: &open) { open.dropped += 1 }
        }
    }

    /// Sees that the line has a file to go to: the same as before, a new one in its place, or the next.
    private func reopen(_ open: inout Open, adding bytes: Int) {
        var status = stat()
        let isOurs = stat(path, &status) == 0 && status.st_ino == open.inode
        let isFull = open.size > 0 && open.size + bytes > largest
        guard !isOurs || isFull else { return }
        if isOurs { rotate() }
        guard let next = Self.open(path) else { return }
        close(open.descriptor)
        let dropped = open.dropped
        open = next
        open.dropped = dropped
    }

    private func rotate() {
        for number in stride(from: kept, to: 0, by: -1) {
            rename(number == 1 ? path : "\(path).\(number - 1)", "\(path).\(number)")
        }
        if kept == 0 { unlink(path) }
    }

    private static func open(_ path: String) -> Open? {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else { return nil }
        return Open(descriptor: descriptor, size: Int(status.st_size), inode: status.st_ino)
    }

    private static func append(_ text: String, to open: inout Open) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(open.descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            open.size += written
            rest = rest.dropFirst(written)
        }
        return true
    }
}
