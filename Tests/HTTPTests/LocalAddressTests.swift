import HTTP
import Testing

@Suite("Local addresses")
struct LocalAddressTests {
    @Test(
        "are the local machine or link-local because of their whole address, not because of a prefix",
        arguments: [
            ("127.0.0.1", true, false), ("127.255.255.255", true, false), ("localhost", true, false),
            ("LocalHost", true, false), ("::1", true, false), ("[::1]", true, false), ("0:0:0:0:0:0:0:1", true, false),
            ("169.254.169.254", false, true), ("169.254.0.0", false, true),
            ("127.evil.example", false, false), ("127.0.0.1.evil.example", false, false), ("127.1", false, false),
            ("127.0.0.256", false, false), ("127.0.0.", false, false), ("0127.0.0.1", false, false),
            ("128.0.0.1", false, false), ("126.0.0.1", false, false), ("127.0.0.-1", false, false),
            ("127.0.0.+1", false, false), ("127.0.0.1 ", false, false), ("2130706433", false, false),
            ("169.254.evil.example", false, false), ("169.254.1", false, false), ("169.255.1.1", false, false),
            ("168.254.1.1", false, false), ("169.254.1.1.1", false, false), ("::2", false, false),
            ("1::1", false, false),
            ("::", false, false), ("::1.evil.example", false, false), ("::ffff:127.0.0.1", false, false),
            ("localhost.evil.example", false, false), ("", false, false), ("0.0.0.0", false, false),
        ])
    func addresses(_ host: String, isLoopback: Bool, isLinkLocal: Bool) {
        #expect(LocalAddress.isLoopback(host) == isLoopback)
        #expect(LocalAddress.isLinkLocal(host) == isLinkLocal)
    }
}
