import Foundation
import Testing

@testable import AIDPSimulator

@Suite("Dates and JSON") struct FormatTests {
    @Test("dates agree with Foundation's")
    func dates() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var dice = Dice(seed: 4)
        for _ in 0..<500 {
            let moment = Milliseconds(dice.below(4_000_000_000_000))
            let date = Date(timeIntervalSince1970: Double(moment) / 1_000)
            #expect(try style.parse(moment.rfc3339).timeIntervalSince(date).magnitude < 0.002)
            #expect(HTTPDate.moment(HTTPDate.text(moment)) == moment / 1_000 * 1_000)
        }
        #expect(HTTPDate.text(1_388_957_500_000) == "Sun, 05 Jan 2014 21:31:40 GMT")
        #expect(HTTPDate.moment("Thu, 05 Jan 2014 21:31:40 GMT") == 1_388_957_500_000)
    }

    @Test(
        "what is no HTTP date is refused",
        arguments: [
            "", "now", "Thu, 32 Jan 2014 21:31:40 GMT", "Thu, 05 Jan 2014 21:31:40 UTC",
            "Thu, 05 Jan 2014 25:31:40 GMT",
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
