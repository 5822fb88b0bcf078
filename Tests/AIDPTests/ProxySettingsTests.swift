import Foundation
import HTTP
import Synchronization
import Testing

@testable import AIDP

@Suite("The proxy")
struct ProxySettingsTests {
    @Test("is read from the environment, with its credentials, which nothing shows")
    func read() throws {
        let proxy = try #require(
            try ProxySettings(environment: ["HTTPS_PROXY": "http://me%40x:hunter2@proxy.example.com:8080/"]))
        #expect(proxy.address == "http://proxy.example.com:8080")
        #expect(proxy.credentials?.user == "me@x" && proxy.credentials?.password == "hunter2")
        var dumped = ""
        dump(proxy, to: &dumped)
        #expect(!"\(proxy) \(String(reflecting: proxy)) \(dumped)".contains("hunter2"))
        #expect(try ProxySettings(environment: ["https_proxy": "proxy"])?.address == "http://proxy:3128")
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": "http://[::1]:1"])?.address == "http://[::1]:1")
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": ""]) == nil)
    }

    @Test(
        "of another kind, or that is no URL, is refused without its credentials",
        arguments: [
            "socks5://me:hunter2@proxy:1", "https://me:hunter2@proxy", "http://", "http://me:hunter2@",
        ])
    func refused(text: String) throws {
        let error = #expect(throws: Trouble.self) { try ProxySettings(environment: ["HTTPS_PROXY": text]) }
        #expect(error?.problem.contains("HTTPS_PROXY") == true && error?.problem.contains("hunter2") == false)
    }

    @Test(
        "is not used for what NO_PROXY names, nor for this machine",
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

@Suite("A proxy's details")
struct ProxyDetailTests {
    @Test("its credentials go into one header, percent-decoded, and plain http never goes through it")
    func authorization() throws {
        let proxy = try #require(try ProxySettings(environment: ["HTTPS_PROXY": "http://me%40x:p%3A@proxy"]))
        #expect(proxy.authorization == "Basic bWVAeDpwOg==")
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": "http://proxy"])?.authorization == nil)
        #expect(try ProxySettings(environment: ["HTTPS_PROXY": "http://me@proxy"])?.authorization == "Basic bWU6")
        #expect(proxy.isUsed(for: try BaseURL("https://aidp.example.com")))
        #expect(!proxy.isUsed(for: try BaseURL("http://127.0.0.1")))
        #expect(!proxy.isUsed(for: try BaseURL("https://127.0.0.1")))
    }

    @Test("the upper-case variable goes first, and an empty one counts as not set")
    func variables() throws {
        func host(_ variables: [String: String]) throws -> String? { try ProxySettings(environment: variables)?.host }
        #expect(try host(["HTTPS_PROXY": "http://a", "https_proxy": "http://b"]) == "a")
        #expect(try host(["HTTPS_PROXY": "", "https_proxy": "http://b"]) == "b")
        let proxy = try ProxySettings(environment: ["HTTPS_PROXY": "http://a", "no_proxy": " , Example.COM"])
        #expect(proxy?.isUsed(forHost: "example.com", port: 443) == false)
        #expect(proxy?.isUsed(forHost: "example.org", port: 443) == true)
    }
}

@Suite("The name runtop gives")
struct UserAgentTests {
    @Test("is its own, and what the operator adds, made fit for a header")
    func text() {
        let own = UserAgent.text(version: "1.2.3", environment: [:])
        #expect(own.hasPrefix("runtop/1.2.3 (") && own.hasSuffix("; Swift)"))
        let added = UserAgent.text(
            version: "1", environment: ["OCI_SDK_APPEND_USER_AGENT": "ops\r\nX: y\u{1F600} team"])
        #expect(added.hasSuffix("; Swift) ops X: y team"))
        let long = UserAgent.text(
            version: "1", environment: ["OCI_SDK_APPEND_USER_AGENT": String(repeating: "x", count: 300)])
        #expect(long.hasSuffix(") " + String(repeating: "x", count: 200)))
        #expect(UserAgent.text(version: "1", environment: ["OCI_SDK_APPEND_USER_AGENT": " \t "]).hasSuffix("; Swift)"))
    }
}

@Suite("The record of a request")
struct RequestRecordTests {
    private final class Observer: RequestObserver {
        private let seen = Mutex<[RecordedExchange]>([])
        var exchanges: [RecordedExchange] { seen.withLock { $0 } }
        func attemptEnded(_ exchange: RecordedExchange) { seen.withLock { $0.append(exchange) } }
    }

    @Test("is one for each attempt, without page tokens, signatures or retry tokens")
    func records() async throws {
        let observer = Observer()
        let transport = ScriptedTransport([
            .error(503, "Busy", "later", ["opc-request-id": "A/B"]), .fails(.connectionLost, "it broke"),
            .reply(
                200, #"{"items":[]}"#,
                ["date": "Tue, 03 Nov 2026 08:04:05 GMT", "set-cookie": "secret", "opc-next-page": "secret"]),
        ])
        let client = AIDPClient(
            endpoint: try .test(), settings: ClientSettings(), signing: .standIn(), transport: transport,
            dependencies: TestTime().dependencies, observer: observer)
        _ = try await client.listJobs(ListJobsRequest(page: "token+/=of the service"))
        let records = observer.exchanges.map(\.record)
        #expect(records.map(\.attempt) == [1, 2, 3])
        #expect(records.map(\.outcome) == [.answered(status: 503), .failed("it broke"), .answered(status: 200)])
        #expect(records[0].opcRequestID == "A/B" && records[2].opcRequestID == nil)
        #expect(records[2].serverDate == Date(timeIntervalSince1970: 1_793_693_045))
        #expect(records.allSatisfy { $0.line.hasPrefix("GET /20260430/") && $0.line.contains("page=…&") })
        let headers = observer.exchanges.flatMap { $0.requestHeaders + $0.replyHeaders }
        #expect(headers.contains { $0.name == "authorization" && $0.value == "(redacted)" })
        #expect(!headers.contains { $0.value.contains("Signature") || $0.value.contains("secret") })
        #expect(headers.contains { $0.name == "opc-next-page" && $0.value == "(redacted)" })
        #expect(records[0].sentRequestID == String(repeating: "F", count: 32) && records[1].bytes == 0)
        #expect(records[2].bytes == 12)
        #expect(
            records[2].line.hasSuffix(" 200 in 0 ms, attempt 3")
                && records[1].line.hasSuffix(" it broke in 0 ms, attempt 2"))
    }
}
