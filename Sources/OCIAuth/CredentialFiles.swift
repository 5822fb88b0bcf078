// The compiler finds `stat` in CoreFoundation or in Glibc, depending on the order of the files.
import CoreFoundation
import Foundation

/// The file system that credentials are read from. Tests replace it.
package protocol CredentialFiles: Sendable {
    /// Reads a whole file. Its mode, owner and stamp come from the same open file.
    func read(_ path: String) throws(FileFailure) -> CredentialFile

    /// The stamp of the file's current version; nil if the file does not exist.
    func stamp(of path: String) -> FileStamp?

    /// Replaces the contents of a file atomically, with access only for its owner. For a symbolic link, replaces its
    /// target. Does nothing if the file has changed since `stamp`, so that newer contents are not lost.
    func replace(_ path: String, with bytes: [UInt8], ifStill stamp: FileStamp) throws(FileFailure)
}

/// The contents and attributes of a file at the time it was read.
package struct CredentialFile: Sendable {
    package var bytes: [UInt8]
    /// The permission bits, as in `0o600`.
    package var permissions: UInt32
    /// The user id of the owner, if that is neither the current user nor root.
    package var foreignOwner: UInt32?
    package var stamp: FileStamp

    package init(bytes: [UInt8], permissions: UInt32, foreignOwner: UInt32? = nil, stamp: FileStamp) {
        self.bytes = bytes
        self.permissions = permissions
        self.foreignOwner = foreignOwner
        self.stamp = stamp
    }
}

extension CredentialFile: SecretHolder {
    package var description: String { "CredentialFile(\(bytes.count) bytes)" }
}

/// Identifies a version of a file. Compare stamps only for equality.
package struct FileStamp: Sendable, Equatable {
    package var modifiedSeconds: Int
    package var modifiedNanoseconds: Int
    package var size: Int
    /// A file that was replaced by renaming has a different inode, even within one tick of the file system's clock.
    package var inode: UInt64

    package init(modifiedSeconds: Int, modifiedNanoseconds: Int, size: Int, inode: UInt64) {
        self.modifiedSeconds = modifiedSeconds
        self.modifiedNanoseconds = modifiedNanoseconds
        self.size = size
        self.inode = inode
    }
}

/// Why a file could not be read or written.
package enum FileFailure: Error, Sendable, Equatable {
    case missing
    /// The reason, which completes the sentence "cannot be read: …".
    case unreadable(String)

    /// The reason, without the rest of the sentence.
    package var reason: String {
        switch self {
        case .missing: "it is not there"
        case .unreadable(let reason): reason
        }
    }
}

/// The file system of this machine.
package struct LocalFiles: CredentialFiles {
    /// Much more than any key, token or certificate bundle needs. Prevents a wrong path from filling the memory.
    private static let largestSize = 1 << 20

    package init() {}

    package func read(_ path: String) throws(FileFailure) -> CredentialFile {
        // Without O_NONBLOCK, opening a named pipe would block until there is a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure(errno) }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable("it is not a regular file") }
        return CredentialFile(
            bytes: try Self.contents(of: descriptor), permissions: UInt32(status.st_mode & 0o7777),
            foreignOwner: Self.foreignOwner(status),
            stamp: Self.stamp(status))
    }

    package func stamp(of path: String) -> FileStamp? {
        var status = stat()
        return stat(path, &status) == 0 ? Self.stamp(status) : nil
    }

    /// Writes the new file into the same folder and renames it over the old one, so that nobody reads a partial file.
    /// For a symbolic link, this is the folder of its target, and the link stays.
    package func replace(_ path: String, with bytes: [UInt8], ifStill stamp: FileStamp) throws(FileFailure) {
        let target = Self.withoutLinks(path)
        let draft = "\(target).\(UInt64.random(in: .min ... .max))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(errno) }
        var isPlaced = false
        defer { if !isPlaced { unlink(draft) } }
        do throws(FileFailure) {
            try Self.write(bytes, to: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        close(descriptor)
        guard self.stamp(of: path) == stamp else { return }
        guard rename(draft, target) == 0 else { throw Self.failure(errno) }
        isPlaced = true
    }

    /// The path of the file itself, with symbolic links resolved.
    private static func withoutLinks(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func foreignOwner(_ status: stat) -> UInt32? {
        status.st_uid == geteuid() || status.st_uid == 0 ? nil : status.st_uid
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(errno) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure(errno) }
    }

    private static func contents(of descriptor: Int32) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            bytes += chunk.prefix(count)
            guard bytes.count <= largestSize else { throw .unreadable("it is larger than 1 MiB") }
        }
    }

    private static func stamp(_ status: stat) -> FileStamp {
        FileStamp(
            modifiedSeconds: Int(status.st_mtim.tv_sec), modifiedNanoseconds: Int(status.st_mtim.tv_nsec),
            size: Int(status.st_size), inode: UInt64(status.st_ino))
    }

    private static func failure(_ code: Int32) -> FileFailure {
        code == ENOENT || code == ENOTDIR ? .missing : .unreadable(String(cString: strerror(code)))
    }
}
