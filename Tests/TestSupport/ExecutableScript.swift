import Foundation
import Testing

/// A script that a program under test runs.
package enum ExecutableScript {
    /// Lets a shell write the script. If this process wrote it, a process that another test starts at that moment would
    /// inherit the open file, and the kernel would not run a file that is open for writing (ETXTBSY).
    package static func write(_ text: String, to file: URL, interpreter: String = "/bin/bash") throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let command = "printf '#!%s\\n%s' \"$1\" \"$2\" > \"$3\" && chmod 700 \"$3\""
        shell.arguments = ["-c", command, "sh", interpreter, text, file.path]
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
    }
}
