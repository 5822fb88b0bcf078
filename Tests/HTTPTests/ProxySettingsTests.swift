import Foundation
import Testing

@testable import HTTP

@Suite("The proxy")
struct ProxySettingsTests {
    @Test("is read from the environment, with its credentials, which no message shows")
    func read() throws {
        let proxy = try #require(
            try ProxySettings(environment: ["HTTPS_PROXY": "http://me%40x:hunter2@proxy.example.com:8080/"]))
        #expect(proxy.address == "http://proxy.example.com:8080")
        #expect(proxy.credentials?.user == "me@x")
        #expect(proxy.credentials?.password == "hunter2")
        var dumped = ""
        dump(proxy, to: &dumped)
        #expect(!"\(proxy) \(String(reflecting: proxy)) \(dumped)".contains("hunter2"))
        #expect(try ProxySettings(environment: ["https_proxy": "proxy"])?.address == "http://proxy:3128")
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": "http://[::1]:1"])?.address == "http://[::1]:1")
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": ""]) == nil)
    }

    @Test(
        "of another kind, or with an invalid URL, is rejected without showing its credentials",
        arguments: [
            "socks5://me:hunter2@proxy:1", "https://me:hunter2@proxy", "http://", "http://me:hunter2@",
        ])
    func refused(text: String) throws {
        let error = #expect(throws: Trouble.self) { try ProxySettings(environment: ["HTTPS_PROXY": text]) }
        #expect(error?.problem.contains("HTTPS_PROXY") == true)
        #expect(error?.problem.contains("hunter2") == false)
    }

    @Test(
        "is not used for the hosts in NO_PROXY, nor for the local machine",
        arguments: [
            ("aidp.example.com", 443, true), ("example.com", 443, false), ("", 443, true), ("deep.lab.org", 443, false),
            ("lab.org", 443, false), ("other.org", 443, true), ("other.org", 8443, false), ("127.0.0.1", 443, false),
            ("localhost", 443, false), ("169.254.169.254", 80, false), ("::1", 443, false), ("LOCALHOST", 443, false),
            ("127.evil.example", 443, true), ("169.254.evil.example", 443, true), ("169.255.0.1", 443, true),
            ("EXAMPLE.com", 443, false), ("example.com", 8443, true), ("other.org", 443, true),
            ("notlab.org", 443, true),
        ])
    func exceptions(host: String, port: Int, isUsed: Bool) throws {
        let environment = ["HTTPS_PROXY": "http://proxy", "NO_PROXY": "example.com:443, .lab.org ,other.org:8443"]
        let proxy = try #require(try ProxySettings(environment: environment))
        #expect(proxy.isUsed(forHost: host, port: port) == isUsed)
        let none = try #require(try ProxySettings(environment: ["HTTPS_PROXY": "http://proxy", "NO_PROXY": "*"]))
        #expect(!none.isUsed(forHost: host, port: port))
    }
}

@Suite("The details of a proxy")
struct ProxyDetailTests {
    @Test("its credentials become one header, percent-decoded, and plain http never uses the proxy")
    func authorization() throws {
        let proxy = try #require(try ProxySettings(environment: ["HTTPS_PROXY": "http://me%40x:p%3A@proxy"]))
        #expect(proxy.authorization == "Basic bWVAeDpwOg==")
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": "http://proxy"])?.authorization == nil)
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": "http://me@proxy"])?.authorization == "Basic bWU6")
        #expect(proxy.isUsed(for: try BaseURL("https://aidp.example.com")))
        #expect(!proxy.isUsed(for: try BaseURL("http://127.0.0.1")))
        #expect(!proxy.isUsed(for: try BaseURL("https://127.0.0.1")))
    }

    @Test("the upper-case variable takes precedence, and an empty one counts as not set")
    func variables() throws {
        func host(_ variables: [String: String]) throws -> String? { try ProxySettings(environment: variables)?.host }
        #expect(try host(["HTTPS_PROXY": "http://a", "https_proxy": "http://b"]) == "a")
        #expect(try host(["HTTPS_PROXY": "", "https_proxy": "http://b"]) == "b")
        let proxy = try ProxySettings(environment: ["HTTPS_PROXY": "http://a", "no_proxy": " , Example.COM"])
        #expect(proxy?.isUsed(forHost: "example.com", port: 443) == false)
        #expect(proxy?.isUsed(forHost: "example.org", port: 443) == true)
    }
}
