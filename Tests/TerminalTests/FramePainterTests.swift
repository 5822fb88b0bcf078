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
            canvas.write(
                SafeText(String(decoding: text, as: UTF8.self)), row: row, column: 1, width: size.columns - 2,
                style: style)
        }
        for row in 0..<size.rows {
            canvas.write("|", row: row, column: 0)
            canvas.write("|", row: row, column: size.columns - 1)
        }
        return canvas
    }

    @Test("draws the corpus safely, without moving a border, for any width in the terminal")
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

    @Test("the screen equals the canvas after any number of changes")
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

    /// A generator that gives the same numbers in every run.
    private struct Dice {
        var state: UInt64 = 7

        mutating func below(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
    }

    /// The look that a terminal with `colors` colours gives a style, computed from the rule.
    private func look(_ style: Style, colors: Int, withColor attributesGone: Style.Attributes) -> Emulator.Look {
        var look = Emulator.Look()
        func number(_ color: Color) -> Int? {
            switch color {
            case .terminalDefault: nil
            case .ansi(let color): colors == 0 ? nil : Int(color.rawValue)
            case .palette(let number, let nearest):
                colors == 0 ? nil : colors == 256 ? Int(number) : Int(nearest.rawValue)
            }
        }
        (look.foreground, look.background) = (number(style.foreground), number(style.background))
        var attributes = style.attributes
        if colors == 8 {
            if let foreground = look.foreground, foreground > 7 {
                look.foreground = foreground - 8
                attributes.insert(.bold)
            }
            if let background = look.background, background > 7 { look.background = background - 8 }
        }
        if look.foreground != nil || look.background != nil { attributes.subtract(attributesGone) }
        let numbers: [(Style.Attributes, Int)] = [(.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7)]
        look.attributes = Set(numbers.filter { attributes.contains($0.0) }.map(\.1))
        return look
    }

    @Test(
        "every cell has the canvas's text and style after any number of changes",
        arguments: [("xterm-256color", 256), ("tmux-256color", 256), ("xterm", 8), ("linux", 8)])
    func styles(_ type: String, _ colors: Int) throws {
        var painter = try painter(type)
        let size = Size(rows: 4, columns: 12)
        var emulator = Emulator(rows: size.rows, columns: size.columns) { $0.value > 0x3000 ? 2 : 1 }
        let terminfo = try #require(Terminfo())
        #expect(terminfo.colors == colors)
        #expect(terminfo.notWithColor == (type == "linux" ? [.underline, .dim] : []))
        let palette: [Color] = [
            .terminalDefault, .ansi(.red), .ansi(.brightGreen), .palette(208, nearest: .brightYellow),
            .palette(17, nearest: .blue),
        ]
        var has: Style.Attributes = []
        let known: [(Style.Attributes, [UInt8])] = [
            (.bold, terminfo.bold), (.dim, terminfo.dim), (.underline, terminfo.underline), (.italic, terminfo.italic),
            (.reverse, terminfo.reverse),
        ]
        for (attribute, bytes) in known where !bytes.isEmpty { has.insert(attribute) }
        var dice = Dice()
        var canvas = Canvas(size: size)
        for _ in 0..<120 {
            for _ in 0..<(1 + dice.below(4)) {
                let style = Style(
                    foreground: palette[dice.below(palette.count)], background: palette[dice.below(palette.count)],
                    attributes: Style.Attributes(rawValue: UInt8(dice.below(32))).intersection(has))
                let text = (["a", "hello", "世界", "▁▂▃", " ", "é ●"] as [SafeText])[dice.below(6)]
                canvas.write(text, row: dice.below(4), column: dice.below(12), style: style)
            }
            emulator.feed(painter.frame(showing: canvas))
            for row in 0..<size.rows {
                #expect(emulator.text(row: row) == canvas.text(row: row))
                let wanted = canvas[row: row].map { look($0.style, colors: colors, withColor: terminfo.notWithColor) }
                #expect(emulator.looks[row] == wanted)
            }
            #expect(emulator.look == Emulator.Look(), "a frame ends plain")
            if dice.below(10) == 0 { painter.invalidate() }
        }
        #expect(emulator.faults == [])
    }

    @Test("draws only attributes without colours", arguments: ["xterm-256color", "vt100"])
    func noColors(_ type: String) throws {
        try #require(setupterm(type, 1, nil) == OK)
        let capabilities = Capabilities(environment: ["NO_COLOR": "1", "LANG": "C.UTF-8"], terminfoColors: 256)
        var painter = FramePainter(terminfo: try #require(Terminfo()), capabilities: capabilities)
        var emulator = Emulator(rows: 1, columns: 6) { _ in 1 }
        var canvas = Canvas(size: Size(rows: 1, columns: 6))
        canvas.write("ab", row: 0, column: 1, style: Style(foreground: .ansi(.red), attributes: [.bold, .reverse]))
        emulator.feed(painter.frame(showing: canvas))
        #expect(emulator.looks[0][1] == Emulator.Look(attributes: [1, 7]))
        #expect(emulator.looks[0][0] == Emulator.Look())
        #expect(emulator.looks[0][3] == Emulator.Look())
        #expect(emulator.faults == [])
    }

    @Test("a frame after another program's output does not keep its style")
    func leftOverStyle() throws {
        var painter = try painter("xterm-256color")
        var emulator = Emulator(rows: 1, columns: 4) { _ in 1 }
        var canvas = Canvas(size: Size(rows: 1, columns: 4))
        canvas.write("ab", row: 0, column: 0)
        for _ in 0..<2 {
            emulator.feed(Array("\u{1B}[1;41m".utf8))
            painter.invalidate()
            emulator.feed(painter.frame(showing: canvas))
            #expect(emulator.looks[0] == Array(repeating: Emulator.Look(), count: 4))
            #expect(emulator.text(row: 0) == "ab  ")
        }
    }

    @Test("draws a canvas of another size on a cleared screen")
    func otherSize() throws {
        var painter = try painter("xterm-256color")
        var emulator = Emulator(rows: 3, columns: 10) { _ in 1 }
        var canvas = Canvas(size: Size(rows: 3, columns: 10))
        canvas.write("old text", row: 2, column: 0, style: Style(background: .ansi(.red)))
        emulator.feed(painter.frame(showing: canvas))
        var smaller = Canvas(size: Size(rows: 2, columns: 8))
        smaller.write("new", row: 0, column: 0)
        emulator.feed(painter.frame(showing: smaller))
        #expect(emulator.text(row: 0) == "new       ")
        #expect(emulator.text(row: 2) == "          ")
        #expect(emulator.looks[2] == Array(repeating: Emulator.Look(), count: 10))
    }

    @Test("draws only changes")
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

    @Test("moves the cursor after every non-ASCII cell, and draws its neighbour again")
    func resynchronised() throws {
        var painter = try painter("xterm-256color")
        var canvas = Canvas(size: Size(rows: 1, columns: 10))
        canvas.write("ab|", row: 0, column: 0)
        _ = painter.frame(showing: canvas)
        canvas.write("●", row: 0, column: 1)
        #expect(String(decoding: painter.frame(showing: canvas), as: UTF8.self) == "\u{1B}[1;2H●\u{1B}[1;3H|")
    }

    @Test("shows the cursor where the canvas has it, and hides it again")
    func cursor() throws {
        var painter = try painter("xterm-256color")
        var canvas = Canvas(size: Size(rows: 2, columns: 10))
        _ = painter.frame(showing: canvas)
        canvas.cursor = Position(row: 1, column: 4)
        let shown = String(decoding: painter.frame(showing: canvas), as: UTF8.self)
        #expect(shown.hasPrefix("\u{1B}[2;5H"))
        #expect(shown.hasSuffix("\u{1B}[?25h"))
        canvas.cursor = nil
        #expect(String(decoding: painter.frame(showing: canvas), as: UTF8.self) == "\u{1B}[?25l")
    }

    @Test(
        "shows and hides the cursor as the canvas does, and leaves it in its position",
        arguments: ["xterm-256color", "tmux-256color", "linux"])
    func cursorAgain(_ type: String) throws {
        var painter = try painter(type)
        var emulator = Emulator(rows: 3, columns: 10) { _ in 1 }
        var canvas = Canvas(size: Size(rows: 3, columns: 10))
        for step in 0..<9 {
            canvas.write("\(step)", row: 0, column: step)
            canvas.cursor = step % 3 == 0 ? nil : Position(row: 1, column: step)
            emulator.feed(painter.frame(showing: canvas))
            #expect(emulator.cursorIsVisible == (canvas.cursor != nil), "step \(step)")
            if let cursor = canvas.cursor { #expect(emulator.cursor == (cursor.row, cursor.column)) }
            if step == 4 { painter.invalidate() }
        }
        emulator.feed(painter.frame(showing: canvas))
        #expect(emulator.cursorIsVisible)
        #expect(emulator.cursor == (1, 8))
    }

    @Test("draws only ASCII in a locale that is not UTF-8")
    func ascii() throws {
        var painter = try painter("vt100", isUTF8: false)
        var canvas = Canvas(size: Size(rows: 1, columns: 12))
        canvas.write("ä世界 and so on", row: 0, column: 0, width: 12)
        let bytes = painter.frame(showing: canvas)
        #expect(bytes.allSatisfy { $0 < 0x7F })
        var emulator = Emulator(rows: 1, columns: 12) { _ in 1 }
        emulator.feed(bytes)
        #expect(emulator.text(row: 0) == "????? and s$")
    }
}

@Suite("Colours")
struct ShownStyleTests {
    private let orange = Style(
        foreground: .palette(208, nearest: .brightYellow), background: .palette(17, nearest: .brightBlue))

    @Test("uses the nearest colour of the terminal")
    func degrade() {
        let rich = ShownStyle(orange, colorCount: 256)
        #expect(rich.foreground == 208)
        #expect(rich.background == 17)
        let sixteen = ShownStyle(orange, colorCount: 16)
        #expect(sixteen.foreground == 11)
        #expect(sixteen.background == 12)
        #expect(sixteen.attributes == [])
        let eight = ShownStyle(orange, colorCount: 8)
        #expect(eight.foreground == 3)
        #expect(eight.background == 4)
        #expect(eight.attributes == .bold)
        let blue = ShownStyle(Style(foreground: .ansi(.blue), background: .ansi(.white)), colorCount: 8)
        #expect(blue.foreground == 4)
        #expect(blue.background == 7)
        #expect(blue.attributes == [])
        let none = ShownStyle(orange.reversed, colorCount: 0)
        #expect(none.foreground == nil)
        #expect(none.background == nil)
        #expect(none.attributes == .reverse)
    }

    @Test("with eight colours, draws a dark grey background, which would be black, in reverse")
    func darkGrey() {
        let grey = Style(foreground: .ansi(.red), background: .palette(237, nearest: .brightBlack), attributes: .bold)
        let eight = ShownStyle(grey, colorCount: 8)
        #expect(eight.foreground == 1)
        #expect(eight.background == nil)
        #expect(eight.attributes == [.bold, .reverse])
        #expect(ShownStyle(grey.reversed, colorCount: 8).attributes == .bold)
        let sixteen = ShownStyle(grey, colorCount: 16)
        #expect(sixteen.background == 8)
        #expect(sixteen.attributes == .bold)
        #expect(ShownStyle(grey, colorCount: 256).background == 237)
        #expect(ShownStyle(grey, colorCount: 0).attributes == .bold)
    }
}
