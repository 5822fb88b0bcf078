import Foundation
import Logging
import Testing

@testable import Logs

@Suite("The log file")
struct RotatingFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "runtop-logs-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) }

    private func text(_ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    @Test("is readable by its owner alone, and is added to")
    func added() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "log").path
        for line in ["one", "two"] { try RotatingFile(path: path).write(line) }
        #expect(text("log") == "one\ntwo\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("makes room at its size, keeps so many old ones, and cuts no line")
    func rotated() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try RotatingFile(path: folder.appending(path: "log").path, largest: 20, kept: 2)
        for number in 1...9 { file.write("line number \(number)") }
        #expect(text("log") == "line number 9\n")
        #expect(text("log.1") == "line number 8\n" && text("log.2") == "line number 7\n")
        #expect(text("log.3") == nil)
        file.write(String(repeating: "long ", count: 40))
        #expect(text("log")?.count == 201, "one line longer than all is written whole")
    }

    @Test("begins anew when somebody moves it away")
    func moved() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (log, moved) = (folder.appending(path: "log"), folder.appending(path: "moved"))
        let file = try RotatingFile(path: log.path)
        file.write("one")
        try FileManager.default.moveItem(at: log, to: moved)
        file.write("two")
        #expect(text("moved") == "one\n" && text("log") == "two\n")
    }

    @Test("that cannot be written is refused in a sentence")
    func refused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "nowhere/log").path
        let failure = #expect(throws: LogFailure.self) { try RotatingFile(path: path) }
        #expect(failure?.problem.contains(path) == true && failure?.advice.contains("--log-file") == true)
    }

    @Test("takes one line a message, whatever the message says")
    func oneLine() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try RotatingFile(path: folder.appending(path: "log").path)
        let moment = Date(timeIntervalSince1970: 1_793_693_045.625)
        let logger = Logger(label: "test") { _ in FileLogHandler(file, level: .info, now: { moment }) }
        logger.debug("not this")
        logger.warning("\u{1B}[31mred\nand \u{202E}more", metadata: ["b": "2", "a": "1", "none": ""])
        let escaped = "\\u{1b}[31mred\\u{a}and \\u{202e}more"
        #expect(text("log") == "2026-11-03T08:04:05.625Z WARNING \(escaped) a=1 b=2\n")
    }
}
