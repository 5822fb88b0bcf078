import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@testable import AIDP

@Suite("The user agent")
struct UserAgentTests {
    @Test("is runtop's own, followed by the user's addition, made safe for a header")
    func text() {
        let own = UserAgent.text(version: "1.2.3", environment: [:])
        #expect(own.hasPrefix("runtop/1.2.3 ("))
        #expect(own.hasSuffix("; Swift)"))
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

    @Test("is written for each attempt, without page tokens, signatures or retry tokens")
    func records() async throws {
        let observer = Observer()
        let transport = ScriptedTransport([
            .error(503, "Busy", "later", ["opc-request-id": "A/B"]), .fails(.connectionLost, "it broke"),
            .reply(
                200, #"{"items":[]}"#,
                ["date": "Tue, 03 Nov 2026 08:04:05 GMT", "set-cookie": "secret", "opc-next-page": "secret"]),
        ])
        let client = AIDPClient(
            endpoint: try .test(), authenticator: .standIn(), settings: ClientSettings(), transport: transport,
            dependencies: TestTime().dependencies, observer: observer)
        _ = try await client.listJobs(ListJobsRequest(page: "token+/=of the service"))
        let records = observer.exchanges.map(\.record)
        #expect(records.map(\.attempt) == [1, 2, 3])
        #expect(records.map(\.outcome) == [.answered(status: 503), .failed("it broke"), .answered(status: 200)])
        #expect(records[0].opcRequestID == "A/B")
        #expect(records[2].opcRequestID == nil)
        #expect(records[2].serverDate == Date(timeIntervalSince1970: 1_793_693_045))
        #expect(records.allSatisfy { $0.line.hasPrefix("GET /20260430/") })
        #expect(records.allSatisfy { $0.line.contains("page=…&") })
        let headers = observer.exchanges.flatMap { $0.requestHeaders + $0.replyHeaders }
        #expect(headers.contains { $0.name == "authorization" && $0.value == "(redacted)" })
        #expect(!headers.contains { $0.value.contains("Signature") || $0.value.contains("secret") })
        #expect(headers.contains { $0.name == "opc-next-page" && $0.value == "(redacted)" })
        #expect(records[0].sentRequestID == String(repeating: "F", count: 32))
        #expect(records[1].bytes == 0)
        #expect(records[2].bytes == 12)
        #expect(records[2].line.hasSuffix(" 200 in 0 ms, attempt 3"))
        #expect(records[1].line.hasSuffix(" it broke in 0 ms, attempt 2"))
    }
}
