import Foundation
import Testing

/// A script that a test has some other program run.
enum ExecutableScript {
    /// Has a shell write it. Were it written by this process, a process that another test starts meanwhile would have
    /// the file open for writing too, and the kernel would not run it (ETXTBSY).
    static func write(_ text: String, to file: URL) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let command = "printf '#!/bin/bash\\n%s' \"$1\" > \"$2\" && chmod 700 \"$2\""
        shell.arguments = ["-c", command, "sh", text, file.path]
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
    }
}
