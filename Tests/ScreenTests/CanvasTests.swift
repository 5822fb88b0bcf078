import Testing

@testable import Screen

@Suite("Canvas")
struct CanvasTests {
    private let size = Size(rows: 3, columns: 10)

    @Test("text is clipped at every edge, and nothing traps")
    func clipping() {
        var canvas = Canvas(size: size)
        canvas.write("abcdefghijklmnop", row: 0, column: 4)
        canvas.write("abcdef", row: 1, column: -3)
        for (row, column) in [(-1, 0), (3, 0), (2, 10), (2, -6), (Int.max, Int.min), (2, Int.min), (2, .max)] {
            canvas.write("abcdef", row: row, column: column)
            canvas.write("abcdef", row: row, column: column, width: .max, alignment: .trailing)
            canvas.fill(row: row, columns: Int.min..<Int.max)
        }
        #expect(canvas.description == "    abcdef\ndef\n")
        #expect(canvas[7, 7].text == " ")
        #expect(Canvas(size: Size(rows: -1, columns: .max)).size == Size(rows: 0, columns: 10_000))
    }

    @Test("a field is padded, cut with an ellipsis, and aligned")
    func fields() {
        var canvas = Canvas(size: size)
        for row in 0..<3 { canvas.write("xxxxxxxxxx", row: row, column: 0) }
        canvas.write("ab", row: 0, column: 1, width: 4)
        canvas.write("ab", row: 1, column: 1, width: 4, alignment: .trailing)
        canvas.write("abcdef", row: 2, column: 1, width: 4)
        #expect(canvas.description == "xab  xxxxx\nx  abxxxxx\nxabc…xxxxx")
    }

    @Test("a wide cluster is whole or a space")
    func wideClusters() {
        var canvas = Canvas(size: size)
        canvas.write("世界世界世界", row: 0, column: 1)
        #expect(canvas.text(row: 0) == " 世界世界 ")
        canvas.write("x", row: 0, column: 2)
        canvas.write("y", row: 0, column: 3)
        canvas.fill(row: 0, columns: 6..<7)
        #expect(canvas[row: 0].map(\.width.rawValue).reduce(0, +) == 10)
        #expect(canvas[0, 1].text == " " && canvas[0, 4].text == " " && canvas[0, 5].text == " ")
    }

    @Test("escapes are drawn in reverse, and stand out on a reversed row too")
    func escapes() {
        var canvas = Canvas(size: size)
        canvas.write("a\u{0}", row: 0, column: 0)
        canvas.write("a\u{0}", row: 1, column: 0, style: .plain.reversed)
        #expect(canvas[0, 0].style == .plain && canvas[0, 1].style == .plain.reversed)
        #expect(canvas[1, 0].style == .plain.reversed && canvas[1, 1].style == .plain)
    }

    @Test("restyling keeps the words")
    func restyle() {
        var canvas = Canvas(size: size)
        canvas.write("abc", row: 0, column: 0, style: Style(foreground: .ansi(.red)))
        canvas.restyle(row: 0, columns: 0..<99) { $0.bold }
        #expect(canvas[0, 2].style == Style(foreground: .ansi(.red), attributes: .bold))
        #expect(canvas[0, 9].style == Style.plain.bold)
        #expect(canvas.text(row: 0) == "abc       ")
    }
}

@Suite("Keys")
struct KeyTests {
    @Test(
        "a key's name reads back as the key",
        arguments: [
            Key.character("q"), .character("G"), .character("?"), .character(" "), .character("f"), .control("b"),
            .control("]"), .alt("x"), .alt(" "), .up, .pageDown, .escape, .backTab, .function(12), .delete,
        ])
    func names(_ key: Key) {
        #expect(Key(name: key.name) == key)
    }

    @Test("names are read whatever their case, and what is no key is refused")
    func reading() {
        #expect(Key(name: "Ctrl-B") == .control("b"))
        #expect(Key(name: "PgDn") == .pageDown)
        #expect(Key(name: "alt-X") == .alt("X"))
        for name in ["", "ctrl-", "ctrl-ü", "ctrl-1", "f0", "f99", "foo", "alt-", "alt-up", "paste", "\u{1B}"] {
            #expect(Key(name: name) == nil, "\(name)")
        }
    }
}
