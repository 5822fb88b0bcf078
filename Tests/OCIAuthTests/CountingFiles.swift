import OCIAuth
import Synchronization

/// Passes every reading on, and counts it.
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
