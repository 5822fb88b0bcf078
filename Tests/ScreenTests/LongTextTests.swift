import Testing

@testable import Screen

@Suite("A long text with lines created on demand")
struct LongTextTests {
    @Test(
        "has the same lines as the text filtered at once",
        arguments: [
            "", "a", "a\n", "a\nb", "a\r\nb\r\n", "\n\n", "\n", "a\rb\nc", "10%\r100%\u{1B}[K\nx",
            "\u{1B}[31merror:\u{1B}[0m no space\r\nx \u{1B}c\u{7}\u{202E}\n\tat y\u{9B}2J\n10%\r100%\n",
            "größer\n漢字\tx\n👩‍💻\n", "a\r", "שלום x\n",
        ])
    func lines(_ source: String) {
        let text = LongText(source)
        let expected = SafeText.lines(ofTerminalOutput: source)
        #expect(text.count == expected.count)
        for (line, other) in zip(text, expected) { #expect(line == other) }
        #expect(text.plainText == expected.map(\.plainText).joined(separator: "\n"))
    }

    @Test(
        "a line that is too long continues on the next one, is copied whole, and has one number",
        arguments: ["x", "é", "漢"])
    func longLine(_ character: String) {
        let long = String(repeating: character, count: LongText.longestLine * 5 / 2 / character.utf8.count)
        let text = LongText("first\n" + long + "\nlast")
        #expect(text.count > 4)
        #expect(text.allSatisfy { $0.plainText.utf8.count <= LongText.longestLine })
        #expect(text.plainText == "first\n" + long + "\nlast")
        #expect(
            (0..<text.count).map { text.number(of: $0) } == [1, 2] + Array(repeating: nil, count: text.count - 3) + [3])
        #expect(text.numberedLines == 3)
        #expect(text.plainText(of: 1..<text.count - 1) == long)
    }

    @Test("the bytes of a line are the original ones, without its end")
    func bytes() {
        let text = LongText("a\u{1B}[m\r\nbc\n")
        #expect(text.withBytes(of: 0) { Array($0) } == Array("a\u{1B}[m".utf8))
        #expect(text.withBytes(of: 1) { Array($0) } == Array("bc".utf8))
    }

    @Test("a text that grows in pieces equals one created at once", arguments: [1, 3, 7, 16_383, 40_000])
    func growing(_ size: Int) {
        let source =
            "a\r\n\n\tb\n" + String(repeating: "é", count: 20_000) + "\nlast\n" + String(repeating: "x", count: 99)
        let characters = Array(source.unicodeScalars)
        var text = LongText("")
        for start in stride(from: 0, to: characters.count, by: size) {
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: characters[start..<min(start + size, characters.count)])
            let before = text
            text.append(String(piece))
            #expect(text.isGrown(from: before))
        }
        let whole = LongText(source)
        #expect(text == whole)
        #expect(Array(text) == Array(whole))
        #expect((0..<text.count).map { text.number(of: $0) } == (0..<whole.count).map { whole.number(of: $0) })
    }

    @Test("lines dropped at the start do not change the numbers of the others")
    func dropping() {
        let long = String(repeating: "x", count: LongText.longestLine * 5 / 2)
        let whole = LongText("a\nb\n\(long)\nc\nd\n")
        #expect(whole.count == 7)
        for count in 1...6 {
            var text = whole
            text.drop(lines: count)
            #expect(Array(text) == Array(whole.dropFirst(count)))
            #expect((0..<text.count).map { text.number(of: $0) } == (count..<7).map { whole.number(of: $0) })
            #expect(text.lastNumber == 5)
            #expect(text.droppedLines == count)
            #expect(text.isGrown(from: whole))
            #expect(!whole.isGrown(from: text))
            text.append("e\n")
            #expect(text.isGrown(from: whole))
            #expect(text.last?.plainText == "e")
        }
        var text = whole
        text.drop(lines: 100)
        #expect(text.map(\.plainText) == ["d"], "one line stays")
        #expect(!LongText("a\nx").isGrown(from: LongText("a\nb")))
        #expect(!LongText("a").isGrown(from: LongText("a\nb")))
        #expect(LongText("a\nb").isGrown(from: LongText("")))
    }

    @Test("UTF-16 columns of a match become the columns of the clusters that they overlap")
    func columns() {
        #expect(SafeText("abc").columnRanges(ofUTF16: [1..<2]) == [1..<2])
        #expect(SafeText("漢字x").columnRanges(ofUTF16: [1..<2, 2..<3]) == [2..<4, 4..<5])
        #expect(SafeText("é漢e\u{301}z").columnRanges(ofUTF16: [2..<3, 4..<5]) == [3..<4, 4..<5])
        #expect(SafeText("a😀b").columnRanges(ofUTF16: [1..<2]) == [1..<3], "half of a pair of surrogates")
        #expect(SafeText("é").columnRanges(ofUTF16: []).isEmpty)
    }
}
