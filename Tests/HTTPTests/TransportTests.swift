import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import HTTP

/// The production transport against a server that misbehaves. Only the tests of the timeout have a short one.
@Suite struct TransportTests {
    /// The result of a request.
    private typealias Outcome = Result<HTTPReply, TransportError>

    private func settings(maximumBodySize: Int = 100_000) -> TransportSettings {
        var settings = TransportSettings.patient
        settings.maximumBodySize = maximumBodySize
        return settings
    }

    private func exchange(
        port: Int, target: String = "/x", headers: [(name: String, value: String)] = [],
        timeout: Duration = .farOff, maximumBodySize: Int = 100_000
    ) async throws -> Outcome {
        let transport = AsyncHTTPTransport(settings(maximumBodySize: maximumBodySize))
        let address = try BaseURL("http://127.0.0.1:\(port)")
        let outcome: Outcome
        do throws(TransportError) {
            outcome = .success(
                try await transport.send(
                    HTTPRequest(to: address, target: target, headers: headers), timeout: timeout))
        } catch {
            outcome = .failure(error)
        }
        await transport.shutdown()
        return outcome
    }

    private func expectFailure(
        _ kind: TransportError.Kind, _ message: String, of outcome: Outcome,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard case .failure(let error) = outcome else {
            Issue.record("it succeeded", sourceLocation: sourceLocation)
            return
        }
        #expect(error.kind == kind, sourceLocation: sourceLocation)
        #expect(error.message.contains(message), "\(error.message)", sourceLocation: sourceLocation)
    }

    @Test("a complete answer is returned with its status, headers and body")
    func wholeAnswer() async throws {
        try await FaultServer.run(.response("404 Not Found", headers: "opc-request-id: A/B\r\n")) { server in
            let reply = try await exchange(port: server.port).get()
            #expect(reply.status == 404)
            #expect(reply.requestID == "A/B")
            #expect(reply.body == Array(#"{"items":[]}"#.utf8))
        }
    }

    @Test(
        "a status outside 100–599 is rejected before it reaches the library",
        arguments: ["000 Nothing", "000", "099 Low", "600 High", "999 Higher"])
    func impossibleStatus(_ status: String) async throws {
        try await FaultServer.run(.response(status), .response("200 OK")) { server in
            expectFailure(.malformedResponse, "impossible status", of: try await exchange(port: server.port))
        }
    }

    @Test(
        "an answer that is not HTTP is rejected",
        arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc OK\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "{\"items\":[]}"])
    func notHTTP(_ bytes: String) async throws {
        try await FaultServer.run(.text(bytes), .close) { server in
            guard case .failure(let error) = try await exchange(port: server.port) else {
                Issue.record("it succeeded")
                return
            }
            #expect([.malformedResponse, .connectionLost].contains(error.kind), "\(error)")
        }
    }

    @Test("informational answers before the final one are ignored")
    func informational() async throws {
        let early = "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
        try await FaultServer.run(.text(early), .text(early), .response("200 OK")) { server in
            let reply = try await exchange(port: server.port).get()
            #expect(reply.status == 200)
        }
    }

    @Test("a connection that ends in the head or body is an error, not an empty answer")
    func dropped() async throws {
        let cuts = [
            "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"items\":[",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"ite",
        ]
        for cut in cuts {
            try await FaultServer.run(.text(cut), .close) { server in
                expectFailure(.connectionLost, "closed before", of: try await exchange(port: server.port))
            }
        }
    }

    @Test("a server that never answers causes a timeout")
    func hang() async throws {
        try await FaultServer.run { server in
            let outcome = try await exchange(port: server.port, timeout: .milliseconds(200))
            expectFailure(.timedOut, "no complete answer within 200 ms", of: outcome)
        }
    }

    @Test("a body that arrives too slowly is cut off at the timeout")
    func trickle() async throws {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"
        try await FaultServer.run(.text(head), .trickle) { server in
            let outcome = try await exchange(port: server.port, timeout: .milliseconds(200))
            expectFailure(.timedOut, "within 200 ms", of: outcome)
        }
    }

    @Test("a body larger than the limit is rejected, with or without a content-length")
    func hugeBody() async throws {
        let body = [UInt8](repeating: 0x20, count: 200_000)
        try await FaultServer.run(.response("200 OK", body: body)) { server in
            expectFailure(.responseTooLarge, "larger than 100000 bytes", of: try await exchange(port: server.port))
        }
        try await FaultServer.run(.text("HTTP/1.1 200 OK\r\n\r\n"), .send(body), .close) { server in
            expectFailure(.responseTooLarge, "larger than", of: try await exchange(port: server.port))
        }
    }

    /// 128 KiB of spaces before an empty list, compressed by gzip.
    private static let bomb = Data(
        base64Encoded:
            "H4sIAAAAAAACA+3BsREAEBAAsFX+fgyrOKVCoaJzdldYI0kEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwHdy7D5XltruA1tgMmUMAAIA"
    )

    @Test("a compressed answer is decompressed up to the limit, and a decompression bomb stops there")
    func compressed() async throws {
        let bomb = try #require(Self.bomb)
        try await FaultServer.run(.response("200 OK", headers: "content-encoding: gzip\r\n", body: Array(bomb))) {
            server in
            let whole = try await exchange(port: server.port, maximumBodySize: 200_000).get()
            #expect(whole.body.count == 131_084)
            #expect(String(decoding: whole.body.suffix(12), as: UTF8.self) == #"{"items":[]}"#)
            expectFailure(.responseTooLarge, "larger than", of: try await exchange(port: server.port))
        }
    }

    @Test("an answer that claims to be compressed and is not is reported")
    func falselyCompressed() async throws {
        try await FaultServer.run(.response("200 OK", headers: "content-encoding: gzip\r\n")) { server in
            expectFailure(.malformedResponse, "cannot be inflated", of: try await exchange(port: server.port))
        }
    }

    @Test("a redirect is returned, and the signed header is sent nowhere else")
    func redirect() async throws {
        try await FaultServer.run(.response("200 OK")) { elsewhere in
            let location = "location: http://127.0.0.1:\(elsewhere.port)/x\r\n"
            try await FaultServer.run(.response("307 Temporary Redirect", headers: location)) { server in
                let reply = try await exchange(port: server.port, headers: [("authorization", "Signature secret")])
                    .get()
                #expect(reply.status == 307)
                #expect(server.requests.count == 1)
            }
            #expect(elsewhere.requests.isEmpty)
        }
    }

    @Test("a port where nothing listens is reported as refused, at once")
    func refused() async throws {
        try await FaultServer.run { server in
            // The local port of a client: nothing listens there, and no other test can start to.
            let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: server.port).get()
            let port = try #require(client.localAddress?.port)
            expectFailure(.connectionRefused, "refused", of: try await exchange(port: port))
            try await client.close().get()
        }
    }

    @Test("a name that cannot be resolved is reported as such")
    func unknownName() async throws {
        // A label of more than 63 letters is invalid, so that no resolver is needed.
        let host = String(repeating: "a", count: 64) + ".invalid"
        let address = try BaseURL("https://\(host)")
        let transport = AsyncHTTPTransport(settings())
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(HTTPRequest(to: address, target: "/x"), timeout: .farOff)
        }
        #expect(error == TransportError(.nameResolution, "the name \(host) was not found"))
        await transport.shutdown()
    }

    @Test("a change of any one byte of an answer gives an answer or an error")
    func garbled() async throws {
        let answer = Array(
            ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: identity\r\n"
                + "transfer-encoding: chunked\r\nopc-next-page: t\r\n\r\n6\r\n{\"item\r\n6\r\ns\":[]}\r\n0\r\n\r\n")
                .utf8)
        var ended = 0
        for index in answer.indices {
            var garbled = answer
            // Changes each position once, each to another byte.
            garbled[index] = UInt8(truncatingIfNeeded: index &* 37 &+ 11)
            let script = index.isMultiple(of: 2) ? garbled : Array(garbled[..<index])
            try await FaultServer.run(.send(script), .close) { server in
                if case .success(let reply) = try await exchange(port: server.port) {
                    #expect(100...599 ~= reply.status)
                }
                ended += 1
            }
        }
        #expect(ended == answer.count)
    }

    @Test("a server without TLS is reported as such")
    func notTLS() async throws {
        let answer = FaultServer.Step.text("HTTP/1.1 400 Bad Request\r\n\r\n")
        try await FaultServer.run(answer, .close, awaitingHead: false) { server in
            let address = try BaseURL("https://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(settings())
            let error = await #expect(throws: TransportError.self) {
                try await transport.send(
                    HTTPRequest(
                        to: address, target: "/x", headers: [("authorization", "Signature secret")]), timeout: .farOff)
            }
            #expect(error?.kind == .tls)
            #expect(error?.message == "the port does not speak TLS")
            #expect(!server.requests.joined().contains("secret"))
            await transport.shutdown()
        }
    }

    @Test("a cancelled call returns at once")
    func cancelled() async throws {
        try await FaultServer.run { server in
            let address = try BaseURL("http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(settings())
            let task = Task {
                try await transport.send(HTTPRequest(to: address, target: "/x"), timeout: .farOff)
            }
            while server.requests.isEmpty { await Task.yield() }
            task.cancel()
            let error = await #expect(throws: TransportError.self) { try await task.value }
            #expect(error?.kind == .cancelled)
            await transport.shutdown()
        }
    }

    @Test("shutting down cancels the running calls, can be done twice, and makes later calls fail")
    func shutdown() async throws {
        try await FaultServer.run { server in
            let address = try BaseURL("http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(settings())
            let task = Task {
                try await transport.send(HTTPRequest(to: address, target: "/x"), timeout: .farOff)
            }
            while server.requests.isEmpty { await Task.yield() }
            await transport.shutdown()
            await transport.shutdown()
            await #expect(throws: TransportError.self) { try await task.value }
            await #expect(throws: TransportError.self) {
                try await transport.send(HTTPRequest(to: address, target: "/x"), timeout: .farOff)
            }
        }
    }

    @Test("one connection serves all requests, one after the other")
    func oneConnection() async throws {
        try await FaultServer.run(.response("200 OK")) { server in
            let address = try BaseURL("http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(.patient)
            for _ in 0..<20 {
                _ = try await transport.send(HTTPRequest(to: address, target: "/x"), timeout: .farOff)
            }
            await transport.shutdown()
            #expect(server.requests.count == 20)
            #expect(server.connections == 1)
        }
    }
}
