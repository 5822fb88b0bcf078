import Screen
import Testing

@Suite("The output of a program as its terminal would show it")
struct TerminalOutputTests {
    private func text(_ output: String) -> String {
        SafeText.lines(ofTerminalOutput: output).map(\.plainText).joined(separator: "\n")
    }

    @Test(
        "removes colours and other sequences, and nothing else",
        arguments: [
            ("\u{1B}[1;31merror:\u{1B}[0m no space", "error: no space"), ("\u{1B}[mplain\u{1B}[38;2;1;2;3m", "plain"),
            ("\u{1B}[41;97m FAILED \u{1B}[0m job", " FAILED  job"), ("a\u{1B}[?25lb\u{1B}[?2004h", "ab"),
            ("\u{1B}[4 qa", "a"), ("a\u{1B}(Bb\u{1B})0c\u{1B}%Gd", "abcd"), ("\u{1B}7a\u{1B}8b\u{1B}=c\u{1B}>", "abc"),
            ("\u{1B}[H\u{1B}[2Ja\u{1B}[2A", "a"), ("\u{1B}]0;title\u{07}a", "a"), ("\u{1B}]0;title\u{1B}\\a", "a"),
            ("\u{1B}]8;;https://x\u{1B}\\link\u{1B}]8;;\u{1B}\\!", "link!"), ("\u{1B}P1$q\u{1B}\\a", "a"),
            ("a\u{1B}[m\u{0F}b", "ab"), ("plain, no sequence", "plain, no sequence"), ("", ""),
        ])
    func sequences(_ output: String, _ shown: String) {
        #expect(text(output) == shown)
    }

    @Test(
        "unknown and unfinished sequences stay visible",
        arguments: [
            ("\u{1B}[31", "<U+001B>[31"), ("a\u{1B}", "a<U+001B>"), ("\u{1B}]0;title", "<U+001B>]0;title"),
            ("\u{1B}]0;title\u{1B}x", "<U+001B>]0;title<U+001B>x"), ("\u{1B}ca", "<U+001B>ca"),
            ("\u{1B}[3\u{7}1mx", "<U+001B>[3<U+0007>1mx"), ("\u{9B}31mx", "<U+009B>31mx"),
            ("\u{1B}[31mx\u{202E}y\u{0}", "x<U+202E>y<U+0000>"), ("\u{1B}[1mx\u{0F}y", "x<U+000F>y"),
            ("\u{1B}(\u{7}", "<U+001B>(<U+0007>"),
        ])
    func visible(_ output: String, _ shown: String) {
        #expect(text(output) == shown)
    }

    @Test("a sequence does not continue past the end of its line")
    func lineEnds() {
        #expect(text("\u{1B}]0;a\nb\u{07}c") == "<U+001B>]0;a\nb<U+0007>c")
        #expect(text("\u{1B}[31ma\r\nb\u{1B}[0m\n\nc\n") == "a\nb\n\nc")
    }

    @Test(
        "a carriage return goes to the start, and later text replaces the old",
        arguments: [
            ("10%\r50%\r100%", "100%"), ("abcdef\rxy", "xycdef"), ("abcdef\r\u{1B}[Kxy", "xy"),
            ("done 100%\rok\u{1B}[K", "ok"), ("a\r", "a"), ("a\r\r\nb", "a\nb"), ("abc\r\u{1B}[2Kx", "x"),
            ("abc\u{1B}[2Kx", "   x"), ("abc\r\u{1B}[Jx", "x"), ("abc\r\u{1B}[2Jx", "xbc"), ("abc\u{1B}[1Kd", "abcd"),
        ])
    func carriageReturn(_ output: String, _ shown: String) {
        #expect(text(output) == shown)
    }

    @Test(
        "the cursor moves within the line",
        arguments: [
            ("a\u{1B}[3Cb", "a   b"), ("a\u{1B}[Cb", "a b"), ("a\u{1B}[0Cb", "a b"), ("abc\u{1B}[2Dx", "axc"),
            ("abc\u{1B}[Dx", "abx"), ("abc\u{1B}[9Dx", "xbc"), ("abc\u{1B}[2Gx", "axc"), ("abc\u{1B}[Gx", "xbc"),
            ("abc\u{1B}[5Gx", "abc x"), ("ab\tc\rx\ty", "xb      y"), ("\u{1B}[ma\tb", "a       b"),
        ])
    func moves(_ output: String, _ shown: String) {
        #expect(text(output) == shown)
    }

    @Test(
        "overstruck letters become one, as in less",
        arguments: [
            ("b\u{8}bo\u{8}ol\u{8}ld\u{8}d", "bold"), ("_\u{8}u_\u{8}n", "un"), ("u\u{8}_n\u{8}_", "un"),
            ("10%\u{8}\u{8}\u{8}99%", "99%"), ("\u{8}a", "a"), ("ab\u{8}c_", "ac_"), ("a \u{8}_", "a_"),
            ("abc\r_x", "_xc"),
        ])
    func overstrike(_ output: String, _ shown: String) {
        #expect(text(output) == shown)
    }

    @Test(
        "wide letters and marks keep their columns",
        arguments: [
            ("世界\rx", "x 界"), ("世界\u{1B}[2Gx", " x界"), ("abc\r世", "世c"), ("a世\r世", "世 "), ("e\u{301}f\rg", "gf"),
            ("ab\re\u{301}", "e\u{301}b"), ("世\u{301}\u{1B}[mx", "世\u{301}x"), ("a\u{202E}b\rc", "cb"),
            ("\u{1F1E9}\u{1F1EA}\u{1B}[mx", "\u{1F1E9}\u{1F1EA}x"), ("\u{1B}[m\u{301}x", "<U+0301>x"),
        ])
    func columns(_ output: String, _ shown: String) {
        #expect(text(output) == shown)
    }

    @Test("each sequence adds at most a few hundred columns, however far it moves the cursor")
    func bounded() {
        let hostile = String(repeating: "\u{1B}[999999999Cx\u{1B}[2K", count: 2_000)
        #expect(SafeText.lines(ofTerminalOutput: hostile).allSatisfy { $0.width <= 256 })
        let far = SafeText.lines(ofTerminalOutput: "\u{1B}[99999999999999999999999Cx\u{1B}[9999Gy")
        #expect(far.map(\.width) == [256])
        #expect(text("a\u{1B}[255Gx").count == 255)
    }

    @Test("every string of the corpus is safe")
    func corpus() throws {
        for sample in try HostileText.corpus() {
            let output = "\u{1B}[31m" + sample.text + "\rend"
            for line in SafeText.lines(ofTerminalOutput: output) {
                #expect(!line.plainText.unicodeScalars.contains(where: HostileText.isUnsafe), "\(sample)")
                #expect(line.width == line.clusters.reduce(0) { $0 + $1.width }, "\(sample)")
            }
        }
    }
}
