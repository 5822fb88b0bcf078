import Foundation
import Testing

@testable import AIDP

@Suite struct DateReadingTests {
    @Test(
        "RFC 3339 is read with and without fractions, in any offset",
        arguments: [
            ("2026-05-01T12:36:40Z", 1_777_639_000), ("2026-05-01t12:36:40z", 1_777_639_000),
            ("2026-05-01 12:36:40+00:00", 1_777_639_000), ("2026-05-01T18:06:40+05:30", 1_777_639_000),
            ("2026-05-01T04:36:40-08:00", 1_777_639_000), ("2026-05-01T09:06:40-03:30", 1_777_639_000),
            ("2026-05-02T12:36:39+23:59", 1_777_639_059), ("2026-01-31T00:00:00Z", 1_769_817_600),
            ("2026-04-30T23:59:59Z", 1_777_593_599), ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("2026-05-01T12:36:40.25Z", 1_777_639_000.25),
            ("2026-05-01T12:36:40.123456789Z", 1_777_639_000.123456789), ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59Z", -1), ("2000-02-29T00:00:00Z", 951_782_400),
            ("2024-12-31T23:59:60Z", 1_735_689_600),
            ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ])
    func read(_ text: String, _ seconds: Double) throws {
        let date = try #require(RFC3339.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_001)
    }

    @Test(
        "what is no date and time is refused",
        arguments: [
            "", "2026", "2026-05-01", "2026-05-01T12:36", "2026-05-01T12:36:40", "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-05-00T00:00:00Z",
            "2026-05-01T24:00:00Z", "2026-05-01T12:60:00Z", "2026-05-01T12:36:61Z", "2026-05-01T12:36:40.Z",
            "2026-04-31T00:00:00Z", "2026-06-31T00:00:00Z", "2026-05-32T00:00:00Z", "2100-02-29T00:00:00Z",
            "2026-05-01T12:36:40+00:60", "2026-05-01T12:36:40+24:00", "2026-05-01X12:36:40Z", "2026/05/01T12:36:40Z",
            "2026-05-01T12:36:40+2", "2026-05-01T12:36:40+25:00", "2026-05-01T12:36:40Zx", "+026-05-01T12:36:40Z",
            "٢٠٢٦-05-01T12:36:40Z", "0000-01-01T00:00:00Z", "1777639000",
        ])
    func refused(_ text: String) {
        #expect(RFC3339.date(text) == nil)
    }

    @Test("the date of a header is read in its one form")
    func httpDate() {
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36:40 GMT") == Date(timeIntervalSince1970: 1_777_639_000))
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        for (index, month) in months.enumerated() {
            let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
            let date = HTTPDate.date("Thu, 01 \(month) 2026 00:00:00 GMT")
            #expect(date == RFC3339.date("2026-\(number)-01T00:00:00Z"))
        }
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36 GMT") == nil)
        #expect(HTTPDate.date("Fri, 01 may 2026 12:36:40 GMT") == nil)
        #expect(HTTPDate.date("Fri, 01 May 2026 12:36:40 CET") == nil)
        #expect(HTTPDate.date("Fri, 31 Feb 2026 12:36:40 GMT") == nil)
        #expect(HTTPDate.date("Friday, 01-May-26 12:36:40 GMT") == nil)
        #expect(HTTPDate.date("") == nil)
    }

    @Test(
        "Retry-After is seconds or a date, between a second and a quarter of an hour",
        arguments: [
            ("5", .seconds(5)), (" 5 ", .seconds(5)), ("0", .seconds(1)), ("86400", .seconds(900)),
            ("99999999999999999999999", .seconds(900)), ("Fri, 01 May 2026 12:37:10 GMT", .seconds(30)),
            ("Fri, 01 May 2026 12:00:00 GMT", .seconds(1)), ("Fri, 01 May 9999 12:00:00 GMT", .seconds(900)),
            ("1", .seconds(1)), ("900", .seconds(900)), ("901", .seconds(900)),
            ("-1", nil), ("1.5", nil), ("soon", nil), ("", nil),
        ] as [(String, Duration?)])
    func retryAfter(_ header: String, _ expected: Duration?) {
        #expect(RetryAfter.pause(header, now: Date(timeIntervalSince1970: 1_777_639_000)) == expected)
    }
}
