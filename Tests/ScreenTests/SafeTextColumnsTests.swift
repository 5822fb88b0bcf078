import Screen
import Testing

@Suite("Safe text cut to columns")
struct SafeTextColumnsTests {
    @Test("truncation ends in an ellipsis, keeps the width, and never splits a cluster")
    func truncated() {
        #expect(SafeText("abcdef").truncated(to: 4).plainText == "abc…")
        #expect(SafeText("abcd").truncated(to: 4).plainText == "abcd")
        #expect(SafeText("世界人").truncated(to: 4).plainText == "世 …")
        #expect(SafeText("世界人").truncated(to: 5).plainText == "世界…")
        #expect(SafeText("abc").truncated(to: 1).plainText == "…")
        #expect(SafeText("abc").truncated(to: 0).isEmpty)
        #expect(SafeText("abc").truncated(to: -4).isEmpty)
    }

    @Test("horizontal scrolling replaces half of a wide cluster by a space, and moves the escapes")
    func dropping() {
        #expect(SafeText("世界").dropping(columns: 1).plainText == " 界")
        #expect(SafeText("abc").dropping(columns: 9).isEmpty)
        #expect(SafeText("abc").dropping(columns: -1).plainText == "abc")
        let scrolled = SafeText("ab\u{0}c").dropping(columns: 3)
        #expect(scrolled.plainText == "U+0000>c")
        #expect(scrolled.visibleEscapes == [0..<7])
    }

    @Test("wrapping keeps all text, fits, and prefers to break after a space or a separator")
    func wrapped() {
        #expect(SafeText("one two three").wrapped(to: 9).map(\.plainText) == ["one two ", "three"])
        #expect(SafeText("/usr/lib/python3").wrapped(to: 10).map(\.plainText) == ["/usr/lib/", "python3"])
        #expect(SafeText("abcdefgh").wrapped(to: 3).map(\.plainText) == ["abc", "def", "gh"])
        #expect(SafeText("世界").wrapped(to: 1).map(\.plainText) == ["世", "界"])
        #expect(SafeText("").wrapped(to: 5).count == 1)
        #expect(SafeText("abc def ghi jkl").wrapped(to: 12).map(\.plainText) == ["abc def ghi ", "jkl"])
        let end = "e/f.g,h \u{1B}[0m and so on until it ends"
        for text in [SafeText("a世b\u{202E}c\u{1F600}d " + end), SafeText(end)] {
            for columns in 2...60 {
                let rows = text.wrapped(to: columns)
                #expect(rows.allSatisfy { $0.width <= columns })
                #expect(rows.joined() == text)
            }
        }
    }

    @Test("spaces at the start are dropped, and escapes keep their mark")
    func leadingSpaces() {
        let text = SafeText("   a b\u{202E} ").withoutLeadingSpaces
        #expect(text.plainText == "a b<U+202E> ")
        #expect(text.visibleEscapes == [3..<11])
        #expect(SafeText("a").withoutLeadingSpaces.plainText == "a")
        #expect(SafeText("  ").withoutLeadingSpaces.isEmpty)
    }

    @Test("a row breaks only in its last third, and a row that fits does not break")
    func breakPoints() {
        #expect(SafeText("ab cdefghi").wrapped(to: 9).map(\.plainText) == ["ab cdefgh", "i"])
        #expect(SafeText("abcd efghij").wrapped(to: 9).map(\.plainText) == ["abcd efgh", "ij"])
        #expect(SafeText("abcde fghij").wrapped(to: 9).map(\.plainText) == ["abcde ", "fghij"])
        #expect(SafeText("abcdef ghi").wrapped(to: 9).map(\.plainText) == ["abcdef ", "ghi"])
        #expect(SafeText("abcdefghi").wrapped(to: 9).map(\.plainText) == ["abcdefghi"])
        #expect(SafeText("世界ab cdefghi").wrapped(to: 9).map(\.plainText) == ["世界ab ", "cdefghi"])
        #expect(SafeText("one,two,three").wrapped(to: 9).map(\.plainText) == ["one,two,", "three"])
        #expect(SafeText("a.b.c.d").wrapped(to: 6).map(\.plainText) == ["a.b.c.", "d"])
        #expect(SafeText("世界人").wrapped(to: 5).map(\.plainText) == ["世界", "人"])
    }

    @Test(
        "wraps at spaces, and inside words that are longer than a row",
        arguments: [
            ("one two three", 9, ["one two", "three"]), ("one  two", 9, ["one two"]), (" one ", 9, ["one"]),
            ("a abcdefgh", 3, ["a", "abc", "def", "gh"]), ("世界 世", 4, ["世界", "世"]), ("", 3, []),
        ] as [(String, Int, [String])])
    func wrappedAtSpaces(text: String, columns: Int, rows: [String]) {
        #expect(SafeText(text).wrappedAtSpaces(to: columns).map(\.plainText) == rows)
    }

    @Test("wrapping at spaces keeps escapes, and does not mark text that spells one")
    func wrappedEscapes() {
        let rows = SafeText("one \u{202E} <U+202E>").wrappedAtSpaces(to: 9)
        #expect(rows.map(\.plainText) == ["one", "<U+202E>", "<U+202E>"])
        #expect(rows.map(\.visibleEscapes) == [[], [0..<8], []])
    }

    @Test("a part of an escape stays marked, in ASCII and other text")
    func sliceEscapes() {
        let ascii = SafeText("ab\u{0}c\u{1}")
        #expect(ascii.truncated(to: 5).visibleEscapes == [2..<4])
        #expect(ascii.dropping(columns: 11).visibleEscapes == [0..<8])
        let wide = SafeText("世\u{0}界\u{1}")
        #expect(wide.truncated(to: 5).visibleEscapes == [2..<4])
        #expect(wide.dropping(columns: 12).visibleEscapes == [0..<8])
        #expect(wide.dropping(columns: 12).plainText == "<U+0001>")
    }
}
