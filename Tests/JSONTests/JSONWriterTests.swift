import Testing

@testable import JSON

@Suite struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("writes a value as built, and omits fields without a value")
    func streamed() {
        let text = written { writer in
            writer.object { writer in
                writer.field("key", "a")
                writer.field("name", nil as String?)
                writer.field("start", 5)
                writer.field("end", nil as Int64?)
                writer.field("isLast", false)
                writer.field("none") { $0.object { _ in } }
                writer.field("list") { $0.array([["b"], []]) { $0.array($1) { $0.string($1) } } }
                writer.field("any") { $0.value(.array([.null, .number("1.50")])) }
            }
        }
        #expect(
            text == #"{"key":"a","start":5,"isLast":false,"none":{},"list":[["b"],[]],"any":[null,1.50]}"#)
    }

    @Test(
        "escapes what could control a terminal, and writes all other text unchanged",
        arguments: [
            ("a b~", "a b~"), ("\"\\", #"\"\\"#), ("\n\r\t", #"\n\r\t"#), ("\0\u{1B}\u{7F}", #"\u0000\u001b\u007f"#),
            ("\u{9B}é", #"\u009bé"#), ("\u{202E}日本", #"\u202e日本"#), ("\u{2028}", #"\u2028"#), ("\u{E000}", #"\ue000"#),
            ("😀\u{E0041}😀", #"😀\udb40\udc41😀"#), ("\u{3164}", #"\u3164"#), ("e\u{301}", "e\u{301}"),
        ])
    func strings(_ text: String, _ expected: String) throws {
        let json = written { $0.string(text) }
        #expect(json.unicodeScalars.elementsEqual("\"\(expected)\"".unicodeScalars), "\(json)")
        #expect(try JSONParser.parse(Array(json.utf8)) == .string(text))
    }

    @Test("printable ASCII is safe to print, and scalars that draw nothing are not")
    func safeToPrint() {
        let ascii = (0..<0x80 as Range<UInt8>).filter { Unicode.Scalar($0).isSafeToPrint }
        #expect(ascii == Array(UInt8(ascii: " ")...UInt8(ascii: "~")))
        let unsafe: [Unicode.Scalar] = [
            "\u{80}", "\u{9F}", "\u{AD}", "\u{61C}", "\u{200B}", "\u{200F}", "\u{2028}", "\u{2029}", "\u{202A}",
            "\u{2066}", "\u{FEFF}", "\u{FFFE}", "\u{F0000}", "\u{E0001}",
        ]
        #expect(unsafe.filter(\.isSafeToPrint).isEmpty)
        let safe: [Unicode.Scalar] = ["é", "日", "😀", "\u{301}", "\u{A0}"]
        #expect(safe.filter(\.isSafeToPrint) == safe)
    }

    @Test("pretty text has one member per line")
    func pretty() throws {
        #expect(
            try JSONParser.parse(Array(#"{"a":[1,{}],"b":[]}"#.utf8)).text(pretty: true) == """
                {
                  "a": [
                    1,
                    {}
                  ],
                  "b": []
                }
                """)
    }
}
