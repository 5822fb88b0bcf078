import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Creates files; never overwrites one.
enum NewFile {
    struct Failure: Error {
        /// The reason, from the system.
        let reason: String
    }

    /// Writes a file of mode 0600.
    ///
    /// - Throws: ``Failure`` when it exists already or cannot be written; a partly written file is removed.
    static func write(_ data: Data, path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(reason: errno == EEXIST ? "there is a file of that name; choose another" : lastError)
        }
        defer { close(descriptor) }
        var rest = data[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                let reason = lastError
                unlink(path)
                throw Failure(reason: reason)
            }
            rest = rest.dropFirst(written)
        }
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
