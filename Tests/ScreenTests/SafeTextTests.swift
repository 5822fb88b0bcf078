import Testing

@testable import Screen

@Suite("Safe text")
struct SafeTextTests {
    @Test(
        "what is unsafe becomes visible, and nothing else changes",
        arguments: [
            ("plain /path, 100 %", "plain /path, 100 %"), ("", ""), ("naïve Ω", "naïve Ω"),
            ("FAILED\rSUCCEEDED", "FAILED<U+000D>SUCCEEDED"), ("a\r\nb\tc", "a<U+000D><U+000A>b<U+0009>c"),
            ("\u{1B}[2J", "<U+001B>[2J"), ("\u{9B}2J", "<U+009B>2J"), ("a\u{7F}", "a<U+007F>"),
            ("exe\u{202E}txt", "exe<U+202E>txt"), ("so\u{AD}ft", "so<U+00AD>ft"), ("\u{E0041}", "<U+E0041>"),
            ("\u{E000}", "<U+E000>"), ("\u{10FFFF}", "<U+10FFFF>"), ("a\u{200D}b", "a<U+200D>b"),
        ])
    func visible(_ untrusted: String, _ shown: String) {
        #expect(SafeText(untrusted).description == shown)
    }

    @Test("bytes that are not UTF-8 become U+FFFD, and what follows them is still filtered")
    func badBytes() {
        #expect(SafeText(utf8: [0x61, 0xFF, 0xE2, 0x80, 0x1B, 0x62]).description == "a\u{FFFD}\u{FFFD}<U+001B>b")
    }

    @Test("an escape that data spells out is not marked as one")
    func imitation() {
        #expect(SafeText("<U+202E>").visibleEscapes == [])
        #expect(SafeText("世\u{202E}\u{202E}x\u{0}").visibleEscapes == [2..<18, 19..<27])
    }

    @Test(
        "columns are what the terminal will draw",
        arguments: [
            ("世界", 4), ("e\u{301}", 1), ("\u{1F600}", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("…", 1),
            ("\u{1F1E9}\u{1F1EA}", 2), ("\u{1F468}\u{200D}\u{1F469}", 4), ("\u{2764}\u{FE0F}", 1),
            ("1\u{FE0F}\u{20E3}", 1),
        ])
    func columns(_ text: String, _ width: Int) {
        #expect(SafeText(text).width == width)
        #expect(SafeText(text).visibleEscapes.isEmpty)
    }

    @Test("joiners and selectors pass only inside an emoji sequence, half flags and skin tones are visible")
    func emoji() {
        #expect(SafeText("\u{1F468}\u{FE0F}\u{200D}\u{1F469}").description == "\u{1F468}\u{1F469}")
        #expect(SafeText("\u{1F468}\u{200D}").description == "\u{1F468}<U+200D>")
        #expect(SafeText("\u{1F468}\u{200D}a").description == "\u{1F468}<U+200D>a")
        #expect(SafeText("\u{2764}\u{FE0E}\u{FE0E}").description == "\u{2764}<U+FE0E>")
        #expect(SafeText("1\u{FE0F}").description == "1<U+FE0F>")
        #expect(SafeText("\u{1F1E9}a").description == "<U+1F1E9>a")
        #expect(
            SafeText("\u{1F469}\u{1F3FD}\u{200D}\u{1F4BB}").description == "\u{1F469}<U+1F3FD>\u{1F4BB}")
    }

    @Test("a fifth mark, and a mark with nothing to stand on, become visible")
    func marks() {
        let tower = SafeText("a" + String(repeating: "\u{301}", count: 6) + "b")
        #expect(tower.description.unicodeScalars.count { $0 == "\u{301}" } == 4)
        #expect(tower.description.hasSuffix("<U+0301><U+0301>b"))
        #expect(SafeText("\u{301}").description == "<U+0301>")
        #expect(SafeText("a\u{1161}").description == "a<U+1161>")
    }

    @Test("right-to-left letters are set apart by spaces")
    func rightToLeft() {
        #expect(SafeText("אב").description == " אב ")
        #expect(SafeText("job:אב 1").description == "job: אב 1")
        #expect(SafeText("a א ב b").description == "a א ב b")
    }

    @Test("literals and interpolated values go through the filter each by itself")
    func interpolation() {
        let hostile = "\u{1B}[31m"
        let name = SafeText(hostile)
        let text: SafeText = "job \(hostile)\(name) \(7)e\("\u{301}")\u{0}"
        #expect(text.description == "job <U+001B>[31m<U+001B>[31m 7e<U+0301><U+0000>")
        #expect(text.visibleEscapes == [4..<12, 16..<24, 31..<47])
        #expect(text.width == text.clusters.reduce(0) { $0 + $1.width })
    }

    @Test("lines are cut at LF and CRLF, tabs go to the next stop, a lone CR is visible")
    func lines() {
        let lines = SafeText.lines(of: "a\tb\r\n世\tc\n\nx\ry\r", tabWidth: 4).map(\.description)
        #expect(lines == ["a   b", "世  c", "", "x<U+000D>y<U+000D>"])
        #expect(SafeText.lines(of: "").isEmpty)
        #expect(SafeText.lines(of: "a\n").count == 1)
        #expect(SafeText.lines(of: "\ta", tabWidth: -5).map(\.description) == [" a"])
    }
}
