import Terminal
import Testing

@Suite("Capabilities of the terminal")
struct CapabilitiesTests {
    @Test(
        "uses the colours of terminfo, unless NO_COLOR forbids them",
        arguments: [(-1, 0), (0, 0), (2, 0), (8, 8), (16, 16), (88, 16), (256, 256), (16_777_216, 256)])
    func colors(_ terminfo: Int, _ expected: Int) {
        #expect(Capabilities(environment: ["NO_COLOR": ""], terminfoColors: terminfo).colorCount == expected)
        #expect(Capabilities(environment: ["NO_COLOR": "1"], terminfoColors: terminfo).colorCount == 0)
    }

    @Test("the locale is the first of LC_ALL, LC_CTYPE and LANG that is not empty")
    func locale() {
        let isUTF8 = { Capabilities(environment: $0, terminfoColors: 8).isUTF8 }
        #expect(isUTF8(["LANG": "de_DE.UTF-8"]))
        #expect(isUTF8(["LANG": "C.utf8"]))
        #expect(isUTF8(["LANG": "sr_RS.UTF-8@latin"]))
        #expect(!isUTF8([:]))
        #expect(!isUTF8(["LANG": "C"]))
        #expect(!isUTF8(["LANG": "de_DE.ISO-8859-1"]))
        #expect(isUTF8(["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"]))
        #expect(!isUTF8(["LC_ALL": "C", "LANG": "C.UTF-8"]))
        #expect(!isUTF8(["LC_ALL": "C", "LC_CTYPE": "C.UTF-8"]))
        #expect(!isUTF8(["LC_CTYPE": "C", "LANG": "C.UTF-8"]))
    }
}
