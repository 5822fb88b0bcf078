import Foundation
import Testing

/// A script that a program under test runs.
enum ExecutableScript {
    /// Lets a shell write the script. If this process wrote it, a process that another test starts at that moment would
    /// inherit the open file, and the kernel would not run a file that is open for writing (ETXTBSY).
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
