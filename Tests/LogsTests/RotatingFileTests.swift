import Foundation
import HTTP
import Logging
import Screen
import Testing

@testable import Logs

@Suite("The log file")
struct RotatingFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "runtop-logs-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) }

    private func text(_ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    @Test("only its owner can read the file, and lines are appended")
    func added() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "log").path
        for line in ["one", "two"] as [SafeText] { try RotatingFile(path: path).write(line) }
        #expect(text("log") == "one\ntwo\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("the file is rotated at its size, some old files are kept, and no line is cut")
    func rotated() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try RotatingFile(path: folder.appending(path: "log").path, largest: 20, kept: 2)
        for number in 1...9 { file.write("line number \(number)") }
        #expect(text("log") == "line number 9\n")
        #expect(text("log.1") == "line number 8\n")
        #expect(text("log.2") == "line number 7\n")
        #expect(text("log.3") == nil)
        file.write(SafeText(String(repeating: "long ", count: 40)))
        #expect(text("log")?.count == 201, "one line longer than all is written whole")
    }

    @Test("a new file is created if the file is moved away")
    func moved() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (log, moved) = (folder.appending(path: "log"), folder.appending(path: "moved"))
        let file = try RotatingFile(path: log.path)
        file.write("one")
        try FileManager.default.moveItem(at: log, to: moved)
        file.write("two")
        #expect(text("moved") == "one\n")
        #expect(text("log") == "two\n")
    }

    @Test("a file that cannot be written is rejected with a message")
    func refused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "nowhere/log").path
        let failure = #expect(throws: Trouble.self) { try RotatingFile(path: path) }
        #expect(failure?.problem.contains(path) == true)
        #expect(failure?.advice.contains("--log-file") == true)
    }

    @Test("a device is written to and never renamed, whatever the amount")
    func device() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // A link to the device, which can be renamed: renaming the device itself would need root, and harm the machine.
        let log = folder.appending(path: "log")
        try FileManager.default.createSymbolicLink(atPath: log.path, withDestinationPath: "/dev/null")
        let file = try RotatingFile(path: log.path, largest: 20, kept: 2)
        for number in 1...9 { file.write("line number \(number)") }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: log.path) == "/dev/null")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["log"])
    }

    @Test("a symbolic link stays: the old files are in the folder of its target")
    func link() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (log, target) = (folder.appending(path: "log"), folder.appending(path: "disk"))
        try Data("before\n".utf8).write(to: target)
        try FileManager.default.createSymbolicLink(at: log, withDestinationURL: target)
        let file = try RotatingFile(path: log.path, largest: 20, kept: 1)
        for line in ["a first long line", "a second long line"] as [SafeText] { file.write(line) }
        #expect(text("disk") == "a second long line\n")
        #expect(text("disk.1") == "a first long line\n")
        #expect(text("log") == "a second long line\n")
    }

    @Test("a pipe without a reader is rejected at once, and one with a reader receives the lines")
    func pipe() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "pipe").path
        try #require(mkfifo(path, 0o600) == 0)
        let failure = #expect(throws: Trouble.self) { try RotatingFile(path: path) }
        #expect(failure?.problem == "The log file \(path) cannot be written: nothing reads from it.")
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let file = try RotatingFile(path: path, largest: 4)
        for line in ["one", "two"] as [SafeText] { file.write(line) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(reader, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "one\ntwo\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["pipe"], "it is not rotated")
    }

    @Test(
        "lines that cannot be written are counted, and the count is reported once when there is space",
        .enabled(if: access("/dev/full", W_OK) == 0))
    func full() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = folder.appending(path: "log")
        try FileManager.default.createSymbolicLink(atPath: log.path, withDestinationPath: "/dev/full")
        let file = try RotatingFile(path: log.path)
        for line in ["lost", "lost as well"] as [SafeText] { file.write(line) }
        try FileManager.default.removeItem(at: log)
        for line in ["one", "two"] as [SafeText] { file.write(line) }
        #expect(text("log") == "(2 lines could not be written)\none\ntwo\n")
    }

    @Test("a file that is full when it is opened is rotated first; one that the line fills exactly is not")
    func sizes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "log").path
        try RotatingFile(path: path, largest: 10).write("123456789")
        let again = try RotatingFile(path: path, largest: 20)
        again.write("123456789")
        #expect(text("log") == "123456789\n123456789\n")
        #expect(text("log.1") == nil)
        again.write("x")
        #expect(text("log") == "x\n")
        #expect(text("log.1") == "123456789\n123456789\n")
        let long = try RotatingFile(path: folder.appending(path: "long").path, largest: 3)
        long.write("longer than all")
        #expect(text("long") == "longer than all\n", "an empty file is not rotated")
        #expect(text("long.1") == nil, "an empty file is not rotated")
        let none = try RotatingFile(path: path, largest: 3, kept: 0)
        none.write("yz")
        #expect(text("log") == "yz\n", "nothing is kept")
        #expect(text("log.1")?.count == 20, "nothing is kept")
    }

    @Test("each line has the fields of the logger, and the fields of a message take precedence")
    func metadata() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try RotatingFile(path: folder.appending(path: "log").path)
        var logger = Logger(label: "test") { _ in
            FileLogHandler(file, level: .debug, now: { Date(timeIntervalSince1970: 0) })
        }
        logger[metadataKey: "a"] = "own"
        logger[metadataKey: "b"] = "own"
        #expect(logger[metadataKey: "a"] == "own")
        logger.debug("m", metadata: ["b": "its"])
        logger.trace("not this")
        logger.logLevel = .error
        logger.warning("nor this")
        #expect(text("log") == "1970-01-01T00:00:00.000Z DEBUG m a=own b=its\n")
    }

    @Test("each message becomes one line of safe text, whatever it contains")
    func oneLine() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try RotatingFile(path: folder.appending(path: "log").path)
        let moment = Date(timeIntervalSince1970: 1_793_693_045.625)
        let logger = Logger(label: "test") { _ in FileLogHandler(file, level: .info, now: { moment }) }
        logger.debug("not this")
        #expect(text("log") == "")
        logger.warning("\u{1B}[31mred\nand \u{202E}more", metadata: ["b": "2", "a": "1", "none": ""])
        let escaped = "<U+001B>[31mred<U+000A>and <U+202E>more"
        #expect(text("log") == "2026-11-03T08:04:05.625Z WARNING \(escaped) a=1 b=2\n")
    }
}
