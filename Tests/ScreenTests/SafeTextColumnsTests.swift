import Testing

@testable import Screen

@Suite("Safe text, cut to columns")
struct SafeTextColumnsTests {
    @Test("truncation ends in an ellipsis, keeps the width, and never splits a cluster")
    func truncated() {
        #expect(SafeText("abcdef").truncated(to: 4).description == "abc…")
        #expect(SafeText("abcd").truncated(to: 4).description == "abcd")
        #expect(SafeText("世界人").truncated(to: 4).description == "世 …")
        #expect(SafeText("世界人").truncated(to: 5).description == "世界…")
        #expect(SafeText("abc").truncated(to: 1).description == "…")
        #expect(SafeText("abc").truncated(to: 0).isEmpty)
        #expect(SafeText("abc").truncated(to: -4).isEmpty)
    }

    @Test("sideways scrolling leaves a space for half a wide cluster, and moves the escapes")
    func dropping() {
        #expect(SafeText("世界").dropping(columns: 1).description == " 界")
        #expect(SafeText("abc").dropping(columns: 9).isEmpty)
        #expect(SafeText("abc").dropping(columns: -1).description == "abc")
        let scrolled = SafeText("ab\u{0}c").dropping(columns: 3)
        #expect(scrolled.description == "U+0000>c")
        #expect(scrolled.visibleEscapes == [0..<7])
    }

    @Test("wrapping loses nothing, fits, and prefers to break after a space or a separator")
    func wrapped() {
        #expect(SafeText("one two three").wrapped(to: 9).map(\.description) == ["one two ", "three"])
        #expect(SafeText("/usr/lib/python3").wrapped(to: 10).map(\.description) == ["/usr/lib/", "python3"])
        #expect(SafeText("abcdefgh").wrapped(to: 3).map(\.description) == ["abc", "def", "gh"])
        #expect(SafeText("世界").wrapped(to: 1).map(\.description) == ["世", "界"])
        #expect(SafeText("").wrapped(to: 5).count == 1)
        #expect(SafeText("abc def ghi jkl").wrapped(to: 12).map(\.description) == ["abc def ghi ", "jkl"])
        let end = "e/f.g,h \u{1B}[0m and so on until it ends"
        for text in [SafeText("a世b\u{202E}c\u{1F600}d " + end), SafeText(end)] {
            for columns in 2...60 {
                let rows = text.wrapped(to: columns)
                #expect(rows.allSatisfy { $0.width <= columns })
                #expect(rows.joined() == text)
            }
        }
    }

    @Test("search finds columns, case or no case, past wide clusters and inside escapes")
    func search() {
        #expect(SafeText("Error: error").columnRanges(of: "error", ignoringCase: true) == [0..<5, 7..<12])
        #expect(SafeText("Error: error").columnRanges(of: "error", ignoringCase: false) == [7..<12])
        #expect(SafeText("世Äx").columnRanges(of: "äX", ignoringCase: true) == [2..<4])
        #expect(SafeText("aaaa").columnRanges(of: "aa", ignoringCase: false) == [0..<2, 2..<4])
        #expect(SafeText("\u{1B}").columnRanges(of: "U+", ignoringCase: false) == [1..<3])
        #expect(SafeText("abc").columnRanges(of: "", ignoringCase: false) == [])
        #expect(SafeText("שלום").contains("לו", ignoringCase: false))
    }

    @Test("every line of a trace of 5,000 is read and found")
    func longTrace() {
        let trace = String(repeating: String(repeating: "org.apache.spark ", count: 7) + "\n", count: 5_000)
        #expect(SafeText.lines(of: trace).count { $0.contains("spark", ignoringCase: true) } == 5_000)
    }
}
