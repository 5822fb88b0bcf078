import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import AIDPSimulator

@Suite("The host name of a request") struct HostTests {
    /// The status of a request with a host name.
    private func status(_ host: String, of session: Session) async throws -> Int {
        var request = HTTPClientRequest(url: "http://\(session.host)/opc/v2/instance/id")
        request.headers.add(name: "host", value: host)
        request.headers.add(name: "authorization", value: "Bearer Oracle")
        return Int(try await HTTPClient.shared.execute(request, timeout: .minutes(10)).status.code)
    }

    @Test("must be the local machine, or a name that the settings allow; any port is accepted")
    func names() async throws {
        let instance = try ComputeInstance(tenancy: "t", region: "iad", issued: tuesday)
        try await withSimulator { settings in
            settings.instance = instance
            settings.hosts = ["aidp.runtop.test"]
        } body: { session async throws in
            for host in [
                session.host, "127.0.0.1", "localhost:\(session.port)", "LocalHost", "[::1]:\(session.port)", "[::1]",
                "127.0.0.1:9000", "aidp.runtop.test", "AIDP.runtop.test:443",
            ] { #expect(try await status(host, of: session) == 200, "\(host)") }
            for host in [
                "evil.example", "evil.example:\(session.port)", "127.0.0.1.evil.example", "localhost.evil.example",
                "[::2]", "[::1", "[::1]evil", "127.0.0.1:evil", "127.0.0.2", "runtop.test", "0.0.0.0",
            ] { #expect(try await status(host, of: session) == 421, "\(host)") }
            #expect(await session.simulator.requestsServed == 9, "the others are refused before anything else")
        }
    }

    @Test("is rejected with an error body and a request id")
    func refusal() async throws {
        try await withSimulator { session async throws in
            var request = HTTPClientRequest(url: "http://\(session.host)/")
            request.headers.add(name: "host", value: "evil.example")
            let response = try await HTTPClient.shared.execute(request, timeout: .minutes(10))
            let body = String(buffer: try await response.body.collect(upTo: 1 << 20))
            #expect(body.contains("MisdirectedRequest"))
            #expect(response.headers["opc-request-id"].count == 1)
        }
    }
}

@Suite("A simulator that stops")
struct StopTests {
    @Test("closes the connections that it was just accepting", .timeLimit(.minutes(10)))
    func accepting() async throws {
        for _ in 0..<50 {
            let connecting = try await withSimulator { session in
                (0..<16).map { _ in
                    ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .connect(host: "127.0.0.1", port: session.port)
                }
            }
            for connection in connecting {
                // A connection that comes too late is refused, which is also correct.
                guard let channel = try? await connection.get() else { continue }
                // The system may accept a connection that the server does not, and then refuse only the data sent on it.
                channel.writeAndFlush(ByteBuffer(string: "G"), promise: nil)
                try await channel.closeFuture.get()
            }
        }
    }
}
