import HTTP
import Testing

@testable import OCIAuth

@Suite("Local addresses")
struct LocalAddressTests {
    @Test(
        "are this machine, or link-local, by their numbers and never by how a name begins",
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

    @Test(
        "are the only ones that plain http is accepted for",
        arguments: [
            ("https://auth.example.com", "https://auth.example.com"),
            ("https://auth.example.com/", "https://auth.example.com"),
            ("http://169.254.169.254/opc/v2", "http://169.254.169.254/opc/v2"), ("http://[::1]:80/", "http://[::1]:80"),
            ("HTTP://127.3.2.1", "HTTP://127.3.2.1"), ("http://169.254.evil.example", nil),
            ("http://127.evil.example", nil),
            ("http://auth.example.com", nil), ("ftp://127.0.0.1", nil), ("https://", nil), ("auth.example.com", nil),
            ("https://me@auth.example.com", nil), ("https://auth.example.com?x", nil),
            ("https://auth.example.com#x", nil),
        ] as [(String, String?)])
    func services(_ url: String, _ expected: String?) {
        #expect((try? ServiceAddress.checked(url, from: "V")) == expected)
    }

    @Test("the variable of an address that cannot be used is named")
    func named() {
        let clear = #expect(throws: CredentialsError.self) {
            try ServiceAddress.checked("http://auth.example.com", from: "OCI_METADATA_BASE_URL")
        }
        #expect(clear?.problem == "OCI_METADATA_BASE_URL is not https.")
        let nothing = #expect(throws: CredentialsError.self) { try ServiceAddress.checked("x", from: "V") }
        #expect(nothing?.problem == "V is not a URL.")
    }
}
