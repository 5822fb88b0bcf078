import Screen
import Testing

@Suite("Canvas")
struct CanvasTests {
    private let size = Size(rows: 3, columns: 10)

    @Test("clips text at every edge without a trap")
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

    @Test("a wide cluster is drawn whole or as a space")
    func wideClusters() {
        var canvas = Canvas(size: size)
        canvas.write("世界世界世界", row: 0, column: 1)
        #expect(canvas.text(row: 0) == " 世界世界 ")
        canvas.write("x", row: 0, column: 2)
        canvas.write("y", row: 0, column: 3)
        canvas.fill(row: 0, columns: 6..<7)
        #expect(canvas[row: 0].map(\.width.rawValue).reduce(0, +) == 10)
        #expect(canvas[0, 1].text == " ")
        #expect(canvas[0, 4].text == " ")
        #expect(canvas[0, 5].text == " ")
    }

    @Test("escapes are drawn in reverse, and are visible on a reversed row too")
    func escapes() {
        var canvas = Canvas(size: size)
        canvas.write("a\u{0}", row: 0, column: 0)
        canvas.write("a\u{0}", row: 1, column: 0, style: .plain.reversed)
        #expect(canvas[0, 0].style == .plain)
        #expect(canvas[0, 1].style == .plain.reversed)
        #expect(canvas[1, 0].style == .plain.reversed)
        #expect(canvas[1, 1].style == .plain)
    }

    @Test("restyling keeps the text")
    func restyle() {
        var canvas = Canvas(size: size)
        canvas.write("abc", row: 0, column: 0, style: Style(foreground: .ansi(.red)))
        let bold = { (style: Style) in Style(foreground: style.foreground, attributes: .bold) }
        canvas.restyle(row: 0, columns: 1..<99, bold)
        canvas.restyle(row: 3, columns: 0..<9, bold)
        canvas.restyle(row: -1, columns: 0..<9, bold)
        #expect(canvas[0, 0].style == Style(foreground: .ansi(.red)))
        #expect(canvas[0, 1].style == Style(foreground: .ansi(.red), attributes: .bold))
        #expect(canvas[0, 9].style == Style(attributes: .bold))
        #expect(canvas[1, 0].style == .plain)
        #expect(canvas.text(row: 0) == "abc       ")
    }

    @Test("a field and a filled range have the style up to their ends, not further")
    func fieldStyle() {
        var canvas = Canvas(size: size)
        let style = Style(background: .ansi(.red))
        canvas.write("ab", row: 0, column: 2, width: 5, style: style)
        canvas.write("ab", row: 1, column: 2, width: 5, alignment: .trailing, style: style)
        canvas.fill(row: 2, columns: 2..<7, style: style)
        for row in 0..<3 {
            #expect((0..<10).filter { canvas[row, $0].style == style } == [2, 3, 4, 5, 6], "row \(row)")
        }
        canvas.write("世", row: 2, column: 2, style: style)
        #expect(canvas[2, 2].style == style)
        #expect(canvas[2, 3].style == style)
        #expect(canvas[2, 2].width == .wide)
        #expect(canvas[2, 3].width == .rightHalf)
    }

    @Test("a new canvas is blank in its style, and a cell outside it is plain")
    func blank() {
        let style = Style(background: .ansi(.blue))
        let canvas = Canvas(size: size, style: style)
        #expect(canvas[2, 9].style == style)
        for (row, column) in [(3, 0), (-1, 0), (0, 10), (0, -1)] { #expect(canvas[row, column].style == .plain) }
        #expect(canvas[row: 3].isEmpty)
        #expect(canvas[row: -1].isEmpty)
        #expect(canvas[row: 2].count == 10)
        #expect(Canvas(size: Size(rows: .max, columns: -1)).size == Size(rows: 10_000, columns: 0))
    }

    @Test("the rest of a text cut at the left edge starts at the first column")
    func leftEdge() {
        var canvas = Canvas(size: size)
        canvas.write("abcdef", row: 0, column: -2, width: 5)
        canvas.write("abcd", row: 1, column: -2, width: 8, alignment: .trailing)
        canvas.write("世界", row: 2, column: -1)
        #expect(canvas.description == "cd…\n  abcd\n 界")
    }

    @Test("text over half of a wide cluster leaves a space in its style")
    func splitWide() {
        var canvas = Canvas(size: size)
        let style = Style(background: .ansi(.red))
        canvas.write("世界人", row: 0, column: 2, style: style)
        canvas.write("xy", row: 0, column: 3)
        #expect(canvas.text(row: 0) == "   xy 人  ")
        #expect(canvas[0, 2].style == style)
        #expect(canvas[0, 2].text == " ")
        #expect(canvas[0, 2].width == .single)
        #expect(canvas[0, 5].style == style)
        #expect(canvas[0, 5].text == " ")
        #expect(canvas[0, 5].width == .single)
        #expect(canvas[0, 6].text == "人")
        #expect(canvas[0, 7].width == .rightHalf)
    }

    @Test("the ASCII byte of a cell")
    func ascii() {
        var canvas = Canvas(size: size)
        canvas.write("aé世", row: 0, column: 0)
        #expect(canvas[0, 0].ascii == 0x61)
        #expect(canvas[0, 1].ascii == nil)
        #expect(canvas[0, 2].ascii == nil)
        #expect(canvas[0, 3].ascii == nil)
        #expect(canvas[0, 9].ascii == 0x20)
    }
}
