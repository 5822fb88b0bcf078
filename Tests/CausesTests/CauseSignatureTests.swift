import Causes
import Testing

@Suite("What equal causes have in common")
struct CauseSignatureTests {
    @Test(
        "numbers, ids, times and paths do not count",
        arguments: [
            ("Lost task 3.0 in stage 12.0 (TID 57)", "Lost task 11.2 in stage 4.0 (TID 1093)"),
            ("timed out after 12.5 s at 2026-05-01T10:00:00.123Z", "timed out after 7 s at 2026-06-30T23:59:59Z"),
            ("FileNotFoundError: '/data/2026/05/orders.csv'", "FileNotFoundError: '/data/2026/06/lines.csv'"),
            ("no run 1f0a9c2e-77aa-4b1c-9f00-0123456789ab", "no run 00000000-1111-2222-3333-444444444444"),
            ("bucket ocid1.bucket.oc1.iad.aaaa is gone", "bucket ocid1.bucket.oc1.phx.bbbb is gone"),
            ("GET https://a.example/x?y=1: refused", "GET https://b.example/z: refused"),
            ("Connection to 10.0.0.1:5432 refused", "Connection to 10.0.12.7:1521 refused"),
            ("job order_20260501 failed  after 1h30m", "job order_20260502 failed after 12ms"),
            ("KeyError: 'part-00017'", "KeyError: 'part-00003'"), ("at 0x7f3a", "at 0x11ff"),
            ("commit 3f9a1bc is gone", "commit deadbe4 is gone"),
            (
                "INTERNAL_ERROR: driver pod cluster-platform-driver-94e04 was evicted: node not ready",
                "INTERNAL_ERROR: driver pod cluster-platform-driver-c5745 was evicted: node not ready"
            ),
            ("pod etl-7d9f8c6b5-x7k2p failed", "pod etl-5bcd4f779-q2w3e failed"),
        ])
    func same(_ one: String, _ other: String) {
        #expect(CauseSignature(one) == CauseSignature(other))
    }

    @Test(
        "words, columns and codes count",
        arguments: [
            ("KeyError: 'region'", "KeyError: 'amount'"), ("ORA-00942: x", "ORA-01017: x"),
            ("OSError: [Errno 2] x", "OSError: [Errno 13] x"), ("HTTP Error 404: x", "HTTP Error 500: x"),
            ("exited with code 1", "exited with code 137"), ("SQLSTATE 42P01", "SQLSTATE 42703"),
            ("no table orders", "no table lines"),
        ])
    func different(_ one: String, _ other: String) {
        #expect(CauseSignature(one) != CauseSignature(other))
    }

    @Test(
        "it can be read",
        arguments: [
            ("Task 3 of run 1f0a9c2e-77aa-4b1c-9f00-0123456789ab took 12ms", "Task # of run … took #"),
            ("[Errno 2] No such file: '/data/x.csv'", "[Errno 2] No such file: '…'"),
            ("row 1,024: \"amount\" is 'x1'.", "row #: \"amount\" is '…'."), ("  a \t b ", "a b "),
            ("it's 5 o'clock", "it's # o'clock"),
            ("", ""), ("café", "café"),
        ])
    func readable(_ cause: String, _ text: String) {
        #expect(CauseSignature(cause).text == text)
    }

    @Test("hostile text is read, and ends")
    func hostile() {
        for text in ["'", "\"\"", "((((", "....", "-/-", String(repeating: "1a", count: 500_000), "\u{202E}1\0"] {
            #expect(CauseSignature(text).text.utf8.count <= 1_300)
        }
    }
}
