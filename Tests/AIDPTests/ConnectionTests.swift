import Foundation
import NIOCore
import Testing

@testable import AIDP

/// The client and a server of the tests, over real sockets.
@Suite("Connections")
struct ConnectionTests {
    /// Whether this machine has IPv6 at all.
    private static let hasIPv6 = (try? SocketAddress(ipAddress: "::1", port: 0)).map { address in
        let socket = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        return address.withSockAddr { bind(socket, $0, socklen_t($1)) } == 0
    }

    @Test("an IPv6 address is reached, and named in brackets", .enabled(if: hasIPv6 == true, "no IPv6 here"))
    func ipv6() async throws {
        try await FaultServer.run(.response("200 OK"), host: "::1") { server in
            let endpoint = try Endpoint(baseURL: "http://[::1]:\(server.port)", instanceID: "i", workspaceKey: "w")
            let client = AIDPClient(
                endpoint: endpoint, settings: .patient, signing: .standIn(),
                transport: AsyncHTTPTransport(base: endpoint.base, settings: .patient), dependencies: .live)
            _ = try await client.listJobs(ListJobsRequest())
            await client.shutdown()
            #expect(server.requests.first?.contains("host: [::1]:\(server.port)\r\n") == true)
        }
    }

    @Test("one connection serves every request in turn")
    func oneConnection() async throws {
        try await FaultServer.run(.response("200 OK")) { server in
            let endpoint = try Endpoint.test(port: server.port)
            let transport = AsyncHTTPTransport(base: endpoint.base, settings: .patient)
            for _ in 0..<20 {
                _ = try await transport.send(HTTPRequest(target: "/x", headers: []), timeout: .farOff)
            }
            await transport.shutdown()
            #expect(server.requests.count == 20)
            #expect(server.connections == 1)
        }
    }
}
