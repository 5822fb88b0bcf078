import Testing

@testable import JSON

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

    @Test(
        "parses valid JSON, and writes it unchanged",
        arguments: [
            "null", "true", "false", "0", "-0", "1.5e+10", "1e400", "9223372036854775808", "\"\"", "[]", "{}",
            #"{"b":1,"a":[true,null,{"z":"ü"}],"b":2}"#, #"["\"\\\n\t\r"]"#, #""\u0000\u001b\u007f\u202e\u200b""#,
            #""\ud83e\udd2f""#,
        ])
    func roundTrip(_ text: String) throws {
        let value = try parse(text)
        #expect(try parse(value.text()) == value)
        if !text.contains(#"\ud83e"#) { #expect(value.text() == text) }
    }

    @Test(
        "refuses invalid JSON",
        arguments: [
            "", " ", "nul", "NaN", "Infinity", "-", "01", "1.", ".5", "1e", "+1", "0x10", "'a'", "[1,]", "[,]", "[1 2]",
            "{", "}", "{]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", #"{"a":1 "b":2}"#, "\"", "\"\\\"", #""\x""#,
            #""\u12""#, #""\u+123""#, #""\u12G4""#, "\"\n\"", "\"\u{1B}\"", "[", "[[", "true false", "1 1", "//",
            "[1]x",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONParser.Failure.self) { try parse(text) }
    }

    @Test("refuses a page cut anywhere, without a trap")
    func truncated() throws {
        let page = #"{"items":[{"key":"a\u00e9\ud83e\udd2f","n":-1.5e3,"t":true,"x":null}]}"#
        let bytes = Array(page.utf8)
        for length in 0..<bytes.count {
            #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(bytes[..<length])) }
        }
    }

    @Test("parses or refuses any changed byte, without a trap")
    func mutated() {
        let bytes = Array(#"{"items":[{"key":"a\u00e9\ud83e\udd2f","n":-1.5e3,"t":true}]}"#.utf8)
        var read = 0
        for index in bytes.indices {
            for byte in UInt8.min ... .max {
                var mutant = bytes
                mutant[index] = byte
                if (try? JSONParser.parse(mutant)) != nil { read += 1 }
            }
        }
        #expect(read >= bytes.count)
    }

    @Test("bytes that are not UTF-8 and unpaired surrogates become U+FFFD")
    func repaired() throws {
        let quote = UInt8(ascii: "\"")
        #expect(try JSONParser.parse([quote, 0x61, 0xFF, 0x62, quote]) == .string("a\u{FFFD}b"))
        #expect(try parse(#""\ud83e""#) == .string("\u{FFFD}"))
        #expect(try parse(#""\ud83e\u0041""#) == .string("\u{FFFD}A"))
        #expect(try parse(#""\udd2f\ud83e\udd2f""#) == .string("\u{FFFD}🤯"))
    }

    @Test("skips a byte order mark")
    func byteOrderMark() throws {
        #expect(try JSONParser.parse([0xEF, 0xBB, 0xBF, UInt8(ascii: "1")]) == .number("1"))
    }

    @Test("limits the depth and the number of values")
    func bounded() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONParser.Failure(reason: "it is nested more than 64 deep", offset: 65)) { try parse(deep) }
        #expect(try parse(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)).typeName == "an array")
        #expect(throws: JSONParser.Failure(reason: "it has more than 3 values", offset: 5)) {
            try JSONParser.parse(Array("[1,2,3]".utf8), limits: .init(depth: 4, values: 3))
        }
    }
}
