import Foundation
import Glibc
import Logs
import Screen

/// Standard error, for safe text only.
enum StandardError {
    static func write(_ line: SafeText) {
        // If standard error is closed, there is no other place for the message.
        try? FileHandle.standardError.write(contentsOf: Data((line.plainText + "\n").utf8))
    }
}

/// Standard output of a command that prints and exits.
enum StandardOutput {
    /// Writes a text. If the reader has closed the pipe, SIGPIPE ends the program, as usual.
    ///
    /// - Throws: ``CommandFailure`` if writing fails for another reason, such as a full disk.
    static func write(_ text: String) throws { try write(Data(text.utf8)) }

    static func write(_ data: Data) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: data)
        } catch {
            let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            if reason?.domain == NSPOSIXErrorDomain, reason?.code == Int(EPIPE) {
                signal(SIGPIPE, SIG_DFL)
                raise(SIGPIPE)
            }
            throw CommandFailure(
                .ioError, "The output cannot be written: \(error.localizedDescription)",
                advice: "Check where standard output goes.")
        }
    }
}

/// Creates a file and never overwrites an existing one.
enum NewFile {
    struct Failure: Error {
        /// The reason, from the system.
        let reason: String
    }

    /// Writes a file with mode 0600.
    ///
    /// - Throws: ``Failure`` if it exists already or cannot be written. A partly written file is removed.
    static func write(_ data: Data, path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(reason: errno == EEXIST ? "there is a file of that name; choose another" : lastError)
        }
        defer { close(descriptor) }
        guard writeAll(data, to: descriptor) == data.count else {
            let reason = lastError
            unlink(path)
            throw Failure(reason: reason)
        }
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
