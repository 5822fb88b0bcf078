import Foundation
import TestSupport
import Testing

/// The bytes that a program on ncurses sends to a pseudo-terminal.
@Suite("Bytes to the terminal", .blocking)
struct WireTests {
    @Test(
        "every string of the corpus is harmless and moves no border, in every terminal and locale",
        arguments: ["xterm-256color", "vt100", "linux"], ["C.UTF-8", "C"])
    func corpus(_ type: String, _ locale: String) throws {
        let terminal = try PseudoTerminal(environment: ["TERM": type, "LANG": locale])
        try #require(terminal.read(until: "paints=1"))
        var emulator = Emulator(rows: 24, columns: 80) { $0.value >= 0x1100 ? 2 : 1 }
        var fed = 0
        for page in 1...27 {
            terminal.type("n")
            // Reads until the status line shows the number of the page.
            var elapsed = 0
            repeat {
                terminal.read(until: "H", within: .milliseconds(20))
                emulator.feed(Array(terminal.output[fed...]))
                fed = terminal.output.count
                elapsed += 1
            } while !emulator.text(row: 0).contains("page=\(page) ") && elapsed < 500
            #expect(emulator.text(row: 0).contains("page=\(page) "))
            #expect(emulator.rows.allSatisfy { $0.first == "|" && $0.last == "|" }, "page \(page)")
        }
        #expect(emulator.faults == [])
        if locale == "C" { #expect(terminal.output.allSatisfy { $0 < 0x7F }) }
        terminal.type("q")
        #expect(terminal.exitStatus() == 0)
    }

    @Test("receives keys, a single Escape, a paste and a change of size")
    func events() throws {
        let terminal = try PseudoTerminal()
        var emulator = Emulator(rows: 40, columns: 100) { _ in 1 }
        var fed = 0
        func shows(_ text: String) -> Bool {
            for _ in 0..<500 {
                terminal.read(until: "H", within: .milliseconds(20))
                emulator.feed(Array(terminal.output[fed...]))
                fed = terminal.output.count
                if emulator.text(row: 0).contains(text) { return true }
            }
            return false
        }
        #expect(shows("ready"))
        let keys = [
            ("\u{1B}[A", "key up "), ("\u{1B}", "key esc "), ("\u{1B}x", "key alt-x "), ("\u{2}", "key ctrl-b "),
            ("\u{1B}[6~", "key pgdn "), ("ä", "key ä "), ("\u{1B}[200~q\u{1B}[Ax\u{1B}[201~", "paste[qx]"),
        ]
        for (bytes, shown) in keys {
            terminal.type(bytes)
            #expect(shows(shown), "\(shown)")
        }
        // A paste whose end mark does not arrive ends by itself, and keys act as keys again.
        terminal.type("\u{1B}[200~lost")
        #expect(shows("paste[lost]"))
        terminal.type("k")
        #expect(shows("key k "))
        terminal.resize(rows: 30, columns: 90)
        #expect(shows("resized 30x90"))
        terminal.type("q")
        #expect(terminal.exitStatus() == 0)
    }
}
