import Testing

@testable import JSON

@Suite struct SentJSONTests {
    private static func items(_ body: String) throws -> [SentJSON] {
        try JSONParser.parse(Array(body.utf8), elementsOf: "items").elements
    }

    @Test(
        "prints a value as if it had been parsed and written, whatever its form",
        arguments: [
            #"{"zeta":1.50,"key":"k","state":{"new":[]},"end":99999999999999999999}"#,
            "{ \"a\" :\t[ 1 , {} ,[ ] , null ],\r\n \"b\" : -1.5e+3 }", #""text""#, "12", " true ", "[]", "{}",
            #"{"trace":"line\n\tnext \"quoted\" \\ path","last":false}"#,
            // What is escaped in another way, or has to be.
            #"{"a":"\/\b\f\u0041\u001b\ud83d\ude00\ud800"}"#, "{\"a\":\"é日本😀\u{7F}\"}", "{\"a\":\"\u{202E}\u{9B}2J\"}",
            "{\"\u{1F}\":1}".replacing("\u{1F}", with: #"\u001f"#), "[[[1,2],[3]],{\"a\":{\"b\":[{}]}}]",
        ])
    func sameAsWritten(_ text: String) throws {
        let sent = try #require(try Self.items(#"{"items":[\#(text)]}"#).first)
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(sent.value == value)
        for pretty in [false, true] {
            #expect(Array(sent.text(pretty: pretty).utf8) == value.utf8(pretty: pretty))
            var (copied, written) = (JSONWriter(pretty: pretty), JSONWriter(pretty: pretty))
            copied.object { $0.field("items") { $0.array([sent, sent]) { $0.value($1) } } }
            written.object { $0.field("items") { $0.array([value, value]) { $0.value($1) } } }
            #expect(copied.bytes == written.bytes)
        }
    }

    @Test("prints bytes that are not UTF-8 as U+FFFD, never unchanged", arguments: [false, true])
    func notUTF8(_ pretty: Bool) throws {
        for bytes in [[0xFF], [0xC3], [0xE2, 0x80], [0x9B], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            let body = Array(#"{"items":[{"a":"x"#.utf8) + bytes + Array(#""}]}"#.utf8)
            let sent = try #require(try JSONParser.parse(body, elementsOf: "items").elements.first)
            let text = sent.text(pretty: pretty)
            #expect(text.contains("x\u{FFFD}"), "\(bytes)")
            #expect(Array(text.utf8) == sent.value.utf8(pretty: pretty))
        }
    }

    @Test("all printed text is safe, whichever byte it contains")
    func everyByte() throws {
        for byte in 0x20...0xFF as ClosedRange<UInt8> where byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
            let body = Array(#"{"items":[{"a":""#.utf8) + [byte] + Array(#""}]}"#.utf8)
            let sent = try #require(try JSONParser.parse(body, elementsOf: "items").elements.first)
            let unsafe = sent.text().unicodeScalars.filter { !$0.isSafeToPrint }
            #expect(unsafe.isEmpty, "\(byte)")
        }
    }

    @Test("locates the elements of the last member with the name, only at the top level")
    func elements() throws {
        func texts(_ body: String) throws -> [String] { try Self.items(body).map { $0.text() } }
        #expect(try texts(#"{"items":[1],"x":[2],"items":[3, {"items":[4]}]}"#) == ["3", #"{"items":[4]}"#])
        #expect(try texts(#"{"x":{"items":[1]},"y":[[2]]}"#).isEmpty)
        #expect(try texts(#"[[1],{"items":[2]}]"#).isEmpty)
        #expect(try texts(#"{"items":[1],"items":{}}"#).isEmpty)
        #expect(try texts("\u{FEFF}{\"items\": [ \"a\" ,2 ]}") == [#""a""#, "2"])
    }
}
