import Foundation
import JSON
import Testing

@testable import AIDPSimulator

@Suite("Dates and JSON") struct FormatTests {
    @Test("a date that was written is read back, to the millisecond")
    func dates() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var dice = Dice(seed: 4)
        for _ in 0..<500 {
            let moment = Milliseconds(dice.below(4_000_000_000_000))
            let read = try style.parse(moment.rfc3339).timeIntervalSince1970 * 1_000
            #expect(Milliseconds(read.rounded()) == moment)
            #expect(HTTPDate.moment(HTTPDate.text(moment)) == moment / 1_000 * 1_000)
        }
        #expect(HTTPDate.text(1_388_957_500_000) == "Sun, 05 Jan 2014 21:31:40 GMT")
    }

    @Test("dates are written in each format")
    func formats() {
        let moment: Milliseconds = 1_780_286_706_009
        #expect(moment.rfc3339 == "2026-06-01T04:05:06.009Z")
        #expect(moment.compact == "20260601T040506")
        #expect(moment.clock == "04:05:06")
        #expect(moment.sparkLog == "26/06/01 04:05:06")
    }

    @Test(
        "an HTTP date is parsed with any day of the week, and with days and seconds that overflow",
        arguments: [
            ("Sun, 05 Jan 2014 21:31:40 GMT", 1_388_957_500_000), ("Thu, 05 Jan 2014 21:31:40 GMT", 1_388_957_500_000),
            ("Xyz,  05 Jan 2014 21:31:40 GMT", 1_388_957_500_000), ("Mon, 31 Feb 2014 21:31:40 GMT", 1_393_882_300_000),
            ("Sun, 05 Jan 2014 21:31:60 GMT", 1_388_957_520_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799_000),
        ])
    func date(text: String, moment: Milliseconds) {
        #expect(HTTPDate.moment(text) == moment)
    }

    @Test(
        "a text that is not an HTTP date is rejected",
        arguments: [
            "", "now", "Thu, 32 Jan 2014 21:31:40 GMT", "Thu, 00 Jan 2014 21:31:40 GMT", "Thu, 5 Jan 2014 21:31:40 GMT",
            "Thu, 05 Jan 2014 21:31:40 UTC", "Thu, 05 Jan 2014 21:31:40 +0000", "Thu, 05 Jan 2014 25:31:40 GMT",
            "Thu, 05 Jan 2014 21:60:40 GMT", "Thu, 05 Jan 2014 21:31:61 GMT", "Thu, 05 Jan 2014 1:31:40 GMT",
            "Thu, 05 Jan 2014 21:31 GMT", "Thu, 05 jan 2014 21:31:40 GMT", "Thu, 05 Jan 1969 21:31:40 GMT",
            "Thu 05 Jan 2014 21:31:40 GMT", "05 Jan 2014 21:31:40 GMT", "Thursday, 05-Jan-14 21:31:40 GMT",
        ])
    func noDate(text: String) {
        #expect(HTTPDate.moment(text) == nil)
    }

    @Test(
        "text survives the JSON writer", arguments: ["", "\"\\\n\r\t\u{0}\u{1B}[31m\u{7F}", "日本語 🇫🇮 \u{202E}x\u{2028}"])
    func strings(text: String) throws {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("text", text)
            writer.field("none", String?.none)
            writer.field("number", Int64.min)
            writer.field("list") {
                $0.array([true, false]) { writer, flag in writer.object { $0.field("flag", flag) } }
            }
        }
        struct Read: Decodable, Equatable {
            struct Flag: Decodable, Equatable { let flag: Bool }
            let text: String
            let none: String?
            let number: Int64
            let list: [Flag]
        }
        let read = try JSONDecoder().decode(Read.self, from: Data(writer.bytes))
        #expect(read == Read(text: text, none: nil, number: .min, list: [.init(flag: true), .init(flag: false)]))
    }
}
