import Foundation
import Screen

#if canImport(Glibc)
    import Glibc
#endif

/// Standard error, for safe text only.
enum StandardError {
    static func write(_ line: SafeText) {
        // If standard error is closed, the message cannot be shown anywhere else.
        try? FileHandle.standardError.write(contentsOf: Data((line.description + "\n").utf8))
    }
}

/// Standard output of a command that prints and ends.
enum StandardOutput {
    /// Writes a text. When the reader of a pipe has closed it, the program ends by SIGPIPE, as is usual.
    ///
    /// - Throws: ``Refusal`` when it cannot be written for another reason, such as a full disk.
    static func write(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            if reason?.domain == NSPOSIXErrorDomain, reason?.code == Int(EPIPE) {
                signal(SIGPIPE, SIG_DFL)
                raise(SIGPIPE)
            }
            throw Refusal(
                .ioError, "The output cannot be written: \(error.localizedDescription)",
                advice: "Check where standard output goes.")
        }
    }
}
