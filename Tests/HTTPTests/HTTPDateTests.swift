import Foundation
import HTTP
import Testing

@Suite struct HTTPDateTests {
    @Test(
        "a date is written in the format of RFC 1123",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_777_638_896.999, "Fri, 01 May 2026 12:34:56 GMT"),
            (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1e300, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (.nan, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ] as [(Double, String)])
    func form(seconds: Double, text: String) {
        #expect(HTTPDate.string(from: Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test("only this format of a header's date is accepted")
    func read() throws {
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36:40 GMT") == Date(timeIntervalSince1970: 1_777_639_000))
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        for (index, month) in months.enumerated() {
            let date = HTTPDate.date("Thu, 01 \(month) 2026 00:00:00 GMT")
            let midnight = try Date("2026-\(index < 9 ? "0" : "")\(index + 1)-01T00:00:00Z", strategy: .iso8601)
            #expect(date == midnight)
        }
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36 GMT") == nil)
        #expect(HTTPDate.date("Fri, 01 may 2026 12:36:40 GMT") == nil)
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36:40 CET") == nil)
        #expect(HTTPDate.date("Fri, 31 Feb 2026 12:36:40 GMT") == nil)
        #expect(HTTPDate.date("Friday, 01-May-26 12:36:40 GMT") == nil)
        #expect(HTTPDate.date("") == nil)
        #expect(HTTPDate.date("Fri, 01 May 2026 24:36:40 GMT") == nil)
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36:61 GMT") == nil)
        #expect(HTTPDate.date("Fri, 01 May 0000 12:36:40 GMT") == nil)
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36:60 GMT") == Date(timeIntervalSince1970: 1_777_639_020))
    }
}
