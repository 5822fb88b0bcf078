import CNcurses
import Screen
import Testing

@testable import Terminal

@MainActor @Suite("Painting")
struct FramePainterTests {
    private static let types = ["xterm", "xterm-256color", "tmux-256color", "screen", "linux", "vt100"]

    private func painter(_ type: String, isUTF8: Bool = true) throws -> FramePainter {
        try #require(setupterm(type, 1, nil) == OK)
        let terminfo = try #require(Terminfo())
        let capabilities = Capabilities(
            environment: ["LANG": isUTF8 ? "C.UTF-8" : "C"], terminfoColors: terminfo.colors)
        return FramePainter(terminfo: terminfo, capabilities: capabilities)
    }

    private func bordered(_ texts: ArraySlice<[UInt8]>, _ size: Size) -> Canvas {
        var canvas = Canvas(size: size)
        let style = Style(foreground: .palette(208, nearest: .brightYellow), attributes: [.bold, .dim])
        for (row, text) in texts.enumerated() {
            canvas.write(SafeText(utf8: text), row: row, column: 1, width: size.columns - 2, style: style)
        }
        for row in 0..<size.rows {
            canvas.write("|", row: row, column: 0)
            canvas.write("|", row: row, column: size.columns - 1)
        }
        return canvas
    }

    @Test("the corpus puts nothing unsafe on the wire, and moves no border, whatever width the terminal sees")
    func corpus() throws {
        let corpus = try HostileBytes.corpus()
        let size = Size(rows: 24, columns: 60)
        let widths: [(Unicode.Scalar) -> Int] = [{ _ in 1 }, { _ in 2 }, { _ in 0 }, { Int($0.value % 3) }]
        for type in Self.types {
            for isUTF8 in [true, false] {
                for width in widths {
                    var painter = try painter(type, isUTF8: isUTF8)
                    var emulator = Emulator(rows: size.rows, columns: size.columns, width: width)
                    for start in stride(from: 0, to: corpus.count, by: size.rows) {
                        let texts = corpus[start..<min(start + size.rows, corpus.count)]
                        emulator.feed(painter.frame(showing: bordered(texts, size)))
                        let edges = emulator.rows.map { ($0.first ?? "") + ($0.last ?? "") }
                        #expect(edges == Array(repeating: "||", count: size.rows), "\(type), page at \(start)")
                    }
                    #expect(emulator.faults == [], "\(type), UTF-8 \(isUTF8)")
                }
            }
        }
    }

    @Test("what is on the screen is what the canvas says, after any number of changes")
    func frames() throws {
        var painter = try painter("xterm-256color")
        var emulator = Emulator(rows: 3, columns: 20) { $0.value > 0x3000 ? 2 : 1 }
        for text in ["hello", "hell世o", "世界人", "", "▁▂▃▄ x ●", "x世"] as [SafeText] {
            for column in 0..<6 {
                var canvas = Canvas(size: Size(rows: 3, columns: 20))
                canvas.write(text, row: 1, column: column)
                emulator.feed(painter.frame(showing: canvas))
                #expect(emulator.text(row: 1) == canvas.text(row: 1))
            }
        }
        #expect(emulator.faults == [])
    }

    @Test("nothing is drawn that has not changed")
    func onlyChanges() throws {
        var painter = try painter("xterm-256color")
        var canvas = Canvas(size: Size(rows: 24, columns: 80))
        canvas.write("a line that stays, and a count: 41", row: 3, column: 2)
        _ = painter.frame(showing: canvas)
        #expect(painter.frame(showing: canvas) == [])
        canvas.write("a line that stays, and a count: 42", row: 3, column: 2)
        #expect(String(decoding: painter.frame(showing: canvas), as: UTF8.self) == "\u{1B}[4;36H2")
        painter.invalidate()
        var emulator = Emulator(rows: 24, columns: 80) { _ in 1 }
        emulator.feed(painter.frame(showing: canvas))
        #expect(emulator.text(row: 3) == canvas.text(row: 3))
    }

    @Test("every cell that is not ASCII is followed by an absolute move, and its neighbour is drawn again")
    func resynchronised() throws {
        var painter = try painter("xterm-256color")
        var canvas = Canvas(size: Size(rows: 1, columns: 10))
        canvas.write("ab|", row: 0, column: 0)
        _ = painter.frame(showing: canvas)
        canvas.write("●", row: 0, column: 1)
        #expect(String(decoding: painter.frame(showing: canvas), as: UTF8.self) == "\u{1B}[1;2H●\u{1B}[1;3H|")
    }

    @Test("the cursor is shown where the canvas wants it, and hidden again")
    func cursor() throws {
        var painter = try painter("xterm-256color")
        var canvas = Canvas(size: Size(rows: 2, columns: 10))
        _ = painter.frame(showing: canvas)
        canvas.cursor = Position(row: 1, column: 4)
        let shown = String(decoding: painter.frame(showing: canvas), as: UTF8.self)
        #expect(shown.hasPrefix("\u{1B}[2;5H") && shown.hasSuffix("\u{1B}[?25h"))
        canvas.cursor = nil
        #expect(String(decoding: painter.frame(showing: canvas), as: UTF8.self) == "\u{1B}[?25l")
    }

    @Test("a locale that is not UTF-8 gets ASCII and nothing else")
    func ascii() throws {
        var painter = try painter("vt100", isUTF8: false)
        var canvas = Canvas(size: Size(rows: 1, columns: 12))
        canvas.write("ä世界 and so on", row: 0, column: 0, width: 12)
        let bytes = painter.frame(showing: canvas)
        #expect(bytes.allSatisfy { $0 < 0x7F })
        var emulator = Emulator(rows: 1, columns: 12) { _ in 1 }
        emulator.feed(bytes)
        #expect(emulator.text(row: 0) == "????? and s~")
    }
}

@Suite("Colours")
struct ShownStyleTests {
    private let orange = Style(
        foreground: .palette(208, nearest: .brightYellow), background: .palette(17, nearest: .brightBlue))

    @Test("a colour comes as near as the terminal can")
    func degrade() {
        let rich = ShownStyle(orange, colorCount: 256)
        #expect(rich.foreground == 208 && rich.background == 17)
        let sixteen = ShownStyle(orange, colorCount: 16)
        #expect(sixteen.foreground == 11 && sixteen.background == 12 && sixteen.attributes == [])
        let eight = ShownStyle(orange, colorCount: 8)
        #expect(eight.foreground == 3 && eight.background == 4 && eight.attributes == .bold)
        let none = ShownStyle(orange.reversed, colorCount: 0)
        #expect(none.foreground == nil && none.background == nil && none.attributes == .reverse)
    }
}
