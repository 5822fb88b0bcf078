import Foundation
import HTTP
import NIOCore
import TestSupport
import Testing

@testable import AIDP

/// The requests of the client, as a server on loopback receives them.
@Suite("Requests on the wire")
struct WireTests {
    /// Whether this machine supports IPv6.
    private static let hasIPv6 = (try? SocketAddress(ipAddress: "::1", port: 0)).map { address in
        let socket = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        return address.withSockAddr { bind(socket, $0, socklen_t($1)) } == 0
    }

    @Test("an IPv6 address works, in brackets in the host header", .enabled(if: hasIPv6 == true, "no IPv6 here"))
    func ipv6() async throws {
        try await FaultServer.run(.response("200 OK"), host: "::1") { server in
            let endpoint = try Endpoint(baseURL: "http://[::1]:\(server.port)", instanceID: "i", workspaceKey: "w")
            let client = AIDPClient(
                endpoint: endpoint, authenticator: .standIn(), settings: .patient, dependencies: .live)
            _ = try await client.listJobs(ListJobsRequest())
            await client.shutdown()
            #expect(server.requests.first?.contains("host: [::1]:\(server.port)\r\n") == true)
        }
    }

    @Test("the target is sent byte for byte, with the headers as they were signed")
    func bytesOnTheWire() async throws {
        let every = String(decoding: UInt8.min ... .max, as: UTF8.self) + "\u{0}\u{FFFF}😀a/../b//c"
        let endpoint = try Endpoint(
            baseURL: "http://127.0.0.1", instanceID: every, workspaceKey: "..a/./..")
        let target = endpoint.target(.recentJobRuns, query: [QueryItem("jobKey", every), QueryItem("page", "")])
        try await FaultServer.run(.response("200 OK")) { server in
            let transport = AsyncHTTPTransport(.patient)
            _ = try await transport.send(
                HTTPRequest(
                    to: BaseURL("http://127.0.0.1:\(server.port)"), target: target,
                    headers: [
                        ("host", "127.0.0.1:\(server.port)"), ("date", "now"), ("authorization", "Signature x=\"y\""),
                    ]), timeout: .farOff)
            await transport.shutdown()
            let head = try #require(server.requests.first)
            let lines = head.components(separatedBy: "\r\n")
            #expect(lines.first == "GET \(target) HTTP/1.1")
            #expect(lines.filter { $0.lowercased().hasPrefix("host:") } == ["host: 127.0.0.1:\(server.port)"])
            #expect(lines.contains("authorization: Signature x=\"y\""))
            #expect(server.requests.count == 1)
        }
    }

    @Test("a connection is reused for the next request")
    func keptAlive() async throws {
        try await FaultServer.run(.response("200 OK")) { server in
            let client = AIDPClient(
                endpoint: try .test(port: server.port), authenticator: .standIn(), settings: .patient,
                dependencies: .live)
            for _ in 1...3 { _ = try await client.listJobs(ListJobsRequest()) }
            #expect(server.requests.count == 3)
            #expect(server.connections == 1)
            await client.shutdown()
        }
    }
}
