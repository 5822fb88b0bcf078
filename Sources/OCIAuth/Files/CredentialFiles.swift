/// The files that credentials are read from: the real ones, or a test's.
public protocol CredentialFiles: Sendable {
    /// Reads a whole file, with its mode, owner and stamp taken from the same open file.
    func read(_ path: String) throws(FileFailure) -> CredentialFile

    /// What tells one version of a file from the next; nil when there is no such file.
    func stamp(of path: String) -> FileStamp?

    /// Replaces the contents of a file atomically, readable by its owner alone; a symbolic link stays, and its target is
    /// replaced. A file that is no longer the version of `stamp` is left as it is: somebody else's newer one wins.
    func replace(_ path: String, with bytes: [UInt8], ifStill stamp: FileStamp) throws(FileFailure)
}

/// A file as it was when it was read.
public struct CredentialFile: Sendable {
    public var bytes: [UInt8]
    /// The permission bits, as in `0o600`.
    public var permissions: UInt32
    /// The owner's user id, where that is neither ours nor root's.
    public var foreignOwner: UInt32?
    public var stamp: FileStamp

    public init(bytes: [UInt8], permissions: UInt32, foreignOwner: UInt32? = nil, stamp: FileStamp) {
        self.bytes = bytes
        self.permissions = permissions
        self.foreignOwner = foreignOwner
        self.stamp = stamp
    }
}

extension CredentialFile: SecretHolder {
    public var description: String { "CredentialFile(\(bytes.count) bytes)" }
}

/// What tells one version of a file from the next. Only equality means anything.
public struct FileStamp: Sendable, Equatable {
    public var modifiedSeconds: Int
    public var modifiedNanoseconds: Int
    public var size: Int
    /// A file that was replaced by renaming has another inode, even within one tick of the file system's clock.
    public var inode: UInt64

    public init(modifiedSeconds: Int, modifiedNanoseconds: Int, size: Int, inode: UInt64) {
        self.modifiedSeconds = modifiedSeconds
        self.modifiedNanoseconds = modifiedNanoseconds
        self.size = size
        self.inode = inode
    }
}

/// Why a file could not be read or written.
public enum FileFailure: Error, Sendable, Equatable {
    case missing
    /// The reason, as the end of "cannot be read: …".
    case unreadable(String)

    /// The reason alone.
    public var reason: String {
        switch self {
        case .missing: "it is not there"
        case .unreadable(let reason): reason
        }
    }
}
