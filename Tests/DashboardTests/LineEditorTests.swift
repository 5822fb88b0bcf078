import Screen
import Testing

@testable import Dashboard

@Suite("Input lines")
struct LineEditorTests {
    @Test(
        "each key edits as in a shell; | is the cursor",
        arguments: [
            ("ab|cd", Key.left, "a|bcd"), ("ab|cd", .control("b"), "a|bcd"), ("|ab", .left, "|ab"),
            ("ab|cd", .right, "abc|d"), ("ab|cd", .control("f"), "abc|d"), ("ab|", .right, "ab|"),
            ("ab|cd", .home, "|abcd"), ("ab|cd", .control("a"), "|abcd"), ("ab|cd", .end, "abcd|"),
            ("ab|cd", .control("e"), "abcd|"), ("ab|cd", .backspace, "a|cd"), ("ab|cd", .control("h"), "a|cd"),
            ("|ab", .backspace, "|ab"), ("ab|cd", .delete, "ab|d"), ("ab|cd", .control("d"), "ab|d"),
            ("ab|", .delete, "ab|"),
            ("ab|cd", .control("u"), "|cd"), ("one two|x", .control("w"), "one |x"),
            ("one two  |x", .control("w"), "one |x"),
            ("one|", .control("w"), "|"), ("|x", .control("w"), "|x"), ("ab|cd", .character("x"), "abx|cd"),
            ("ab|cd", .paste("x\ny"), "abxy|cd"), ("ab|cd", .up, "ab|cd"),
        ] as [(String, Key, String)])
    func edits(before: String, key: Key, after: String) {
        let halves = before.split(separator: "|", omittingEmptySubsequences: false)
        var line = LineEditor(String(halves[0]))
        for _ in 0..<line.cursor { _ = line.edit(.left) }
        _ = line.edit(.paste(""))
        var full = LineEditor(halves.joined())
        for _ in 0..<halves[1].count { _ = full.edit(.left) }
        let isTaken = full.edit(key)
        #expect(isTaken)
        var text = full.text
        text.insert("|", at: text.index(text.startIndex, offsetBy: full.cursor))
        #expect(text == after)
    }

    @Test("accepts a thousand characters, but not one more")
    func longest() {
        var line = LineEditor(String(repeating: "x", count: 999))
        _ = line.edit(.character("y"))
        #expect(line.text.count == 1_000)
        _ = line.edit(.character("z"))
        #expect(line.text.count == 1_000)
        #expect(line.text.hasSuffix("y"))
    }

    @Test("edits a line as a shell does")
    func lineEditor() {
        var line = LineEditor("gold orders")
        _ = line.edit(.control("w"))
        #expect(line.text == "gold ")
        for key: Key in [.home, .character("x"), .right, .delete, .end, .backspace] { _ = line.edit(key) }
        #expect(line.text == "xgld")
        _ = line.edit(.paste("é\n日"))
        #expect(line.text == "xgldé日")
        #expect(line.cursor == 6)
        _ = line.edit(.control("u"))
        #expect(line.text.isEmpty)
        #expect(line.cursor == 0)
        _ = line.edit(.paste(String(repeating: "x", count: 5_000)))
        #expect(line.text.isEmpty, "a paste beyond any use is not taken")
        let isTaken = line.edit(.function(3))
        #expect(!isTaken)
    }
}
