import Foundation
import Glibc
import HTTP
import Screen
import Synchronization

/// A log file that is rotated when it reaches a size: `runtop.log`, then `runtop.log.1`, `.2`, `.3`.
///
/// Any thread can write; lines are never mixed. A line that cannot be written is dropped and counted, and the next
/// successful line reports the count: a full disk must not stop the dashboard. If the file is moved away, the next line
/// creates a new one.
///
/// Only a regular file is rotated. A device such as `/dev/stderr`, or a pipe with a reader, is written to but never
/// moved. A symbolic link is resolved once, when the file is opened: the old files are in its target's folder.
package final class RotatingFile: Sendable {
    private let path: String
    private let largest: Int
    private let kept: Int
    private let state: Mutex<Open>

    private struct Open {
        var descriptor: Int32
        var size: Int
        /// Distinguishes this file from a later one with the same name.
        var inode: ino_t
        var isRegular: Bool
        var dropped = 0
    }

    /// Opens the file, or creates it so that only its owner can read it.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - largest: the size in bytes at which the file is rotated.
    ///   - kept: the number of old files to keep.
    /// - Throws: ``Trouble`` if the file cannot be opened.
    package init(path: String, largest: Int = 10_000_000, kept: Int = 3) throws(Trouble) {
        self.largest = largest
        self.kept = kept
        guard let open = Self.open(path) else {
            // For a pipe without a reader, the system's message is "No such device or address".
            let reason = errno == ENXIO ? "nothing reads from it" : lastSystemError
            throw Trouble("The log file \(path) cannot be written: \(reason).", advice: "Check --log-file.")
        }
        self.path = open.isRegular ? Self.withoutLinks(path) : path
        state = Mutex(open)
    }

    deinit { state.withLock { _ = close($0.descriptor) } }

    /// Writes a line with a line end.
    package func write(_ line: SafeText) {
        let line = line.plainText
        state.withLock { open in
            reopen(&open, adding: line.utf8.count + 1)
            if open.dropped > 0, Self.append("(\(open.dropped) lines could not be written)\n", to: &open) {
                open.dropped = 0
            }
            if !Self.append(line + "\n", to: &open) { open.dropped += 1 }
        }
    }

    /// Opens a new file if the old one was moved away, or if the line would exceed the size.
    private func reopen(_ open: inout Open, adding bytes: Int) {
        var status = stat()
        let isSame = stat(path, &status) == 0 && status.st_ino == open.inode
        let isFull = open.isRegular && open.size > 0 && open.size + bytes > largest
        guard !isSame || isFull else { return }
        if isSame { rotate() }
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

    /// Without `O_NONBLOCK`, opening a pipe would wait for a reader, and writing to a full pipe for space.
    private static func open(_ path: String) -> Open? {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        let descriptor = Glibc.open(path, flags, 0o600)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            close(descriptor)
            return nil
        }
        return Open(
            descriptor: descriptor, size: Int(status.st_size), inode: status.st_ino,
            isRegular: status.st_mode & S_IFMT == S_IFREG)
    }

    /// The path of the file itself, with symbolic links resolved.
    private static func withoutLinks(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func append(_ text: String, to open: inout Open) -> Bool {
        let written = writeAll(text.utf8, to: open.descriptor)
        open.size += written
        return written == text.utf8.count
    }
}

/// Writes all bytes, with as many system calls as necessary.
///
/// - Returns: the number of bytes written: all of them unless there was an error, which is then in `errno`.
@discardableResult
package func writeAll(_ bytes: some Sequence<UInt8>, to descriptor: Int32) -> Int {
    let bytes = Array(bytes)
    var count = 0
    while count < bytes.count {
        let written = bytes[count...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { break }
        count += written
    }
    return count
}

/// The system's message for the last error: `No such file or directory`.
var lastSystemError: String { String(cString: strerror(errno)) }
