import OCIAuth
import Synchronization

/// Files in memory, for one test. Each write gives a new stamp.
final class InMemoryFiles: CredentialFiles {
    private let state: Mutex<[String: CredentialFile]>
    private let writes = Atomic(0)
    private let fullDisk = Mutex(false)

    init(_ texts: [String: String] = [:]) {
        state = Mutex([:])
        for (path, text) in texts { write(text, to: path) }
    }

    /// Whether replacing a file fails.
    func fillDisk(_ isFull: Bool) { fullDisk.withLock { $0 = isFull } }

    func write(_ text: String, to path: String, permissions: UInt32 = 0o600, owner: UInt32? = nil) {
        let bytes = Array(text.utf8)
        let tick = writes.add(1, ordering: .relaxed).newValue
        let stamp = FileStamp(modifiedSeconds: tick, modifiedNanoseconds: 0, size: bytes.count, inode: 1)
        state.withLock {
            $0[path] = CredentialFile(
                bytes: bytes, permissions: permissions, foreignOwner: owner, stamp: stamp)
        }
    }

    func remove(_ path: String) {
        state.withLock { $0[path] = nil }
    }

    func read(_ path: String) throws(FileFailure) -> CredentialFile {
        guard let file = state.withLock({ $0[path] }) else { throw .missing }
        return file
    }

    func stamp(of path: String) -> FileStamp? {
        state.withLock { $0[path]?.stamp }
    }

    func replace(_ path: String, with bytes: [UInt8], ifStill stamp: FileStamp) throws(FileFailure) {
        if fullDisk.withLock({ $0 }) { throw .unreadable("No space left on device") }
        guard self.stamp(of: path) == stamp else { return }
        write(String(decoding: bytes, as: UTF8.self), to: path)
    }
}

/// Forwards each read, and counts it.
final class CountingFiles: CredentialFiles {
    private let files: any CredentialFiles
    private let count = Atomic(0)

    var reads: Int { count.load(ordering: .relaxed) }

    init(_ files: any CredentialFiles) {
        self.files = files
    }

    func read(_ path: String) throws(FileFailure) -> CredentialFile {
        count.add(1, ordering: .relaxed)
        return try files.read(path)
    }

    func stamp(of path: String) -> FileStamp? { files.stamp(of: path) }

    func replace(_ path: String, with bytes: [UInt8], ifStill stamp: FileStamp) throws(FileFailure) {
        try files.replace(path, with: bytes, ifStill: stamp)
    }
}
