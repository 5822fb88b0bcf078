import ArgumentParser
import Causes
import Foundation
import Glibc
import JSON
import OCIAuth
import Screen

/// The output format of `runtop cause`.
enum CauseFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// `runtop cause`: the line of a log that says why it failed.
struct CauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cause", abstract: "The line of a log that names why it failed.",
        discussion: """
            Reads any log or error trace and prints the number of the line, from 1, and what it says. Colours, progress bars and \
            bytes that are no UTF-8 do no harm; lines end at LF or CRLF.

            The exit status is 0; 1 when no line names a cause; 64 for a wrong argument; 65 when the log is too large; 66 when \
            the file cannot be read; 74 when reading fails on the way, or the output cannot be written.
            """)

    @Argument(help: "The log; - or nothing for standard input.")
    var file: String?

    @Option(help: "text, or json: an object with line, text and kind, each null where no line names a cause.")
    var output: CauseFormat = .text

    func validate() throws {
        guard file != nil || isatty(STDIN_FILENO) == 0 else {
            throw ValidationError("Name a file, or send a log to standard input.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let log = try Log(path: file ?? "-", environment: ProcessInfo.processInfo.environment)
            let cause = Cause.find(in: log.lines)
            try StandardOutput.write(output == .json ? Self.json(cause) : Self.text(cause))
            if cause == nil { throw ExitCode(1) }
        }
    }

    static func text(_ cause: Cause?) -> String {
        guard let cause else { return "No line names a cause.\n" }
        return "\(cause.line + 1): \(SafeText(cause.text).plainText)\n"
    }

    static func json(_ cause: Cause?) -> String {
        let object = JSONValue.object([
            .init("line", cause.map { .number(String($0.line + 1)) } ?? .null),
            .init("text", cause.map { .string($0.text) } ?? .null),
            .init("kind", cause.map { .string($0.kind.rawValue) } ?? .null),
        ])
        return object.text() + "\n"
    }
}

/// A log, split into lines as on a terminal. Their numbers are those of the file.
struct Log {
    let lines: [String]

    /// The maximum size of a log in bytes.
    private static let largest = 256 << 20

    /// - Parameter path: `-` for standard input.
    /// - Throws: ``CommandFailure`` if it cannot be read, or is too large.
    init(path: String, environment: [String: String]) throws(CommandFailure) {
        let data = try Self.read(path, environment: environment)
        guard data.count <= Self.largest else {
            throw CommandFailure(
                .dataError, "The log is larger than \(Self.largest >> 20) MiB.",
                advice: "Give its end: tail -c 200M LOG | runtop cause")
        }
        self.init(String(decoding: data, as: UTF8.self))
    }

    init(_ text: String) { lines = SafeText.lines(ofTerminalOutput: text).map(\.plainText) }

    private static func read(_ path: String, environment: [String: String]) throws(CommandFailure) -> Data {
        let file: FileHandle
        if path == "-" {
            file = .standardInput
        } else {
            let expanded = Environment(environment).expandingTilde(path)
            guard let opened = FileHandle(forReadingAtPath: expanded) else {
                throw CommandFailure(
                    .noInput, "The file \(expanded) cannot be read: \(String(cString: strerror(errno))).")
            }
            var isFolder: ObjCBool = false
            guard !FileManager.default.fileExists(atPath: expanded, isDirectory: &isFolder) || !isFolder.boolValue
            else {
                throw CommandFailure(.noInput, "The file \(expanded) cannot be read: it is a folder.")
            }
            file = opened
        }
        do {
            return try file.read(upToCount: largest + 1) ?? Data()
        } catch {
            throw CommandFailure(.ioError, "The log cannot be read: \(error.localizedDescription)")
        }
    }
}
