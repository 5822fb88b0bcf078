import Screen
import Testing

@Suite("Safe text")
struct SafeTextTests {
    @Test(
        "unsafe characters become visible, and nothing else changes",
        arguments: [
            ("plain /path, 100 %", "plain /path, 100 %"), ("", ""), ("naïve Ω", "naïve Ω"),
            ("FAILED\rSUCCEEDED", "FAILED<U+000D>SUCCEEDED"), ("a\r\nb\tc", "a<U+000D><U+000A>b<U+0009>c"),
            ("\u{1B}[2J", "<U+001B>[2J"), ("\u{9B}2J", "<U+009B>2J"), ("a\u{7F}", "a<U+007F>"),
            ("exe\u{202E}txt", "exe<U+202E>txt"), ("so\u{AD}ft", "so<U+00AD>ft"), ("\u{E0041}", "<U+E0041>"),
            ("\u{E000}", "<U+E000>"), ("\u{10FFFF}", "<U+10FFFF>"), ("a\u{200D}b", "a<U+200D>b"),
        ])
    func visible(_ untrusted: String, _ shown: String) {
        #expect(SafeText(untrusted).plainText == shown)
    }

    @Test("bytes that are not UTF-8 become U+FFFD, and the text after them is filtered")
    func badBytes() {
        let bytes: [UInt8] = [0x61, 0xFF, 0xE2, 0x80, 0x1B, 0x62]
        #expect(SafeText(String(decoding: bytes, as: UTF8.self)).plainText == "a\u{FFFD}\u{FFFD}<U+001B>b")
    }

    @Test("text that spells an escape is not marked as one")
    func imitation() {
        #expect(SafeText("<U+202E>").visibleEscapes == [])
        #expect(SafeText("世\u{202E}\u{202E}x\u{0}").visibleEscapes == [2..<18, 19..<27])
    }

    @Test(
        "the columns are those that the terminal draws",
        arguments: [
            ("世界", 4), ("e\u{301}", 1), ("\u{1F600}", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("…", 1),
            ("\u{1F1E9}\u{1F1EA}", 2), ("\u{1F468}\u{200D}\u{1F469}", 4), ("\u{2764}\u{FE0F}", 1),
            ("1\u{FE0F}\u{20E3}", 1),
        ])
    func columns(_ text: String, _ width: Int) {
        #expect(SafeText(text).width == width)
        #expect(SafeText(text).visibleEscapes.isEmpty)
    }

    @Test("joiners and selectors are accepted only inside emoji; half flags and skin tones become visible")
    func emoji() {
        #expect(SafeText("\u{1F468}\u{FE0F}\u{200D}\u{1F469}").plainText == "\u{1F468}\u{1F469}")
        #expect(SafeText("\u{1F468}\u{200D}").plainText == "\u{1F468}<U+200D>")
        #expect(SafeText("\u{1F468}\u{200D}a").plainText == "\u{1F468}<U+200D>a")
        #expect(SafeText("\u{2764}\u{FE0E}\u{FE0E}").plainText == "\u{2764}<U+FE0E>")
        #expect(SafeText("1\u{FE0F}").plainText == "1<U+FE0F>")
        #expect(SafeText("\u{1F1E9}a").plainText == "<U+1F1E9>a")
        #expect(
            SafeText("\u{1F469}\u{1F3FD}\u{200D}\u{1F4BB}").plainText == "\u{1F469}<U+1F3FD>\u{1F4BB}")
    }

    @Test("a fifth mark, and a mark without a base, become visible")
    func marks() {
        let tower = SafeText("a" + String(repeating: "\u{301}", count: 6) + "b")
        #expect(tower.plainText.unicodeScalars.count { $0 == "\u{301}" } == 4)
        #expect(tower.plainText.hasSuffix("<U+0301><U+0301>b"))
        #expect(SafeText("\u{301}").plainText == "<U+0301>")
        #expect(SafeText("a\u{1161}").plainText == "a<U+1161>")
    }

    @Test("spaces surround right-to-left letters")
    func rightToLeft() {
        #expect(SafeText("אב").plainText == " אב ")
        #expect(SafeText("job:אב 1").plainText == "job: אב 1")
        #expect(SafeText("a א ב b").plainText == "a א ב b")
    }

    @Test("a space separates an escape from right-to-left letters before it")
    func escapeAfterRightToLeft() {
        #expect(SafeText("אב\u{202E}").plainText == " אב <U+202E>")
        #expect(SafeText("אב\u{202E}").visibleEscapes == [4..<12])
        #expect(SafeText("\u{202E}א").plainText == "<U+202E> א ")
        #expect(SafeText("א\tb").plainText == " א <U+0009>b")
    }

    @Test(
        "spaces surround letters of every right-to-left script, but not neighbouring scripts",
        arguments: [
            "\u{5D0}", "\u{627}", "\u{710}", "\u{7A0}", "\u{7CA}", "\u{840}", "\u{8A0}", "\u{FB1D}", "\u{FDF2}",
            "\u{FE70}", "\u{10800}", "\u{10A00}", "\u{1E900}",
        ])
    func rightToLeftScripts(_ letter: String) {
        #expect(SafeText("a" + letter + "b").plainText == "a \(letter) b")
    }

    @Test("left-to-right letters near those blocks get no spaces", arguments: ["\u{58A}", "\u{904}", "\u{FB06}"])
    func leftToRight(_ letter: String) {
        #expect(SafeText("a" + letter + "b").plainText == "a\(letter)b")
    }

    @Test("every keycap has one column, without its selector", arguments: ["0", "9", "#", "*"])
    func keycaps(_ base: String) {
        let text = SafeText(base + "\u{FE0F}\u{20E3}")
        #expect(text.plainText == base + "\u{20E3}")
        #expect(text.width == 1)
        #expect(text.visibleEscapes.isEmpty)
    }

    @Test("a letter is not a keycap")
    func noKeycap() {
        #expect(SafeText("a\u{FE0F}\u{20E3}").plainText == "a<U+FE0F><U+20E3>")
    }

    @Test("the bounds of safe ASCII, Latin-1 and the C1 controls")
    func rangeEnds() {
        #expect(SafeText("\u{1F} ~\u{7F}").plainText == "<U+001F> ~<U+007F>")
        #expect(
            SafeText("\u{80}\u{9F}\u{A0}\u{AC}\u{AD}\u{AE}").plainText == "<U+0080><U+009F>\u{A0}\u{AC}<U+00AD>\u{AE}"
        )
        #expect(SafeText("\u{1160}").plainText == "<U+1160>")
    }

    @Test("a Hangul vowel joins only a consonant or a syllable")
    func hangul() {
        #expect(SafeText("\u{AC00}\u{11A8}").width == 2)
        #expect(SafeText("\u{1100}\u{1161}").visibleEscapes.isEmpty)
        #expect(SafeText("世\u{1161}").plainText == "世<U+1161>")
        #expect(SafeText("\u{115E}\u{D7B0}").visibleEscapes.isEmpty)
    }

    @Test("a tab goes to the next tab stop")
    func tabs() {
        #expect(SafeText.lines(of: "12345678\tx").map(\.plainText) == ["12345678        x"])
        #expect(SafeText.lines(of: "1234567\tx").map(\.plainText) == ["1234567 x"])
        #expect(SafeText.lines(of: "\tx").map(\.plainText) == ["        x"])
    }

    @Test("joined texts keep their escapes, and adjacent ones become one")
    func joining() {
        let escape = SafeText("\u{0}")
        #expect((escape + escape).visibleEscapes == [0..<16])
        #expect((escape + "x" + escape).visibleEscapes == [0..<8, 9..<17])
        #expect((SafeText.empty + escape).visibleEscapes == [0..<8])
        #expect([escape, "a"].joined(separator: "-" as SafeText).plainText == "<U+0000>-a")
        #expect(([] as [SafeText]).joined().isEmpty)
        #expect(SafeText.spaces(3).plainText == "   ")
        #expect(SafeText.spaces(-1).isEmpty)
    }

    @Test("literals and interpolated values are filtered separately")
    func interpolation() {
        let hostile = "\u{1B}[31m"
        let name = SafeText(hostile)
        let text: SafeText = "job \(hostile)\(name) \(7)e\("\u{301}")\u{0}"
        #expect(text.plainText == "job <U+001B>[31m<U+001B>[31m 7e<U+0301><U+0000>")
        #expect(text.visibleEscapes == [4..<12, 16..<24, 31..<47])
        #expect(text.width == text.clusters.reduce(0) { $0 + $1.width })
    }

    @Test("splits lines at LF and CRLF, expands tabs, and makes a lone CR visible")
    func lines() {
        let lines = SafeText.lines(of: "a\tb\r\n世\tc\n\nx\ry\r", tabWidth: 4).map(\.plainText)
        #expect(lines == ["a   b", "世  c", "", "x<U+000D>y<U+000D>"])
        #expect(SafeText.lines(of: "").isEmpty)
        #expect(SafeText.lines(of: "a\n").count == 1)
        #expect(SafeText.lines(of: "\ta", tabWidth: -5).map(\.plainText) == [" a"])
    }
}
