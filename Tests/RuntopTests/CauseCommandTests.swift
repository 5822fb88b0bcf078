import Foundation
import TestSupport
import Testing

/// `runtop cause` in a script.
@Suite("runtop cause", .blocking)
struct CauseCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func cause(of log: [UInt8], _ arguments: String...) throws -> Program.Ended {
        let file = folder.file("load.log")
        try Data(log).write(to: file)
        return try Program.run(Program.runtop, ["cause", file.path] + arguments)
    }

    @Test("the line and its number are printed")
    func text() throws {
        let ended = try cause(of: Array("start\n12:00:00 ERROR a.B: KeyError: 'id'\nexit code 1\n".utf8))
        #expect(ended.output == "2: KeyError: 'id'\n")
        #expect(ended.status == 0, "\(ended.errors)")
    }

    @Test("JSON has line, text and kind")
    func json() throws {
        let ended = try cause(of: Array("a\nORA-00942: no \"table\"".utf8), "--output", "json")
        #expect(ended.output == #"{"line":2,"text":"ORA-00942: no \"table\"","kind":"oracle"}"# + "\n")
        #expect(ended.status == 0)
    }

    @Test("if there is no cause, a sentence or nulls are printed, and the status is 1")
    func none() throws {
        let text = try cause(of: Array("all is well\n".utf8))
        #expect(text.output == "No line names a cause.\n")
        #expect(text.status == 1)
        let json = try cause(of: [], "--output", "json")
        #expect(json.output == #"{"line":null,"text":null,"kind":null}"# + "\n")
        #expect(json.status == 1)
    }

    @Test("lines are numbered by the line feeds of the file, whatever its contents")
    func numbers() throws {
        var log: [UInt8] = Array("10%\r50%\r100%\r\n\r\n\u{2028}\u{85}\u{0B}\u{0C}x\n".utf8)
        log += [0x00, 0xFF, 0xFE, 0x0A]
        log += Array("\u{1B}[31mKeyError\u{1B}[0m: 'id'\r\n\nbye\n".utf8)
        let ended = try cause(of: log)
        #expect(ended.output == "5: KeyError: 'id'\n")
    }

    @Test("the output cannot control a terminal")
    func safe() throws {
        let log = Array("KeyError: \u{202E}x \u{1B}]0;title\u{07} \u{9B}31m y\n".utf8)
        for format in ["text", "json"] {
            let ended = try cause(of: log, "--output", format)
            #expect(ended.status == 0)
            #expect(!ended.output.unicodeScalars.contains { ["\u{202E}", "\u{1B}", "\u{9B}", "\u{07}"].contains($0) })
        }
    }

    @Test("a file that cannot be read is named in the error", arguments: ["/no/such.log", "/tmp"])
    func unreadable(_ path: String) throws {
        let ended = try Program.run(Program.runtop, ["cause", path])
        #expect(ended.status == 66)
        #expect(ended.errors.contains("The file \(path) cannot be read"), "\(ended.errors)")
        #expect(ended.output.isEmpty)
    }

    @Test("an invalid format is rejected")
    func wrongFormat() throws {
        #expect(try cause(of: [], "--output", "xml").status == 64)
    }

    @Test("the table of the collection counts accepted, missed, wrong and unexpected causes")
    func collection() throws {
        let file = folder.file("logs.json")
        let logs: [[String: Any]] = [
            ["id": "1", "kind": "python", "trace": "x\nKeyError: 'a'", "cause": [1]],
            ["id": "2", "kind": "python", "trace": "x\nKeyError: 'a'", "cause": [0]],
            ["id": "3", "kind": "shell", "trace": "all is well", "cause": [0]],
            ["id": "4", "kind": "shell", "trace": "all is well", "cause": [Int]()],
            ["id": "5", "kind": "shell", "trace": "KeyError: 'a'", "cause": [Int]()],
        ]
        try JSONSerialization.data(withJSONObject: logs).write(to: file)
        let ended = try Program.run(repositoryFile("scripts/causes").path, [file.path, Program.runtop])
        let rows = ended.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(
            rows == [
                ["kind", "logs", "accepted", "missed", "wrong", "needless"], ["python", "2", "1", "0", "1", "0"],
                ["shell", "3", "1", "1", "0", "1"], ["total", "5", "2", "1", "1", "1"], ["40.0%", "accepted"],
            ], "\(ended.output)\(ended.errors)")
    }
}
